"""What compilers and test runners say about what is wrong."""

import time

import pytest

from headroom_core.compressors.log.diagnostics import find_diagnostics

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
    return [(block.level, [lines[number].strip() for number in block.kept]) for block in find_diagnostics(text, lines)]


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


def test_a_log_that_names_levels_is_no_test():
    """ERROR before a message is a level, ERROR before a test is a failure."""
    assert kept("ERROR: [X1] no room\nERROR: [X2] no room\n") == []


@pytest.mark.parametrize(
    "hostile", ["error: x\n", "___ a ___\n", "=" * 70 + "\n", "a:1: error: ", "FAIL: a (b)\n", "E  \n", "passed ="]
)
def test_time_grows_with_the_text(hostile):
    """Twice the text takes about twice the time."""

    def seconds(text):
        best = 9.0
        for _ in range(3):
            start = time.perf_counter()
            find_diagnostics(text, text.split("\n"))
            best = min(best, time.perf_counter() - start)
        return best

    text = "= FAILURES =\n\nFAIL: \nerror[E1]\n" + hostile * (200_000 // len(hostile))
    assert seconds(text + text) < 3.5 * seconds(text) + 0.05
