"""Reading the payload that a command is given."""

from __future__ import annotations

import sys
from pathlib import Path

STDIN = "-"


class UnreadableError(Exception):
    """The input cannot be read, or has no such part. The message says what to do."""


def read_payload(name: str) -> str:
    """
    Return the text of a file, or of standard input for `-`, with line ends and any byte order mark as they are.

    Raises:
        UnreadableError: There is no such file, or it is not UTF-8.

    """
    shown = "standard input" if name == STDIN else name
    try:
        data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    except FileNotFoundError:
        msg = f"{shown}: no such file; check the name, or give - to read standard input"
        raise UnreadableError(msg) from None
    except IsADirectoryError:
        msg = f"{shown}: is a directory; give a file in it"
        raise UnreadableError(msg) from None
    except (OSError, ValueError) as exc:  # ValueError: a name that no file can have
        # Windows says of a directory that permission is denied.
        why = "is a directory; give a file in it" if _is_folder(name) else getattr(exc, "strerror", None) or str(exc)
        msg = f"{shown}: {why}"
        raise UnreadableError(msg) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as exc:
        msg = (
            f"{shown}: is not UTF-8: byte 0x{data[exc.start]:02x} at offset {exc.start}; "
            "if it is text, convert it first, e.g. with: iconv -f UTF-16 -t UTF-8"
        )
        raise UnreadableError(msg) from None


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except ValueError:
        return False
