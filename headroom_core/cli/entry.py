"""The arguments of the command, and its exit codes."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from headroom_core._validation import FORMATS, MODES
from headroom_core.cli import commands
from headroom_core.cli.demo import demo
from headroom_core.cli.files import UnreadableError
from headroom_core.cli.terminal import Terminal
from headroom_core.errors import InvalidOptionError

UNREADABLE = 1
"""Exit code where the input cannot be read, or has no such part. 2, bad usage, is argparse's own."""

READER_GONE = 141
"""Exit code where the reader of the output went away: what a shell says of any command that ends so (128 and SIGPIPE's 13)."""

MODEL = "claude-sonnet-4-5-20250929"

_READ_HELP = """\
Print a part of FILE exactly as it stands there, with nothing added. The parts that views and `compress --show-omitted` name:

  rows 12-604                 of the main table of a JSON file, counted from 1, both included
  rows 3-9 of /data/items     of the table at a JSON pointer
  lines 3-9                   counted from 1, both included
  chars 0-99                  counted from 0, the last one not included

And what you know the name of: symbol Session.get, heading Results, field items[3].name, pattern "timed? ?out".

A full reference, such as "482913207615 rows 12-604", is taken too, if FILE is what it refers to."""


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run the command and return its exit code.

    Raises:
        SystemExit: With 2 for bad usage, with 0 after `--help` and `--version`, as argparse has it.

    """
    parser = _parser()
    options = parser.parse_args(argv)
    terminal = Terminal.standard()
    try:
        options.command(options, terminal)
        terminal.flush()
    except BrokenPipeError:
        # Python would try to write the rest at exit, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except UnreadableError as exc:
        terminal.flush()
        terminal.tell(f"headroom-core: {exc}")
        return UNREADABLE
    except InvalidOptionError as exc:
        parser.error(str(exc))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="headroom-core",
        description="Short views of what one LLM agent hands to another, and the parts that they leave out.",
    )
    parser.add_argument("--version", action="version", version=f"headroom-core {_version()}")
    add = parser.add_subparsers(title="commands", metavar="COMMAND", required=True).add_parser

    show = add("demo", help="one agent hands a real payload to another", description="One agent hands a payload to another.")
    show.set_defaults(command=demo)

    compress = add(
        "compress",
        help="print the view of a file",
        description="Print the view of FILE, and on standard error what it saves. Nothing is kept, so the view names no "
        "references; `headroom-core read` prints omitted parts.",
    )
    _input(compress)
    compress.add_argument("--json", action="store_true", help="print one JSON object: the view, and all that is known of it")
    compress.add_argument("--max-tokens", metavar="N", type=_count, help="tokens the view may have at the most")
    compress.add_argument("--mode", choices=MODES, default="balanced", help="how much may be left out (default: balanced)")
    compress.add_argument(
        "--format", choices=FORMATS, default="text", help="text for a model, json for a program (default: text)"
    )
    compress.add_argument("--show-omitted", action="store_true", help="list on standard error what the view leaves out")
    compress.add_argument(
        "--report",
        action="store_true",
        help="say on standard error (with --json: in the object) which numbers, identifiers, paths, errors and negations of "
        "FILE the view shows, and which stand only in what it leaves out",
    )
    compress.set_defaults(command=commands.compress_file)

    read = add(
        "read",
        help="print a part of a file, exactly",
        description=_READ_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    read.add_argument("file", metavar="FILE", help="a file in UTF-8, or - for standard input")
    read.add_argument("part", metavar="PART", nargs="+", help='e.g. "rows 12-604"')
    read.set_defaults(command=commands.read_part)

    count = add("count", help="count the tokens of a file", description="Count the tokens of FILE, and say how.")
    _input(count)
    count.add_argument("--json", action="store_true", help="print one JSON object")
    count.set_defaults(command=commands.count_tokens)
    return parser


def _input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a file in UTF-8, or - for standard input")
    parser.add_argument("--model", metavar="NAME", default=MODEL, help=f"whose tokens are counted (default: {MODEL})")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        msg = f"must be a number of tokens, 1 or more, got {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _version() -> str:
    try:
        return version("headroom-core")
    except PackageNotFoundError:  # a checkout that was never installed
        return "0+unknown"
