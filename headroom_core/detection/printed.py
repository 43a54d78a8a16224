"""What tools print: diffs, search results, tracebacks, builds and tests, logs, terminals."""

from __future__ import annotations

import re
from collections import Counter

from headroom_core.detection.base import Detection, Sample

_HUNK = re.compile(r"@@{1,2} -\d+(?:,\d+)? .{0,60}@@")
_DIFF_HEAD = re.compile(r"(?:diff --git |diff -|Index: |--- \S|\+\+\+ \S)")
_COMMIT = re.compile(r"commit [0-9a-f]{7,40}\b")
_DIFF_LINE = re.compile(r"(?:[ +\-@\\]|diff |index |new file|deleted file|old mode|new mode|similarity|rename|Binary files)")

_MATCH = re.compile(
    r"(?:[\w./~^@{}-]{1,80}:(?=[^\d\s:]))??(?P<path>(?:[A-Za-z]:(?=[\\/]))?[^\s:|\"'()<>{}=;,]{1,200}):\d{1,7}:(?:\d{1,5}:)?(?P<text>.*)"
)
_CONTEXT = re.compile(r"(?:[^\s:|\"'()<>{}=;,]{1,200}?-\d{1,7}-.*|--$|\d{1,7}[-:].*|Binary file )")
_NUMBERED = re.compile(r"\d{1,7}[:-]")
_DIAGNOSIS = re.compile(
    r"\s?(?:fatal error|error|warning|note|info|convention|refactor|[A-Z]{1,4}\d{2,5})\b[: \[]", re.IGNORECASE
)
_PATHLIKE = re.compile(r"(?=.*[./\\])(?:[A-Za-z]:(?=[\\/]))?[^\s:]+$")
_LOG_FILE = re.compile(r".*\.(?:log|txt|out|err|jsonl?)(?:[.-]\d{1,8})?$")
"""Files whose lines open with a time, when a search finds them."""


_FRAME = re.compile(
    r"\s*(?:File \"[^\"]+\", line \d+|at [\w.$<>/\[\] -]+ ?\(.{0,200}\)|at (?:async )?\S+:\d+:\d+|at \S+ in \S+:line \d+"
    r"|\.\.\. \d+ more|Caused by: |goroutine \d+ \[|\t/\S+\.go:\d+|\s*\d+: +\S+::|\s+at \S+:\d+(?::\d+)?$)"
)
_RAISED = re.compile(
    r"(?:Traceback \(most recent call last\)|Exception in thread |panic: |thread '[^']*' \(?\d*\)? ?panicked at"
    r"|Unhandled exception"
    r"|(?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception)\b)"
)
_MARKED = re.compile(r"\s+[~^]+$")
_HEADS = ("Traceback (most recent call last)", "\tat ", "    at ", "goroutine ", "panicked at", "   at ")

_BUILD_LINES = (
    r"=+ (?:test session starts|FAILURES|ERRORS|short test summary info|\d+ (?:passed|failed).*) ?=+",
    r"(?:collected \d+ items?|platform \w+ -- Python)",
    r"(?:PASSED|FAILED|ERROR|SKIPPED|XFAIL) \S+::|\S+::\S+ (?:PASSED|FAILED|ERROR|SKIPPED)",
    r"\S+\.py [.FEsxX]{3,}",
    r"(?:Ran \d+ tests? in|FAILED \((?:failures|errors)=|System check identified|Creating test database)",
    r"\S+ \([\w.]+\) ?(?:\.\.\. )?(?:ok|FAIL|ERROR|skipped)?$|\S+ .{0,200}\.\.\. (?:ok|FAIL|FAILED|ERROR|skipped|PASS)",
    r"(?:ok|FAIL|---|===) +(?:\S+\s+(?:\(cached\)|[\d.]+s)|(?:PASS|FAIL|RUN|SKIP):?\s)",
    r"npm (?:ERR!|WARN|error|warn|notice)|added \d+ packages|> \S+@[\d.]+ \w+",
    r"\[(?:INFO|ERROR|WARNING)\](?: |$)(?:.*(?:BUILD|Building|Scanning|Compiling|Tests run|---|Reactor|Finished at)|-{5,}|$)",
    r"BUILD (?:SUCCESS|SUCCESSFUL|FAILED|FAILURE)|> Task :\S+|FAILURE: Build failed|\s*\[(?:javac|junit|mkdir|copy|exec|jar)\]",
    r"\s+(?:Compiling|Downloaded|Downloading|Checking|Finished|Running|Fresh|Updating) \S+ ?(?:v\d|`|\[|target)",
    r"(?:error|warning)(?:\[E\d+\])?: |\s+--> \S+:\d+:\d+",
    r"test \S+ \.\.\. (?:ok|FAILED|ignored)|test result: ",
    r"\S+:\d+(?::\d+)?: (?:fatal error|error|warning|note|style|performance|information)\b",
    r"(?:make|gmake|ninja)(?:\[\d+\])?: |\s*\[ *\d+%\] |\s*\[\d+/\d+\] ",
    r"(?:gcc|g\+\+|cc|clang|clang\+\+|ld|ar|javac|msbuild|cl|libtool|rustc|go) (?:-|--|/)",
    r"Started by (?:user|upstream|timer|an SCM|command)|Building (?:remotely |on |in workspace)",
    r"(?:Collecting|Requirement already satisfied:|Successfully installed|Installing collected packages) ?\S*",
    r"Step \d+/\d+ : |#\d+ (?:\[|DONE|CACHED|sha256:)|(?: ---> |Sending build context)",
    r"\s*(?:PASS|FAIL)\s+\S+\.(?:[jt]sx?|py|rb)|Tests:\s+\d+|Test Suites: ",
    r"\s+(?:[✓✔✕✗●]|\d+\)) ",
    r"\s*(?:Precompiling|Compiling|Linking|Building|Generating|Installing|Creating library) [^.]\S*[./]\S*|=+ Building: ",
    r"test_\w+(?: \([\w.]+\))? (?:ok|[EFfXsw])$|\s*(?:Total number of (?:errors|warnings):|\d+ errors? generated)",
    r"(?:checking (?:for|whether|how) .{0,100}\.\.\. |configure: )",
    r"(?:--|[EWINF]-)?[A-Z]{2,6}-\d{3,6}: ",
    r"\d+\. (?:WARNING|ERROR) in \S",
    r"error TS\d+|\S+\(\d+,\d+\): error",
    r"##\[(?:group|error|section|warning)\]|\[Pipeline\] ",
)
_BUILD = [re.compile(pattern) for pattern in _BUILD_LINES]
_ANY_BUILD = re.compile("|".join(f"(?:{pattern})" for pattern in _BUILD_LINES))

_CONCLUDED = re.compile(
    r"^(?:=+ test session starts =+|Ran \d+ tests? in [\d.]+s|(?:\[INFO\] )?BUILD (?:SUCCESS|SUCCESSFUL|FAILED|FAILURE)\b"
    r"|Finished: (?:SUCCESS|FAILURE|ABORTED|UNSTABLE)$|test result: (?:ok|FAILED)\.|npm ERR! code |={5,} tests finished: )",
    re.MULTILINE,
)
"""What only builds and tests say, once."""

_TIME = re.compile(
    r"[\[(<]?(?:\w+ )?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d[-/.]\d\d[-/.]\d{2,4}"
    r"|\d{2}/\w{3}/\d{4}"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2}|\d{1,2}[.-]\d\d|\d{10}(?:\.\d+)?\b|\d{6}[ T]\d{6}\b"
    r"|\d\d?:\d\d:\d\d"
    r"|\[ *\d+\.\d{6}\])"
)
_ACCESS = re.compile(r"\S{1,80} \S{1,80} \S{1,80} \[\d{2}/\w{3}/\d{4}:")
"""The log of a web server: client, identity, user and time."""

_TIME_OF_DAY = re.compile(r"\d{1,2}:\d\d(?::\d\d)|\b\d{6}\b|\b\d{10}\b|\[ *\d+\.\d{3,6}\]")
_LEVEL = re.compile(
    r".{0,80}?(?:\b(?:TRACE|DEBUG|INFO|INFORMATION|NOTICE|WARN|WARNING|ERROR|SEVERE|FATAL|CRITICAL|FINE|ERR|CRIT|EMERG|ALERT)\b"
    r"|[\[<(](?:trace|debug|info|notice|warn|warning|error|err|crit|fatal|critical)[\])>:]"
    r"|\blevel=\w+|^[IWEFDV]\d{4} |\"level\":)"
)
_LEVEL_FIRST = re.compile(r"\s*[\[<(]?(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|SEVERE|FATAL|CRITICAL)\b[\])>]?\s*[:|\s-]")
_DIGIT = re.compile(r"\d")

_PROMPT = re.compile(
    r"(?:\$ \S|>>> ?\S|In \[\d+\]: |PS [A-Za-z]:\\[^>]*> ?\S|[A-Za-z]:\\[^>]*>\S"
    r"|(?:\([\w.-]+\) )?[\w.-]+@[\w.-]+[: ][^#$\n]{0,80}[#$] ?\S"
    r"|(?:bash|sh)-[\d.]+[#$] ?\S)"
)

REPEATED = 3
"""Lines of one shape from which on the shape repeats."""


MANY = 20
"""Lines without times and levels of which most must repeat a shape."""


def diff(sample: Sample) -> Detection | None:
    """Unified diffs, with or without a commit before them."""
    hunks = sample.count(_HUNK)
    heads = sample.count(_DIFF_HEAD)
    if not heads or not (hunks or "\ndiff --git " in "\n" + sample.text):
        return None
    lines = sample.lines
    first = next(i for i, line in enumerate(lines) if _HUNK.match(line) or _DIFF_HEAD.match(line))
    body = lines[first:]
    led = first <= max(40, len(lines) // 4) or bool(_COMMIT.match(lines[0]))
    if led and sum(bool(_DIFF_LINE.match(line)) for line in body) * 10 >= len(body) * 8:
        return Detection("diff", f"{hunks} hunks of changes in the part looked at")
    return None


def search(sample: Sample) -> Detection | None:
    """Lines of files with their path and number, as grep and ripgrep print them."""
    lines = sample.lines
    found = [match for match in map(_MATCH.match, lines) if match and _PATHLIKE.match(match["path"])]
    if len(found) >= REPEATED:
        named = Counter(match["path"] for match in found)
        others = sum(bool(_CONTEXT.match(line)) for line in lines) if len(found) < len(lines) else 0
        diagnoses = sum(
            bool(_DIAGNOSIS.match(match["text"]) or (_TIME.match(match["text"]) and not _LOG_FILE.match(match["path"])))
            for match in found
        )
        if (len(found) + others) * 10 >= len(lines) * 9 and len(found) * 25 >= len(lines) and diagnoses * 2 < len(found):
            return Detection("search", f"{len(found)} of {len(lines)} lines are matches in {len(named)} files")
        return None
    numbered = sample.count(_NUMBERED)
    headings = sum(bool(_PATHLIKE.match(line)) and not _NUMBERED.match(line) for line in lines)
    separators = sum(line == "--" for line in lines)
    if (
        headings
        and numbered >= REPEATED
        and (numbered + headings + separators) * 20 >= len(lines) * 19
        and not _NUMBERED.match(lines[0])
    ):
        return Detection("search", f"{numbered} numbered lines under {headings} paths")
    return None


def traceback(sample: Sample) -> Detection | None:
    """Tracebacks and stack traces, alone or several in a row."""
    if not any(head in sample.text for head in _HEADS):
        return None
    frames = sample.count(_FRAME)
    raised = sum(bool(_RAISED.match(line)) for line in sample.lines)
    marked = sample.count(_MARKED)
    # A frame of Python takes two lines, the place and the source, and maybe one with marks below it.
    if frames >= 2 and raised and (2 * frames + raised + marked) * 10 >= len(sample.lines) * 6:  # noqa: PLR2004  # two frames
        return Detection("traceback", f"{frames} stack frames in {len(sample.lines)} lines")
    return None


def build(sample: Sample) -> Detection | None:
    """What builds, tests and package managers print."""
    lines = sample.lines
    concluded = _CONCLUDED.search(sample.text)
    if concluded:
        return Detection("build", f"says {concluded[0].strip()!r}")
    hits = [line for line in lines if _ANY_BUILD.match(line)]
    total = len(hits)
    if total < REPEATED or total * 12 < len(lines):
        return None
    ways = sum(any(pattern.match(line) for line in hits) for pattern in _BUILD)
    if ways > 1 or total * 3 >= len(lines):
        return Detection("build", f"{total} of {len(lines)} lines are those of builds and tests")
    return None


def stamped_log(sample: Sample) -> Detection | None:
    """Logs that are plain to see: nearly every line opens with a time, the first one too, and many name a level."""
    lines = sample.lines
    if len(lines) < 5 or not _TIME.match(lines[0]) or not _TIME.match(lines[-1]):  # noqa: PLR2004  # no shape can be told
        return None
    times = sum(bool(_TIME.match(line) and _TIME_OF_DAY.search(line, 0, 60)) for line in lines)
    if times * 10 < len(lines) * 8:
        return None
    levels = sample.count(_LEVEL)
    if levels * 5 >= len(lines):
        return Detection("log", f"{times} of {len(lines)} lines open with a time, {levels} name a level")
    return None


def log(sample: Sample) -> Detection | None:
    """Lines that open with a time or a level and repeat a few shapes."""
    lines = sample.lines
    if len(lines) < 5:  # noqa: PLR2004  # no shape can be told
        return None
    timed = [line for line in lines if _TIME.match(line) or _ACCESS.match(line)]
    times = sum(bool(_TIME_OF_DAY.search(line[:60])) for line in timed)
    levels = sample.count(_LEVEL)
    first = sample.count(_LEVEL_FIRST)
    if times * 2 >= len(lines) and levels * 5 >= len(lines):
        return Detection("log", f"{times} of {len(lines)} lines open with a time, {levels} name a level")
    if first * 2 >= len(lines):
        return Detection("log", f"{first} of {len(lines)} lines open with a level")
    labels = Counter(line.split(None, 1)[0] for line in lines)
    labelled = sum(count for label, count in labels.items() if count >= REPEATED and label.endswith((":", "]")))
    if labelled * 10 >= len(lines) * 6 >= MANY * 6:
        return Detection("log", f"{labelled} of {len(lines)} lines open with a label that repeats")
    repeated = _repeated(lines)
    if (len(timed) * 2 >= len(lines) and repeated * 10 >= len(lines) * 4) or repeated * 10 >= len(lines) * 6 >= MANY * 6:
        return Detection("log", f"{repeated} of {len(lines)} lines repeat a shape")
    return None


def _repeated(lines: list[str]) -> int:
    """Return how many lines have a shape that several have: their first words, but those with digits."""
    shapes = Counter(" ".join(["#" if _DIGIT.search(word) else word for word in line.split(None, 8)[:8]]) for line in lines)
    return sum(count for shape, count in shapes.items() if count >= REPEATED and "#" in shape and any(map(str.isalpha, shape)))


def terminal(sample: Sample) -> Detection | None:
    """Sessions of a shell or an interpreter: prompts, commands and what they printed."""
    prompts = sample.count(_PROMPT)
    if prompts >= 2 and (_PROMPT.match(sample.lines[0]) or prompts >= 4):  # noqa: PLR2004  # a prompt alone may be an example
        return Detection("terminal", f"{prompts} prompts with commands")
    if prompts == 1 and _PROMPT.match(sample.lines[0]) and not sample.lines[0].startswith(">>>"):
        return Detection("terminal", "opens with a prompt and a command")
    return None
