"""What compilers and test runners say about what is wrong."""

import time

import pytest

from headroom_core.compressors.log.diagnostics import find_diagnostics
from headroom_core.compressors.log.source import Source

PYTEST = """=================================== FAILURES ===================================
___________________________________ test_sum ___________________________________

    def test_sum():
        cart = [1, 2]
>       assert sum(cart) == 4
E       assert 3 == 4
E        +  where 3 = sum([1, 2])

tests/test_cart.py:5: AssertionError
=========================== short test summary info ============================
FAILED tests/test_cart.py::test_sum - assert 3 == 4
========================= 1 failed, 12 passed in 0.12s =========================
"""
RUSTC = """   Compiling shop v0.1.0
error[E0308]: mismatched types
  --> src/main.rs:3:18
   |
3  |     let n: u32 = "x";
   |            ---   ^^^ expected `u32`, found `&str`

error: could not compile `shop`
"""
GCC = "gcc -c a.c\na.c:3:5: error: expected ';'\n     int a\n        ^\nb.c:9:1: note: see here\nmake: *** [a.o] Error 1\n"


def kept(text):
    """Return level and kept lines of each block."""
    lines = text.split("\n")
    return [(block.level, [lines[number].strip() for number in block.kept]) for block in find_diagnostics(Source(text, lines))]


def test_a_failed_test_keeps_what_is_needed_to_repair_it():
    """Name, assertion, values and place are kept, and the lines that conclude."""
    found = kept(PYTEST)

    assert found[0][0] == "error"
    assert found[0][1][0].strip("_ ") == "test_sum"
    for said in ("E       assert 3 == 4", "E        +  where 3 = sum([1, 2])", "tests/test_cart.py:5: AssertionError"):
        assert said in found[0][1]
    assert ("summary", ["FAILED tests/test_cart.py::test_sum - assert 3 == 4"]) in found
    assert found[-1][1][0].strip("= ") == "1 failed, 12 passed in 0.12s"


def test_a_message_of_a_compiler_keeps_its_place_and_its_source():
    """The lines below a message belong to it."""
    assert kept(RUSTC)[0] == ("error", [line.strip() for line in RUSTC.split("\n")[1:6]])
    assert kept(GCC)[0] == ("error", ["a.c:3:5: error: expected ';'", "int a", "^"])
    assert kept(GCC)[-1] == ("summary", ["make: *** [a.o] Error 1"])


@pytest.mark.parametrize(
    "line",
    [
        "Ran 12 tests in 0.012s",
        "FAILED (failures=1, errors=2)",
        "[INFO] BUILD FAILURE",
        "[ERROR] Tests run: 7, Failures: 1, Errors: 0, Skipped: 0",
        "test result: FAILED. 3 passed; 1 failed",
        "Finished: SUCCESS",
        "npm ERR! code ERESOLVE",
    ],
)
def test_lines_that_conclude_are_summaries(line):
    """What a run came to is known by its last words."""
    assert kept(f"some words\n{line}\n") == [("summary", [line])]


WHOLE = {
    "go build": ("# example.com/x\n./main.go:12:3: undefined: foo\n"),
    "ts": ("src/a.ts(12,3): error TS2322: Type 'string' is not assignable to type 'number'.\n"),
    "ts pretty": (
        "src/a.ts:12:3 - error TS2322: Type 'string' is not assignable to type 'number'.\n"
        "\n"
        "12   const x: number = y;\n"
        "           ~\n"
        "\n"
        "Found 1 error in src/a.ts:12\n"
    ),
    "gcc": (
        "a.c: In function 'main':\n"
        "a.c:12:3: error: 'x' undeclared (first use in this function)\n"
        "   12 |   x = 3;\n"
        "      |   ^\n"
        "make[1]: *** [Makefile:10: a.o] Error 1\n"
    ),
    "clang old": ("a.c:12:3: error: use of undeclared identifier 'x'\nx = 3;\n^\n1 error generated.\n"),
    "gcc warning": ("a.c:12:3: warning: unused variable 'x' [-Wunused-variable]\n"),
    "javac": (
        "src/A.java:12: error: cannot find symbol\n"
        "        foo();\n"
        "        ^\n"
        "  symbol:   method foo()\n"
        "  location: class A\n"
        "1 error\n"
    ),
    "maven": (
        "[INFO] BUILD FAILURE\n"
        "[ERROR] Failed to execute goal x: Compilation failure\n"
        "[ERROR] /a/B.java:[12,3] cannot find symbol\n"
        "[ERROR]   symbol: method foo()\n"
    ),
    "npm": ("npm ERR! code ELIFECYCLE\nnpm ERR! errno 1\nnpm ERR! app@1.0.0 test: `jest`\nnpm ERR! Exit status 1\n"),
    "jest": (
        "FAIL src/a.test.js\n"
        "  ● adds\n"
        "\n"
        "    expect(received).toBe(expected)\n"
        "\n"
        "    Expected: 3\n"
        "    Received: 4\n"
        "\n"
        "      > 5 |   expect(add(1,2)).toBe(3)\n"
        "\n"
        "      at Object.<anonymous> (src/a.test.js:5:22)\n"
        "\n"
        "Tests:       1 failed, 1 total\n"
    ),
    "gradle": (
        "FooTest > adds FAILED\n"
        "    org.opentest4j.AssertionFailedError at FooTest.java:12\n"
        "\n"
        "* What went wrong:\n"
        "Execution failed for task ':test'.\n"
        "\n"
        "BUILD FAILED in 3s\n"
    ),
    "cmake": ("CMake Error at CMakeLists.txt:12 (find_package):\n  Could not find a package\n\n"),
    "rustc": (
        "error[E0308]: mismatched types\n"
        " --> src/main.rs:2:18\n"
        "  |\n"
        '2 |     let x: i32 = "a";\n'
        "  |            ---   ^^^ expected `i32`, found `&str`\n"
        "\n"
        'error: could not compile `x` (bin "x") due to 1 previous error\n'
    ),
    "eslint": ("/a/b.js\n  12:3  error  'x' is not defined  no-undef\n\n✖ 1 problem (1 error, 0 warnings)\n"),
    "msbuild": ("a.cs(12,3): error CS0103: The name 'x' does not exist\n    0 Warning(s)\n    1 Error(s)\n"),
}
"""Messages of which every line tells."""


@pytest.mark.parametrize("tool", WHOLE)
def test_every_line_of_a_message_is_kept(tool):
    """What is wrong is told with its place, its source and what it belongs to."""
    said = [line.strip() for line in WHOLE[tool].split("\n") if line.strip()]

    assert [line for _, lines in kept(WHOLE[tool]) for line in lines] == said


def test_a_failed_test_of_go_keeps_its_messages():
    """The indented lines below a failed test are what it reported."""
    text = (
        "=== RUN   TestAdd\n--- FAIL: TestAdd (0.00s)\n"
        "    add_test.go:12: Add(1, 2) = 4, want 3\nFAIL\nFAIL\texample.com/add\t0.004s\n"
    )

    assert ("error", ["--- FAIL: TestAdd (0.00s)", "add_test.go:12: Add(1, 2) = 4, want 3"]) in kept(text)


def test_warnings_of_one_text_are_alike_wherever_they_stand():
    """The place of a warning does not make it another one; the place of an error does."""
    warnings = "a.c:1:2: warning: unused variable 'x'\nb.c:3:4: warning: unused variable 'x'\n"
    errors = warnings.replace("warning", "error")

    assert len({block.signature for block in find_diagnostics(Source(warnings, warnings.split(chr(10))))}) == 1
    assert len({block.signature for block in find_diagnostics(Source(errors, errors.split(chr(10))))}) == 2


def test_a_level_in_brackets_is_no_failed_build():
    """`[ERROR]` is of a build only where the text says that it is one."""
    assert kept("[ERROR] no room\n[ERROR] no room\n") == []


def test_a_log_that_names_levels_is_no_test():
    """ERROR before a message is a level, ERROR before a test is a failure."""
    assert kept("ERROR: [X1] no room\nERROR: [X2] no room\n") == []


@pytest.mark.parametrize(
    "hostile",
    [
        "error: x\n",
        "___ a ___\n",
        "=" * 70 + "\n",
        "a:1: error: ",
        "FAIL: a (b)\n",
        "E  \n",
        "passed =",
        "\u25cf at ((((((((((",
        "npm ERR! x\n",
        "a:1: warning: x\n^\n",
    ],
)
def test_time_grows_with_the_text(hostile):
    """Twice the text takes about twice the time."""

    def seconds(text):
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            find_diagnostics(Source(text, text.split("\n")))
            best = min(best, time.perf_counter() - start)
        return best

    text = "= FAILURES =\n\nFAIL: \nerror[E1]\n" + hostile * (200_000 // len(hostile))
    assert seconds(text + text) < 3.5 * seconds(text) + 0.05
