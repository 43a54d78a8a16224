"""
Shorten source files as they lie on a disk, and check every view of them.

`python tests/benchmarks/code_files.py FOLDER … [--most 60]` takes up to so many files of each language, of 3 to 200 KB, and
tells for each language what is saved, and how many views have an error of syntax that their file did not have, a line that
their file does not have, or a reference that reads something else.
"""

from __future__ import annotations

import argparse
import pathlib
import time
from collections import defaultdict

from headroom_core import SharedContext
from headroom_core.compressors.code.languages import LANGUAGES
from headroom_core.compressors.code.parsing import parse

ENDINGS = {
    "bash": (".sh",), "c": (".c", ".h"), "cpp": (".cpp", ".cc", ".hpp"), "csharp": (".cs",), "go": (".go",), "java": (".java",),
    "javascript": (".js", ".mjs", ".cjs"), "kotlin": (".kt",), "lua": (".lua",), "php": (".php",), "python": (".py",),
    "ruby": (".rb",), "rust": (".rs",), "scala": (".scala",), "sql": (".sql",), "swift": (".swift",),
    "tsx": (".tsx",), "typescript": (".ts", ".mts"),
}  # fmt: skip
SMALLEST, LARGEST = 3_000, 200_000


def main() -> None:
    """Measure the files of each language."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--most", type=int, default=60)
    arguments = parser.parse_args()
    language_of = {ending: name for name, endings in ENDINGS.items() for ending in endings}
    files: dict[str, list[pathlib.Path]] = defaultdict(list)
    for folder in arguments.folders:
        for path in sorted(folder.rglob("*")):
            name = language_of.get(path.suffix, "")
            if name and len(files[name]) < arguments.most and path.is_file() and SMALLEST < path.stat().st_size < LARGEST:
                files[name].append(path)
    print(f"{'language':12} files  saved  whole  broken  foreign  unread   MB/s")
    for name, paths in sorted(files.items()):
        _measure(name, paths)


def _measure(name: str, paths: list[pathlib.Path]) -> None:
    before = after = whole = broken = foreign = unread = chars = 0
    seconds = 0.0
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        ctx = SharedContext(model="gpt-4o", strict=True)
        start = time.perf_counter()
        entry = ctx.put("file", text, kind="code", language=name)
        seconds += time.perf_counter() - start
        chars += len(text)
        before += entry.original_tokens
        after += entry.compressed_tokens
        whole += entry.compressed == text
        lines = set(text.split("\n"))
        foreign += any(
            line not in lines and " omitted" not in line and "[view" not in line for line in entry.compressed.split("\n")
        )
        sound = not parse(text, LANGUAGES[name]).root.has_error
        broken += sound and parse(entry.compressed, LANGUAGES[name]).root.has_error
        unread += any(ctx.read(span.reference or "") != text[span.start : span.end] for span in entry.omitted)
    saved = 100 * (1 - after / before)
    print(f"{name:12} {len(paths):5} {saved:5.1f}% {whole:6} {broken:7} {foreign:8} {unread:7} {chars / seconds / 1e6:6.2f}")


if __name__ == "__main__":
    main()
