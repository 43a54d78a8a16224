"""What the package does to the process it runs in: next to nothing."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import headroom_core

ROOT = Path(headroom_core.__file__).parents[1]


def run(program, *flags, **environment):
    """Run a program in a new process that has this package, and return what it printed."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    done = subprocess.run(
        [sys.executable, *flags, "-c", textwrap.dedent(program)],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": path, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_imports_nothing_heavy():
    """`import headroom_core` loads no tokenizer, no event loop, no numerics and no framework."""
    loaded = json.loads(run("import sys, json; import headroom_core; print(json.dumps(sorted(sys.modules)))"))
    heavy = {
        "aiohttp",
        "asyncio",
        "autogen_agentchat",
        "autogen_core",
        "crewai",
        "httpx",
        "importlib.metadata",
        "langchain_core",
        "langgraph",
        "multiprocessing",
        "numpy",
        "pydantic",
        "pytest",
        "requests",
        "socket",
        "ssl",
        "tiktoken",
        "torch",
        "transformers",
        "tree_sitter",
        "unittest",
        "urllib.request",
    }

    assert heavy.isdisjoint(loaded)


def test_importing_takes_under_a_tenth_of_a_second(tmp_path):
    """The best of up to 40 runs of a compiled package, in time of its own, because a busy machine makes many of them slow."""
    program = "import time; start = time.process_time(); import headroom_core; print(time.process_time() - start)"
    compiled = {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    taken = (float(run(program, **compiled)) for _ in range(40))

    assert any(seconds < 0.1 for seconds in taken)


def test_importing_changes_nothing_in_the_process():
    """No warning filter, no log handler, no thread, no environment variable, no line of output."""
    program = """
        import json, logging, os, sys, threading, warnings
        before = (list(warnings.filters), list(logging.getLogger().handlers), threading.active_count(), dict(os.environ))
        import headroom_core
        after = (list(warnings.filters), list(logging.getLogger().handlers), threading.active_count(), dict(os.environ))
        assert before == after
        assert sys.excepthook is sys.__excepthook__
    """

    assert run(program) == ""


@pytest.mark.parametrize("argument", ["-O", "-W error"])
def test_it_imports_under_any_flags(argument):
    """With assertions off, and with every warning an error."""
    assert run("import headroom_core, headroom_core.testing, headroom_core.handoff", *argument.split(" ", 1)) == ""


def test_originals_never_touch_the_disk_nor_the_network():
    """A whole session opens no file for writing, opens no connection and starts no process."""
    program = """
        import sys
        seen = []
        def hook(event, args):
            if event == "open":
                path, mode, flags = args
                if (isinstance(mode, str) and set(mode) & set("wax+")) or (mode is None and flags & 0b11):
                    seen.append((event, str(path), str(mode)))
            elif event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.mkdir",
                                   "os.rename", "os.remove", "shutil.", "tempfile.", "sqlite3.", "urllib.", "http.")):
                seen.append((event, str(args)[:80], ""))
        sys.addaudithook(hook)

        import json
        from headroom_core import SharedContext, compress
        from headroom_core.handoff import read_for_agent
        rows = json.dumps([{"id": n, "status": "ok", "secret": "hunter2"} for n in range(400)])
        ctx = SharedContext("gpt-4o")
        for key, text in (("json", rows), ("text", "plain words here\\n" * 900), ("short", "hunter2")):
            entry = ctx.put(key, text, agent="researcher")
            ctx.get(key), ctx.get(key, full=True), ctx.view(key, max_tokens=300), ctx.stats()
            for span in entry.omitted:
                ctx.read(span.reference)
                read_for_agent(ctx, span.reference)
        compress(rows)
        ctx.clear()
        print(seen)
    """

    assert run(program).strip() == "[]"


def test_the_version_is_that_of_the_distribution():
    """It is looked up when it is asked for, and says so where the package was never installed."""
    assert headroom_core.__version__
    assert run("import headroom_core; print(headroom_core.__version__)").strip() == headroom_core.__version__
