"""What compilers, test runners and build tools print when something is wrong: one table, a row for each form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "summary"]

BLOCK_LINES = 40
"""Lines of a block, at the most: what comes behind them is judged as lines of their own."""

SECTION_LINES = 2_000
"""Lines of a section that only in part tell, at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """
    A form of message.

    Attributes:
        needles: Texts of which each such message holds one; one that begins with a line feed opens its line.
        start: What the first line looks like. A group `level` says `error` or `warning`.
        level: How bad it is, where the first line does not say.
        needs: Texts of which the whole text must hold one, where the first line alone may mean other things.
        before: What lines directly above look like that belong to it.
        more: What further lines of the block look like. All lines of a block are kept.
        until: What the line behind the section looks like. A section may have long parts that tell little.
        kept: Which lines of a section are kept.
        signed: Which lines tell two sections apart, numbers in them left aside; None where each line is a fact of its own.
        most: Lines of the block or section, at the most.

    """

    needles: tuple[str, ...]
    start: re.Pattern[str]
    level: Level = "error"
    needs: tuple[str, ...] = ()
    before: re.Pattern[str] | None = None
    more: re.Pattern[str] | None = None
    until: re.Pattern[str] | None = None
    kept: re.Pattern[str] | None = None
    signed: re.Pattern[str] | None = None
    most: int = BLOCK_LINES


CARETS = re.compile(r"\s{0,300}[\^~][\^~ -]*\S?\s*$")
"""A line that points into the line of source above it."""

_C = re.compile
_ANY = _C(r".*\S")
_INDENTED = _C(r"\s+\S")
_FILE_LINE = r"(?:[A-Za-z]:)?[^\s:(\[][^:\n]{0,300}"

PATTERNS: tuple[Pattern, ...] = (
    # pytest, and sympy's runner
    Pattern(
        needles=("\n____", "\n_ ", "\n__ ", "\n___ ", "m____", "m_ "),
        start=_C(r"_+ \S.{0,300} _+\s*$"),
        until=_C(r"_{3,}|_+ \S.* _+\s*$|={3,}| tests finished: "),
        kept=_C(r'E(?:  |\s*$)|>|\S{1,300}\.py:\d+: |-+ Captured |\w[\w.]*(?:Error|Exception)\b|  File "'),
        signed=_C(r"E  |\S{1,300}\.py:\d+: |\w[\w.]*(?:Error|Exception)\b"),
        most=SECTION_LINES,
    ),
    Pattern(
        needles=("FAILED", "\nERROR ", "ERROR\x1b"),
        start=_C(r"(?:FAILED|ERROR) \S{0,300}(?:::|\.py\b)"),
        more=_C(r"(?:FAILED|ERROR) \S{0,300}(?:::|\.py\b)"),
        level="summary",
        most=120,
    ),
    Pattern(
        needles=(" passed", " failed", "no tests ran", " error", " deselected"),
        start=_C(r"(?:=+ )?(?:\d+ (?:passed|failed|errors?|skipped|xfailed|deselected)|no tests ran)\b.{0,200} in \d[\d.]*"),
        level="summary",
    ),
    Pattern(needles=("FAILED (",), start=_C(r"FAILED \("), level="summary"),
    Pattern(needles=("Finished: ",), start=_C(r"Finished: [A-Z_]{3,20}\s*$"), level="summary"),
    Pattern(
        needles=(" generated.", "\n1 error", " errors\n"),
        start=_C(r"\d+ (?:errors?|warnings?)(?: and \d+ errors?)?(?: generated\.)?\s*$"),
        level="summary",
    ),
    Pattern(needles=("!!! ",), start=_C(r"!{5,} .{1,200} !{5,}"), level="summary"),
    Pattern(
        needles=(" tests finished: ",),
        start=_C(r" tests finished: "),
        more=_C(r"\d+ exceptions|in [\d.]+ seconds"),
        level="summary",
    ),
    # unittest and Django
    Pattern(
        needles=("\nFAIL: ", "\nERROR: ", "Z FAIL: ", "Z ERROR: "),
        start=_C(r"(?:FAIL|ERROR): \w+ \("),
        more=_C(r"(?!-{9}|={9}).*\S"),
        most=6,
    ),
    Pattern(
        needles=("Ran ",),
        start=_C(r"Ran \d+ tests? in "),
        more=_C(r"\s*$|(?:OK|FAILED|NO TESTS RAN)\b"),
        level="summary",
        most=4,
    ),
    # Rust
    Pattern(
        needles=("error: ",),
        start=_C(r"error: (?:could not compile|aborting due to|test failed|failed to (?:run|compile)|process didn't exit)"),
        more=_C(r"For more information|Some errors have|Caused by:|  \S"),
        level="summary",
    ),
    Pattern(
        needles=("error: ", "error[", "warning: "),
        start=_C(r"(?P<level>error|warning)(?:\[\w{1,12}\])?: \S"),
        more=_C(r"\s*(?:\d+\s*)?\||\s*(?:-->|:::|= |\.\.\.$)|(?:note|help): "),
    ),
    Pattern(needles=("... FAILED",), start=_C(r"test \S.{0,300} \.\.\. FAILED"), more=_C(r"test \S.{0,300} \.\.\. FAILED")),
    Pattern(needles=("---- ",), start=_C(r"---- \S.{0,300} stdout ----$"), more=_C(r"(?!---- |failures:$).*\S")),
    Pattern(needles=("test result: ",), start=_C(r"test result: "), level="summary"),
    # Go
    Pattern(needles=("--- FAIL: ",), start=_C(r"\s{0,40}--- FAIL: "), more=_C(r"\s{4,}(?!--- PASS|=== )\S")),
    Pattern(needles=("FAIL\t", "FAIL\n"), start=_C(r"FAIL(?:\t.*|\s*)$"), more=_C(r"FAIL(?:\t.*|\s*)$"), level="summary"),
    Pattern(
        needles=(".go:",),
        start=_C(r"(?:vet: )?[\w./\\-]{1,300}\.go:\d+:\d+: "),
        before=_C(r"# \S"),
        more=_C(r"\t\S"),
    ),
    # JavaScript and TypeScript
    Pattern(needles=("npm ERR! code ", "npm error code "), start=_C(r"npm (?:ERR!|error) code "), level="summary"),
    Pattern(needles=("npm ERR!", "npm error"), start=_C(r"npm (?:ERR!|error)"), more=_C(r"npm (?:ERR!|error)"), signed=_ANY),
    Pattern(
        needles=("error TS", ": error ", ": warning ", ": fatal error "),
        start=_C(rf"{_FILE_LINE}(?:\(\d+(?:,\d+)*\) ?:|:\d+:\d+ -) (?:fatal )?(?P<level>error|warning) [A-Z]{{1,8}}\d+: "),
        more=_C(r"\s*$|\d+ +\S|  \s+\S"),
        most=8,
    ),
    Pattern(needles=("Found ",), start=_C(r"Found \d+ (?:errors?|problems?)\b"), level="summary"),
    Pattern(
        needles=("  error  ",),
        start=_C(r"\s{1,8}\d+:\d+\s{1,8}error\s"),
        before=_C(r"/?[\w@][^\s:]{0,300}\.\w{1,6}$"),
        more=_C(r"\s{1,8}\d+:\d+\s{1,8}(?:error|warning)\s"),
    ),
    Pattern(needles=(" problems (", " problem ("), start=_C(r"\S \d+ problems? \("), level="summary"),
    Pattern(
        needles=("\u25cf ",),
        start=_C(r"\s{0,8}\u25cf \S"),
        until=_C(r"\s{0,8}\u25cf \S|(?:Tests|Test Suites|FAIL|PASS):? "),
        kept=_C(
            r"\s{0,8}(?:expect\(|assert|Expected|Received|>? *\d+ \||\||[-+] \S|[\w.]{0,60}Error\b|Timeout|Cannot "
            r"|at [^(]{0,200}\((?!.{0,300}node_modules))"
        ),
        signed=_C(r"\s{0,8}(?:Expected|Received|[\w.]{0,60}Error\b)"),
        most=200,
    ),
    Pattern(
        needles=("Tests:", "Test Suites:", "Tests  ", "Test Files  "),
        start=_C(r"\s{0,8}(?:Tests|Test Suites|Test Files):? +.{0,200}\b(?:passed|failed|total)\b"),
        more=_C(r"\s{0,8}(?:Tests|Test Suites|Test Files):? +"),
        level="summary",
    ),
    Pattern(
        needles=("\nFAIL  ", "\nFAIL ", " FAIL "),
        start=_C(r"\s{0,2}FAIL {1,2}\S{1,300}\.[cm]?[jt]sx?\b"),
        more=_C(r"\u276f|AssertionError|[\w.]*Error: "),
    ),
    Pattern(needles=(" failing", " passing"), start=_C(r"\s{1,8}\d+ (?:passing|failing)\b"), level="summary"),
    # Java and Kotlin
    Pattern(
        needles=("[ERROR]",),
        start=_C(r"\[ERROR\] ?\S"),
        more=_C(r"\[ERROR\]|  symbol: |  location: "),
        needs=("[INFO] BUILD", "BUILD FAILURE", "COMPILATION ERROR", "Tests run: "),
        most=BLOCK_LINES,
    ),
    Pattern(
        needles=("<<< FAILURE!", "<<< ERROR!"),
        start=_ANY,
        more=_C(r"(?:[\w$]{1,60}\.){1,12}\w{1,60}(?:Error|Exception|Failure)\b|\s*expected:"),
    ),
    Pattern(
        needles=("BUILD ",),
        start=_C(r"(?:\[(?:INFO|ERROR)\] )?BUILD (?:SUCCESS|SUCCESSFUL|FAILED|FAILURE|UNSTABLE)\b"),
        level="summary",
    ),
    Pattern(needles=("Tests run: ",), start=_C(r"(?:\[\w{4,7}\] )?Tests run: (?!.*(?:Time elapsed|<<<))"), level="summary"),
    Pattern(
        needles=(" FAILED\n",),
        start=_C(r"\S.{0,200} > .{1,200} FAILED$|> Task \S+ FAILED$"),
        more=_C(r"    +(?!at )\S"),
        most=12,
    ),
    Pattern(needles=("* What went wrong:",), start=_C(r"\* What went wrong:"), more=_ANY, most=20),
    Pattern(needles=("e: file:", "e: /"), start=_C(r"e: (?:file://)?/\S")),
    # C, C++, javac, mypy and what else prints like them
    Pattern(
        needles=(" error: ", " warning: ", " fatal error: ", " error[", " internal compiler error: "),
        start=_C(rf"{_FILE_LINE}:\d+(?::\d+)?: (?:fatal |internal compiler )?(?P<level>error|warning)\b"),
        before=_C(
            r"In file included from |\s{4,}from \S"
            r"|\S.{0,300}: In [\w ]{0,40}(?:function|constructor|destructor|instantiation|lambda)"
        ),
        more=_C(r"\s*(?:\d+\s*)?\| ?|  (?:symbol|location|required|found): "),
        most=16,
    ),
    Pattern(
        needles=("undefined reference to", "ld returned", "undefined symbol"),
        start=_C(r".{0,300}(?:undefined (?:reference to|symbol)|error: ld returned)"),
    ),
    Pattern(needles=("*** ",), start=_C(r"\S{0,60}make(?:\.exe)?(?:\[\d+\])?: \*\*\* "), level="summary"),
    Pattern(needles=("CMake Error",), start=_C(r"CMake Error"), more=_C(r"\s*$|  +\S"), most=12),
    Pattern(needles=("ninja: ",), start=_C(r"ninja: (?:build stopped|error)"), level="summary"),
    # .NET, RSpec, PHPUnit, runners
    Pattern(
        needles=(" Error(s)", " Warning(s)"),
        start=_C(r"\s{1,8}\d+ (?:Error|Warning)\(s\)"),
        more=_C(r"\s{1,8}\d+ Error\(s\)"),
        level="summary",
    ),
    Pattern(needles=("- Failed: ",), start=_C(r"(?:Failed|Passed)!\s+- Failed: "), level="summary"),
    Pattern(needles=(" examples, ", " example, "), start=_C(r"\d+ examples?, \d+ failures?"), level="summary"),
    Pattern(needles=("Assertions: ", " assertions"), start=_C(r"Tests: \d+, Assertions: |OK \(\d+ tests?, "), level="summary"),
    Pattern(needles=("##[error]",), start=_C(r"##\[error\]"), signed=_ANY),
    Pattern(needles=(": exit ", ": FAIL code"), start=_C(r"\s{0,4}[\w-]{1,40}: (?:exit [1-9]|FAIL code)"), level="summary"),
)
"""Every form that is known. Where two take the same line, their blocks are joined."""
