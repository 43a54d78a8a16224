"""From a text to its kind."""

# ruff: noqa: E501, ISC004, Q000, Q003  # samples read better on one line each

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom_core.detection import KINDS, detect
from headroom_core.router import COMPRESSORS

PROSE = "The committee met again in the spring, and after some hours of talk it agreed to wait for the report of its members.\n"
NAMES = ("Ada", "Grace", "Edsger", "Barbara")
SAMPLES = {
    "json": ['{"a": [1, 2]}', '[{"id": 1},\n {"id": 2}]', "[1, 2, 3]", '{\n  "broken": [1, 2', "[]", '["a"]'],
    "jsonl": ['{"a": 1}\n{"a": 2}\n{"a": 3}\n', "[1, 2]\n[3, 4]\n"],
    "yaml": [
        "name: ci\non: [push]\njobs:\n  test:\n    runs-on: linux\n    steps:\n      - uses: checkout\n      - run: make\n",
        "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n    - port: 80\n",
        "- name: install\n  apt:\n    name: git\n- name: start\n  service:\n    name: web\n    state: started\n",
    ],
    "toml": ['[project]\nname = "x"\nversion = "1"\n\n[tool.x]\nlevel = 3\nwords = ["a", "b"]\n'],
    "ini": [
        "[server]\nhost = localhost\nport = 80\n; a remark\n[client]\nretry = yes please\nname = some one\n",
        "PATH=/usr/bin\nHOME=/root\nLANG=C\nEDITOR=vi\n",
    ],
    "csv": [
        "date,store,total\n" + "".join(f"2026-01-{n:02},s{n % 3},{n * 7}\n" for n in range(1, 29)),
        'id,said\n' + "".join(f'{n},"well, then"\n' for n in range(20)),
        "a;b;c\n" + "".join(f"{n};{n * 2};x\n" for n in range(20)),
    ],
    "tsv": ["name\tsize\n" + "".join(f"file{n}\t{n}\n" for n in range(20))],
    "table": ["| a | b |\n|---|---|\n" + "".join(f"| {n} | x |\n" for n in range(20)), "a | b\n--|--\n1 | 2\n3 | 4\n"],
    "log": [
        "".join(f"2026-11-03 10:00:{n:02} INFO worker {n} started\n" for n in range(30)),
        "".join(f"Nov  3 10:00:{n:02} host sshd[{n}]: session opened for user u{n}\n" for n in range(30)),
        "".join(f"[{n:2}.000123] usb 1-{n}: new device\n" for n in range(30)),
        "".join(f"INFO: step {n} done\nWARN: slow\n" for n in range(15)),
        "".join(f'10.0.0.{n} - - [03/Nov/2026:10:00:{n:02} +0000] "GET /a/{n} HTTP/1.1" 200 {n * 7}\n' for n in range(30)),
    ],
    "traceback": [
        'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    main()\n  File "a.py", line 2, in main\n    x()\n'
        "NameError: name 'x' is not defined\n",
        'Exception in thread "main" java.lang.IllegalStateException: no\n\tat a.B.c(B.java:10)\n\tat a.B.main(B.java:3)\n',
        "TypeError: x is not a function\n    at main (/srv/a.js:3:5)\n    at Object.<anonymous> (/srv/a.js:9:1)\n",
        "panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/a.go:5 +0x1d\nruntime.main()\n\t/usr/local/go/src/runtime/proc.go:267\n",
    ],
    "build": [
        "============================= test session starts =============================\ncollected 3 items\n\ntest_a.py ..F\n",
        "   Compiling serde v1.0.1\n   Compiling app v0.1.0 (/srv)\nerror[E0308]: mismatched types\n  --> src/main.rs:3:5\n",
        "[INFO] Scanning for projects...\n[INFO] Building app 1.0\n[ERROR] COMPILATION ERROR\n[INFO] BUILD FAILURE\n",
        "gcc -c a.c -o a.o\na.c:3:5: error: expected ';'\na.c:9:1: warning: unused variable\nmake: *** [a.o] Error 1\n",
        "npm WARN deprecated a@1.0.0\nnpm ERR! code ERESOLVE\nnpm ERR! could not resolve\n",
        "test_add (tests.T) ... ok\ntest_sub (tests.T) ... FAIL\n\nRan 2 tests in 0.01s\n\nFAILED (failures=1)\n",
    ],
    "search": [
        "".join(f"src/a{n % 3}.py:{n}:    call({n})\n" for n in range(1, 20)),
        "src/a.py\n3:one\n9:two\n\nsrc/b.py\n1:three\n7:four\n",
        "".join(f"a.c-{n}-x\na.c:{n + 1}:match\n--\n" for n in range(9)),
    ],
    "diff": [
        "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-one\n+two\n three\n",
        "commit 04f66f993cc650be48ab472bbf41f5e9b568ff38\nAuthor: A <a@b>\n\n    Say\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-one\n+two\n",
    ],
    "html": [
        "<!DOCTYPE html>\n<html><body><p>x</p></body></html>",
        "<div><p>one</p><ul><li>two</li><li>three</li></ul><a href='x'>y</a></div>",
    ],
    "xml": ['<?xml version="1.0"?>\n<a><b>1</b></a>', '<feed xmlns="x">\n<entry><id>1</id></entry>\n<entry><id>2</id></entry>\n</feed>'],
    "code": [
        "import os\n\n\ndef main():\n    for name in os.listdir():\n        print(name)\n\n\nif __name__ == '__main__':\n    main()\n",
        "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(1)\n\tif err != nil {\n\t\treturn\n\t}\n}\n",
        "#!/bin/sh\necho one\n",
        "#include <stdio.h>\n\nint main(void)\n{\n    printf(\"x\");\n    return 0;\n}\n",
        "import logging\n\nlog = logging.getLogger()\n\ndef run():\n    log.info('INFO 2026-01-01 started')\n    log.error('ERROR no')\n    return 1\n",
        "export const a = 1;\nexport function b() {\n  return a;\n}\nconst c = () => {\n  b();\n};\n",
    ],
    "markdown": [
        f"# Title\n\n{PROSE}\n## Next\n\n- one\n- two\n",
        f"{PROSE}\n```\n2026-11-03 10:00:00 INFO a log in a fence\n```\n{PROSE}",
        f"{PROSE}\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        f"{PROSE}<output>\nx\n</output>\n",
        f'{PROSE}{{\n  "a": 1\n}}\n',
    ],
    "transcript": [
        "User: What is the state?\nAssistant: All is well.\nUser: And the tests?\nAssistant: They pass.\n",
        "".join(f"{NAMES[n % 4]}: I would say that this is number {n} of our points.\n" for n in range(12)),
    ],
    "terminal": [
        "$ ls\na b\n$ cat a\nhello\n",
        ">>> 1 + 1\n2\n>>> x\nTraceback (most recent call last):\nNameError\n",
        "root@host:/srv# ls\na\nroot@host:/srv# pwd\n/srv\n",
    ],
    "text": [
        PROSE * 30,
        "",
        " \n\n",
        "".join(f"2026-01-{n % 28 + 1:02} {NAMES[n % 4]} {'abcdefghij'[n % 10]}sked {n} {'klmno'[n % 5]}thers {PROSE[n % 90:]}" for n in range(60)),
        "Ask at the info desk about the error. A warning was given, and the failure is known.\n" + PROSE * 9,
        "1, 2, and 3 are numbers, as they say.\nSo are 4, 5, and 6, of course.\n" * 9 + PROSE,
        "Dear all,\n\nplease find below what we said: it is not much.\n\nRegards,\nAda\n",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SAMPLES.items() for text in texts])
def test_each_kind_is_told_by_its_look(kind, text):
    """The kind is named, with a reason in words."""
    found = detect(text)

    assert found.kind == kind, found
    assert found.reason


def test_every_compressor_takes_a_kind_that_is_told_apart():
    """The router has no compressor that nothing leads to."""
    assert set(COMPRESSORS) <= set(KINDS)


def test_code_has_its_language():
    """Where it is plain, the language of code is named."""
    assert [detect(text).language for text in SAMPLES["code"][:3]] == ["python", "go", "bash"]


def test_what_stands_far_behind_the_start_is_not_looked_at():
    """A long text takes no longer than its sample."""
    short, long = SAMPLES["log"][0] * 40, SAMPLES["log"][0] * 20_000

    assert _seconds(long) < 5 * _seconds(short) + 0.01


def _seconds(text):
    best = 9.0
    for _ in range(3):
        start = time.perf_counter()
        detect(text)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.parametrize(
    "unit", ["a", " ", "-", "|", ":", "1", "<", "<a ", "#", "`", "a-1-", "a:1:", '"', "\\", "[", "{", "at ", "a b ", "=", "\t", ",", "__", "a.", "$ "]
)  # fmt: skip
def test_no_line_takes_long(unit):
    """However hostile, the sample is soon looked at, as one line and as many."""
    line = unit * (300_000 // len(unit))
    lines = (unit * (400 // len(unit)) + "\n") * 700

    assert _seconds(line) < 0.25
    assert _seconds(lines) < 0.5


@given(
    text=st.text(max_size=300)
    | st.lists(st.sampled_from([s for texts in SAMPLES.values() for s in texts]), max_size=4).map("".join)
)
def test_any_text_has_a_kind(text):
    """Detection raises for nothing."""
    assert detect(text).kind in KINDS


@given(rows=st.lists(st.fixed_dictionaries({"id": st.integers(), "name": st.text(max_size=9)}), min_size=1, max_size=30))
def test_json_is_json_however_it_is_written(rows):
    """Spaces and line ends change no kind."""
    for indent in (None, 1, 4):
        assert detect(json.dumps(rows, indent=indent)).kind == "json"
