"""Logs as loggers, collectors and platforms write them: each is told for a log, and none loses what happened once."""

import json

import pytest

from headroom_core import SharedContext
from headroom_core.detection import detect

ONCE = ("cannot write the journal: disk full", "switching to the release of the spring", "the replica lags behind")
FORMATS = {
    "loguru": "2026-02-11 {time}.{ms} | {level:<8} | app.main:run:{place} - {said}",
    "python": "2026-02-11 {time},{ms} - app - {level} - {said}",
    "python, basic": "{level}:app.main:{said}",
    "log4j": "2026-02-11 {time},{ms} [main] {level}  c.a.Main - {said}",
    "celery": "[2026-02-11 {time},{ms}: {level}/MainProcess] {said}",
    "rails": "{initial}, [2026-02-11T{time}.{ms} #812]  {level:>5} -- : {said}",
    "serilog": "[{time} {level}] {said}",
    "zap": '2026-02-11T{time}.{ms}Z\t{level}\tserver/http.go:{place}\t{said}\t{{"id": {place}}}',
    "zap, plain": "2026-02-11T{time}.{ms}Z\t{level}\t{said}",
    "logfmt": 'level={lower} ts=2026-02-11T{time}Z caller=scrape.go:{place} msg="{said}"',
    "logfmt, short": 'level={lower} msg="{said}"',
    "android": "02-11 {time}.{ms}  812  840 {initial} AppTag: {said}",
    "postgres": "2026-02-11 {time}.{ms} UTC [812] user@db {level}:  {said}",
    "rfc 5424": "<134>1 2026-02-11T{time}.{ms}Z web01 app 812 - - {level} {said}",
    "compose": "web-{one}  | {time} {level} {said}",
    "compose of json": 'api-{one}  | {{"ts": "2026-02-11T{time}Z", "level": "{lower}", "msg": "{said}", "dur": {place}}}',
    "kubectl": "[pod/web-{one}/app] 2026-02-11T{time}Z {level} {said}",
    "heroku": "2026-02-11T{time}.{ms}+00:00 app[web.1]: {level} {said}",
    "docker": '{{"log":"{level} {said}\\n","stream":"stdout","time":"2026-02-11T{time}Z"}}',
    "iso, commas": '2026-02-11T{time}Z,{level},app,"{said}"',
    "bars": "2026-02-11 {time}|{level}|app.main|{said}",
    "semicolons": "2026-02-11 {time};{level};app;{said}",
}
"""A line of each format."""


def log_of(line, count=400):
    """Return a log with one error, one warning and one line of its own among what it says all the time."""
    lines = []
    for n in range(count):
        often = (
            f"request {n * 7919 % 9973} took {n * 37 % 60} ms",
            f"cache hit for user {n * 31 % 400}",
            f"session opened, id {n * 13 % 977}, from 10.0.{n % 7}.{n % 251}",
        )
        level, said = {
            count // 2: ("ERROR", ONCE[0]),
            count * 2 // 3: ("INFO", ONCE[1]),
            count * 3 // 4: ("WARN", ONCE[2]),
        }.get(n, ("INFO", often[n * n % 7 % 3]))
        time = f"08:{n // 60:02}:{n % 60:02}"
        facts = {"time": time, "ms": f"{n * 37 % 1000:03}", "place": 12 + n % 3, "one": n % 3}
        lines.append(line.format(level=level, lower=level.lower(), initial=level[0], said=said, **facts))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("wrap", [str, lambda text: json.dumps({"stdout": text, "exit_code": 1})], ids=["alone", "in JSON"])
@pytest.mark.parametrize("name", FORMATS)
def test_what_happened_once_is_shown(name, wrap):
    """An error, a warning and a message of its own stay in the view, whatever the format, also inside of JSON."""
    text = wrap(log_of(FORMATS[name]))
    ctx = SharedContext(model="gpt-4o")
    entry = ctx.put("log", text)

    assert [said for said in ONCE if said not in entry.compressed] == []
    assert entry.savings_percent > 60
    for span in entry.omitted:
        assert ctx.read(span.reference) == text[span.start : span.end]


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in {"docker", "compose of json"}])
def test_logs_of_all_formats_are_told_for_logs(name):
    """What tells a log stands at the start of its lines, and commas, bars and tabs in it make no table."""
    assert detect(log_of(FORMATS[name])).kind == "log"


def test_values_that_differ_among_equal_tracebacks_are_named():
    """Tracebacks that say the same are folded, and what they say of whom is told."""
    lines = log_of(FORMATS["python"]).splitlines()
    for n in range(6):
        trace = ["Traceback (most recent call last):", '  File "/app/pay.py", line 31, in load', "    raise Missing(number)"]
        lines[40 * n + 20 : 40 * n + 20] = [*trace, f"app.errors.MissingError: no invoice {1005 + n}"]
    entry = SharedContext(model="gpt-4o").put("log", "\n".join(lines))

    for n in range(6):
        assert str(1005 + n) in entry.compressed


def test_levels_are_counted_only_where_most_lines_have_one():
    """A build names few levels, and the rest of its errors in other words."""
    lines = [f"   Compiling part{n} v0.{n}.1" for n in range(300)]
    lines[100:100] = ["error[E0308]: mismatched types", " --> src/a.rs:3:18", "DEBUG linker called"]
    entry = SharedContext(model="gpt-4o").put("build", "\n".join(lines))

    assert " shapes" in entry.compressed.split("\n")[1]
    assert "DEBUG x" not in entry.compressed.split("\n")[1]
    assert "error[E0308]: mismatched types" in entry.compressed


def test_all_different_errors_are_shown():
    """However many errors of different shape there are, each is shown where no ceiling is set."""
    words = "amber birch cedar delta ember fjord grove haven islet jetty knoll larch".split()
    said = [
        f"{a} {b} broke the {b} of {a} while {b} and {a} were written to the {a} of {b} behind {a}"
        for a in words
        for b in words
        if a != b
    ]
    lines = log_of(FORMATS["python"], 300).splitlines()
    for n, one in enumerate(said):
        lines.insert(3 * n + 3, f"2026-02-11 09:00:00,000 - app - ERROR - {one}")
    entry = SharedContext(model="gpt-4o").put("log", "\n".join(lines))

    assert [one for one in said if one not in entry.compressed] == []
