"""A PostgreSQL of the tests' own."""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest


def _folders():
    """Yield the folders in which PostgreSQL's programs may be: of a package of PyPI, of the system, of the path."""
    package = importlib.util.find_spec("pgserver")
    if package is not None:
        yield Path(package.origin).parent / "pginstall/bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("postgres")
    if found is not None:
        yield Path(found).resolve().parent


def _nobody():
    """Return what makes a process run as nobody: PostgreSQL refuses to run as root."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415  # not on Windows

    user = pwd.getpwnam("nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _runs(folder, options):
    """Tell whether the programs of a folder are there and may be run."""
    command = [folder / "postgres", "--version"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, **options)
        return done.returncode == 0 and (folder / "initdb").exists()
    except OSError:
        return False


@pytest.fixture(scope="session")
def postgres():
    """Return how to reach a PostgreSQL that is started for these tests, on a socket in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="headroom-pg-"))  # short: the path of a socket may have about 100 characters
    options = {"cwd": folder, "env": {**os.environ, "LC_ALL": "C", "TZ": "UTC"}, **_nobody()}
    if "user" in options:
        os.chown(folder, options["user"], options["group"])
    try:
        programs = next((one for one in _folders() if _runs(one, options)), None)
        if programs is None:
            pytest.skip("PostgreSQL is not installed: neither `pip install pgserver`, nor a server of the system's")
        yield from _served(programs, folder, options)
    finally:
        shutil.rmtree(folder)


def _served(programs, folder, options):
    data = folder / "data"
    init = [programs / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    made = subprocess.run(init, check=False, capture_output=True, text=True, **options)
    assert made.returncode == 0, made.stderr
    settings = ["-k", folder, "-F", "-c", "listen_addresses=", "-c", "log_checkpoints=off", "-c", "logging_collector=off"]
    server = subprocess.Popen([programs / "postgres", "-D", data, *settings], stderr=subprocess.PIPE, text=True, **options)
    with server:
        lines = []
        for line in server.stderr:
            lines.append(line)
            if "ready to accept connections" in line:
                break
        else:
            pytest.fail("".join(lines))
        try:
            yield f"host={folder} user=tests dbname=postgres"
        finally:
            server.send_signal(signal.SIGINT)  # a fast shutdown, which ends connections
            server.communicate(timeout=60)
