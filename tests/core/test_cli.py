"""The command: what it prints where, what it refuses, and with which exit code."""

import io
import json
import os
import subprocess
import sys

import pytest

import headroom_core
from headroom_core import SharedContext
from headroom_core.cli import main
from headroom_core.cli.entry import MODEL

ROWS = [{"id": n, "service": f"svc-{n % 7}", "status": "ok", "latency_ms": 20 + n % 5} for n in range(500)]
ROWS[311] |= {"status": "error", "latency_ms": 9041}
TEXT = json.dumps(ROWS, indent=1)


@pytest.fixture
def file(tmp_path):
    """Return a JSON file that is worth compressing."""
    path = tmp_path / "checks.json"
    path.write_bytes(TEXT.encode())
    return path


@pytest.fixture
def run():
    """Return a function that runs the command and returns exit code, standard output and standard error."""

    def run(*arguments, stdin=None):
        old = sys.stdin
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin or b""), encoding="ascii")
        out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
        err = io.StringIO()
        streams = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = out, err
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as exc:
            code = exc.code
        finally:
            out.flush()
            sys.stdout, sys.stderr = streams
            sys.stdin = old
        return code, out.buffer.getvalue().decode("utf-8"), err.getvalue()

    return run


def test_compress_prints_the_view_and_what_it_saves_apart(run, file):
    """The view goes to standard output, where it can be piped; the numbers go to standard error."""
    code, out, err = run("compress", file, "--model", "gpt-4o")
    view = headroom_core.compress(TEXT, "gpt-4o")

    assert (code, out) == (0, view.text + "\n")
    assert f"tokens -> {view.tokens:,} (" in err
    assert "o200k_base, exact" in err
    assert view.transforms[0] in err


def test_compress_names_no_references(run, file):
    """Nothing is kept after the process, so no view promises a reading."""
    _, out, _ = run("compress", file, "--mode", "compact", "--max-tokens", "600")

    assert out.startswith("[view; omitted parts cannot be read]\n")


def test_compress_says_where_a_count_is_an_estimate(run, file):
    """The default model has no public tokenizer."""
    _, _, err = run("compress", file)

    assert "estimate for claude" in err
    assert "may count up to 30 % more" in err


def test_compress_says_why_a_payload_passes(run, tmp_path):
    """The note of the view is shown, and the payload is printed as it is."""
    path = tmp_path / "note.txt"
    path.write_text("The build is green.\n", encoding="utf-8")
    code, out, err = run("compress", path)

    assert (code, out) == (0, "The build is green.\n")
    assert "(0.0 % saved)" in err
    assert "note: a payload under 200 tokens passes as it is" in err


def test_compress_as_json_is_one_object_that_knows_all(run, file):
    """A program gets view, tokens, savings, transforms, notes, omitted parts and the counter from standard output alone."""
    code, out, err = run("compress", file, "--json", "--model", "gpt-4o", "--max-tokens", "600")
    told = json.loads(out)
    view = headroom_core.compress(TEXT, "gpt-4o", max_tokens=600)

    assert (code, err, out.count("\n")) == (0, "", 1)
    assert told["view"] == view.text
    assert told["tokens"]["view"] == view.tokens <= 600
    assert told["tokens"]["saved"] == told["tokens"]["original"] - view.tokens
    assert told["counter"] == {"name": "o200k_base", "exact": True, "margin": 0.0}
    assert told["transforms"] == view.transforms
    assert [(part["start"], part["end"]) for part in told["omitted"]] == [(span.start, span.end) for span in view.omitted]


def test_every_omitted_part_can_be_read_from_the_file(run, file):
    """What `compress` names as omitted, `read` prints exactly."""
    _, out, _ = run("compress", file, "--json", "--max-tokens", "600")
    omitted = json.loads(out)["omitted"]

    assert omitted
    for part in (omitted[0], omitted[len(omitted) // 2], omitted[-1]):
        assert run("read", file, part["part"]) == (0, TEXT[part["start"] : part["end"]], "")


def test_show_omitted_lists_every_part_with_its_length(run, file):
    """One line for each, under a line with the sum."""
    _, out, _ = run("compress", file, "--json", "--max-tokens", "600")
    omitted = json.loads(out)["omitted"]
    _, _, err = run("compress", file, "--max-tokens", "600", "--show-omitted")
    listed = [line for line in err.splitlines() if line.startswith("  ")]

    assert f"{len(omitted):,} parts omitted, {sum(part['end'] - part['start'] for part in omitted):,} of {len(TEXT):,}" in err
    assert len(listed) == len(omitted)
    assert all(line.startswith(f"  {part['part']}  ") for line, part in zip(listed, omitted, strict=True))


def test_report_says_what_was_kept(run, file):
    """A table on standard error, beside the view and its figures; the parts that it names can be read."""
    _, plain, _ = run("compress", file, "--max-tokens", "600")
    code, out, err = run("compress", file, "--max-tokens", "600", "--report")
    view = headroom_core.compress(TEXT, max_tokens=600)
    report = view.report(TEXT)

    assert (code, out) == (0, plain)
    assert str(report) in err
    assert report.numbers.omitted > 100
    fact = report.numbers.only_omitted[0]
    assert f"  {fact.text}  ({fact.part.label})" in err
    assert fact.text in run("read", file, fact.part.label)[1]


def test_report_is_part_of_what_a_program_gets(run, file):
    """With `--json` it stands in the object, and only where it was asked for."""
    _, out, err = run("compress", file, "--max-tokens", "600", "--json", "--report")
    report = headroom_core.compress(TEXT, max_tokens=600).report(TEXT)

    assert err == ""
    assert json.loads(out)["report"] == report.as_dict()
    assert "report" not in json.loads(run("compress", file, "--json")[1])


def test_compress_for_a_program_prints_json(run, file):
    """`--format json` is the view's own form, not a wrapping."""
    _, out, _ = run("compress", file, "--format", "json", "--max-tokens", "600")

    assert json.loads(out)


def test_standard_input_is_read_as_utf_8_whatever_the_locale(run):
    """`-` is standard input; its bytes are UTF-8 although the stream says ASCII."""
    code, out, _ = run("compress", "-", stdin="naïve — 漢字 \r\n".encode())

    assert (code, out) == (0, "naïve — 漢字 \r\n")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (["lines", "2-3"], "b\r\nc"),
        (["lines 2-99"], "b\r\nc\né\n"),
        (["chars 0-3"], "a\nb"),
        (["[lines 1-1 omitted]"], None),
    ],
)
def test_read_prints_the_part_and_nothing_else(run, tmp_path, asked, expected):
    """No line end is added or changed."""
    path = tmp_path / "a.txt"
    path.write_bytes("a\nb\r\nc\né\n".encode())
    code, out, _ = run("read", path, *asked)

    assert (code, out) == ((2, "") if expected is None else (0, expected))


def test_read_takes_rows_of_the_main_table_and_of_others(run, tmp_path):
    """As the views name them."""
    path = tmp_path / "two.json"
    path.write_text('{"big": [{"a": 1}, {"a": 2}, {"a": 3}], "list": [10, 20, 30]}', encoding="utf-8")

    assert run("read", path, "rows 2-2")[:2] == (0, '{"a": 2}')
    assert run("read", path, "rows 2-3 of /list")[:2] == (0, "20, 30")


def test_read_takes_the_reference_of_a_view_made_elsewhere(run, file):
    """A handle in front of the range must be that of the file."""
    ctx = SharedContext()
    entry = ctx.put("checks", TEXT)
    handle = entry.compressed.split(";")[0].removeprefix("[view of ")

    assert run("read", file, f"{handle} rows 312-312") == (0, ctx.read("checks", rows=(312, 312)), "")
    code, out, err = run("read", file, "000000000000 rows 312-312")
    assert (code, out) == (1, "")
    assert f"its handle is {handle}" in err


@pytest.mark.parametrize(
    ("asked", "hint"), [("rows 900-950", "counted from 1"), ("lines 9000-9001", "it has 3,002"), ("chars 5-5", "")]
)
def test_a_part_that_the_file_does_not_have_is_said(run, file, asked, hint):
    """Exit code 1, and what the file does have."""
    code, out, err = run("read", file, asked)

    assert (code, out) == (1, "")
    assert f"has no {asked}" in err
    assert hint in err


def test_count_says_how_it_counted(run, file):
    """For people, and as JSON."""
    expected = SharedContext(model="gpt-4o").counter.count(TEXT)

    assert run("count", file, "--model", "gpt-4o") == (0, f"{expected:,} tokens; counted with o200k_base, exact\n", "")
    assert json.loads(run("count", file, "--model", "gpt-4o", "--json")[1]) == {
        "tokens": expected,
        "counter": {"name": "o200k_base", "exact": True, "margin": 0.0},
    }


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.json", None, "no such file; check the name"),
        ("", None, "is a directory; give a file in it"),
        ("utf16.json", '{"a": 1}'.encode("utf-16"), "is not UTF-8: byte 0xff at offset 0"),
        ("latin1.txt", b"caf\xe9", "is not UTF-8: byte 0xe9 at offset 3"),
    ],
)
@pytest.mark.parametrize("command", [["compress"], ["count"], ["read"]])
def test_input_that_cannot_be_read_is_said_with_what_to_do(run, tmp_path, command, name, content, said):
    """Exit code 1, one line on standard error that names the file, nothing on standard output."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    code, out, err = run(*command, path, *(["lines 1-1"] if command == ["read"] else []))

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"headroom-core: {path}: ")
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["shrink"], "invalid choice: 'shrink'"),
        (["compress", "-", "--max-tokens", "0"], "must be a number of tokens, 1 or more, got '0'"),
        (["compress", "-", "--mode", "tiny"], "invalid choice: 'tiny'"),
        (["compress", "-", "--model", ""], "model must be the name of a model"),
        (["read", "-", "row 5"], "PART must be a part such as 'rows 12-604'"),
    ],
)
def test_bad_usage_is_exit_code_2(run, arguments, said):
    """As every command has it, and with what was expected."""
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert err.startswith("usage: headroom-core")
    assert said in err


def test_the_default_model_is_that_of_the_library(run, file):
    """The same payload costs the same on the command line."""
    told = json.loads(run("compress", file, "--json")[1])

    assert told["counter"]["name"] == SharedContext().counter.name
    assert MODEL in told["counter"]["name"]


def test_the_module_is_the_command():
    """`python -m headroom_core` works where the script is not on the path."""
    found = subprocess.run([sys.executable, "-m", "headroom_core", "--version"], capture_output=True, text=True, check=True)

    assert found.stdout == f"headroom-core {headroom_core.__version__}\n"


@pytest.mark.skipif(os.name == "nt", reason="needs a pipe whose reader goes away")
def test_a_reader_that_goes_away_is_no_error(file):
    """`headroom-core read big.json "lines 1-9000" | head` ends quietly."""
    command = [sys.executable, "-m", "headroom_core", "read", str(file), "lines 1-9000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        err = process.stderr.read()

    assert (process.returncode, err) == (141, b"")
