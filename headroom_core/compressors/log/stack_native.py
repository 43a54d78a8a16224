"""Stack traces of Go, Rust, Ruby and PHP."""

from __future__ import annotations

import re

from headroom_core.compressors.log.source import Source
from headroom_core.compressors.log.stacks import MESSAGE_LINES, Frame, Stack, bare, library_of

GO_NEEDLES = ("panic: ", "fatal error: ", "\ngoroutine ")
RUST_NEEDLES = (" panicked at ",)
RUBY_NEEDLES = ("\tfrom ", "        from ")
PHP_NEEDLES = ("#0 ",)

_GOROUTINE = re.compile(r"goroutine \d+ (?:gp=\S+ m=\S+ (?:mp=\S+ )?)?\[[^\]\n]{1,100}\]:?\s*$")
_GO_WHERE = re.compile(r"\s+(\S[^\n]{0,500}\.(?:go|s):\d+)(?: \+0x[0-9a-f]+)?\s*$")
_GO_STANDARD = re.compile(
    r"(?:created by )?(?P<package>runtime|testing|reflect|sync|net|syscall|internal/[\w/]{1,60}|database/sql"
    r"|encoding/\w{1,20})(?:/\w{1,40})?[.(]"
)
_RUST_PANIC = re.compile(r"\s{0,20}thread '[^'\n]{0,200}' (?:\(\d+\) )?panicked at ")
_RUST_FRAME = re.compile(r"\s{1,10}\d{1,5}: +(?:0x[0-9a-f]+ - )?(\S[^\n]{0,600})$")
_RUST_AT = re.compile(r"\s{6,40}at (\S[^\n]{0,500})$")
_RUST_STANDARD = re.compile(
    r"<?(?P<crate>std|core|alloc|test)::|(?:rust_begin_unwind|__rust|_?rust_panic|_start\b|__libc|__pthread|start_thread|clone3?$|main$)"
)
_RUBY_HEAD = re.compile(r"(\S[^\n:]{0,300}:\d+):in [`'][^'\n]{1,200}': [^\n]{1,400}$")
_RUBY_FRAME = re.compile(r"\s+(?:\d+: )?from (\S[^\n:]{0,300}:\d+)(?::in [`'][^'\n]{1,200}')?\s*$")
_PHP_FRAME = re.compile(r"#\d{1,4} (\S[^\n]{0,500})$")


def find_go(source: Source) -> list[Stack]:
    """Return the panics and the goroutines of a text, a stack for each goroutine."""
    stacks: list[Stack] = []
    end = 0
    for number in source.lines_with(GO_NEEDLES):
        if number >= end:
            stack = _read_go(source, number)
            if any(stack.sections):
                stacks.append(stack)
                end = stack.end
    return stacks


def _read_go(source: Source, first: int) -> Stack:
    lines = source.lines
    stack = Stack(first, first, innermost_first=True)
    at = first
    if not _GOROUTINE.match(bare(lines[at])):
        # Between the panic and its goroutine stand its causes, the signal, and a blank line.
        for number in range(first, min(len(lines), first + MESSAGE_LINES)):
            line = bare(lines[number])
            if _GOROUTINE.match(line):
                at = number
                break
            if number > first and line.startswith(("panic: ", "fatal error: ")):
                return stack
            if line.strip():
                stack.say(number, line)
        if at == first:
            return stack
    stack.say(at, bare(lines[at]))
    at += 1
    while at + 1 < len(lines):
        where = _GO_WHERE.match(bare(lines[at + 1]))
        if where is None:
            break
        symbol = bare(lines[at])
        standard = _GO_STANDARD.match(symbol)
        library = library_of(where[1]) or (standard["package"] if standard else "")
        stack.sections[-1].append(Frame(at, at + 2, where[1], library))
        at += 2
    stack.end = at
    return stack


def find_rust(source: Source) -> list[Stack]:
    """Return the panics of a text, with their backtraces."""
    stacks: list[Stack] = []
    end = 0
    for number in source.lines_with(RUST_NEEDLES):
        if number >= end and _RUST_PANIC.match(bare(source.lines[number])):
            stacks.append(_read_rust(source, number))
            end = stacks[-1].end
    return stacks


def _read_rust(source: Source, first: int) -> Stack:
    lines = source.lines
    stack = Stack(first, first + 1, innermost_first=True)
    stack.say(first, bare(lines[first]))
    at = first + 1
    while at < min(len(lines), first + MESSAGE_LINES):
        line = bare(lines[at])
        if not line.strip() or _RUST_PANIC.match(line) or line.startswith("test "):
            break
        if line.startswith("note: run with "):
            at += 1
            break
        stack.say(at, line)
        at += 1
        if line.startswith("stack backtrace:"):
            at = _rust_frames(source, stack, at)
            break
    stack.end = at
    return stack


def _rust_frames(source: Source, stack: Stack, at: int) -> int:
    lines = source.lines
    while at < len(lines):
        found = _RUST_FRAME.match(bare(lines[at]))
        if found is None:
            break
        where = _RUST_AT.match(bare(lines[at + 1])) if at + 1 < len(lines) else None
        standard = _RUST_STANDARD.match(found[1])
        library = "the Rust library" if standard else library_of(where[1]) if where else ""
        end = at + 2 if where else at + 1
        stack.sections[-1].append(Frame(at, end, where[1] if where else found[1], library))
        at = end
    return at


def find_ruby(source: Source) -> list[Stack]:
    """Return the stack traces that Ruby prints."""
    stacks: list[Stack] = []
    end = 0
    for number in source.lines_with(RUBY_NEEDLES):
        if number < end or number == 0 or not _RUBY_FRAME.match(bare(source.lines[number])):
            continue
        head = bare(source.lines[number - 1])
        found = _RUBY_HEAD.match(head)
        if found:
            stack = Stack(number - 1, number, innermost_first=True)
            stack.say(number - 1, head)
            end = stack.end = _frames(source, stack, number, _RUBY_FRAME)
            stacks.append(stack)
    return stacks


def find_php(source: Source) -> list[Stack]:
    """Return the stack traces that PHP prints."""
    stacks: list[Stack] = []
    end = 0
    for number in source.lines_with(PHP_NEEDLES):
        if number < max(end, 1) or bare(source.lines[number - 1]).strip() not in (
            "Stack trace:",
            "[stacktrace]",
            "PHP Stack trace:",
        ):
            continue
        start = max(end, number - 2)
        stack = Stack(start, number, innermost_first=True)
        stack.said += range(start, number)
        stack.say(start, bare(source.lines[start]))
        at = _frames(source, stack, number, _PHP_FRAME)
        if at < len(source.lines) and source.lines[at].startswith("  thrown in "):
            stack.say(at)
            at += 1
        end = stack.end = at
        stacks.append(stack)
    return stacks


def _frames(source: Source, stack: Stack, at: int, pattern: re.Pattern[str]) -> int:
    while at < len(source.lines):
        found = pattern.match(bare(source.lines[at]))
        if found is None:
            break
        stack.sections[-1].append(Frame(at, at + 1, found[1], library_of(found[1])))
        at += 1
    return at
