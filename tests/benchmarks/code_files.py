"""
Shorten source files as they lie on a disk, and check every view of them.

`python tests/benchmarks/code_files.py FOLDER … [--most 60]` takes up to so many files of each language, of 3 to 200 KB, drawn
by a fixed seed, and tells for each language what is saved, and how many views have an error of syntax that their file did not
have, a line that their file does not have, or a reference that reads something else. Signatures are the words before the
bodies of functions with a name; those that do not stand in the view word for word are counted, in files that parse.
"""

from __future__ import annotations

import argparse
import pathlib
import random
import time
from collections import defaultdict

from headroom_core import SharedContext
from headroom_core.compressors.code.captures import body_of, captured, name_of
from headroom_core.compressors.code.languages import LANGUAGES
from headroom_core.compressors.code.parsing import Parsed, parse, parse_best

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
            if name and path.is_file() and SMALLEST < path.stat().st_size < LARGEST:
                files[name].append(path)
    print("| language | files | tokens | saved | whole | broken | foreign | unread | signatures | lost | MB/s |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, paths in sorted(files.items()):
        _measure(name, random.Random(0).sample(paths, min(arguments.most, len(paths))))  # noqa: S311  # no secret


def _measure(name: str, paths: list[pathlib.Path]) -> None:
    before = after = whole = broken = foreign = unread = chars = heads = lost = 0
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
        parsed = parse_best(text, name) or parse(text, LANGUAGES[name])
        broken += not parse(entry.compressed, parsed.language).sound_as(parsed)
        unread += any(ctx.read(span.reference or "") != text[span.start : span.end] for span in entry.omitted)
        if not parsed.root.has_error:
            said = signatures(parsed)
            heads += len(said)
            lost += sum(one not in entry.compressed for one in said)
    saved = 100 * (1 - after / before)
    print(
        f"| {name} | {len(paths)} | {before:,} | {saved:.1f} % | {whole} | {broken} | {foreign} | {unread} "
        f"| {heads:,} | {lost} | {chars / seconds / 1e6:.1f} |"
    )


def signatures(parsed: Parsed) -> list[str]:
    """Return what stands before the bodies of functions with a name and a body of lines, in pieces between comments."""
    found = []
    comments = sorted((node.start_byte, node.end_byte) for node in captured(parsed).get("comment", ()))
    for node in captured(parsed).get("function", ()):
        body = body_of(node, parsed.language)
        if body is None or not name_of(node, parsed.data, parsed.language) or body.end_point[0] == body.start_point[0]:
            continue
        at = node.start_byte
        for start, end in [*((s, e) for s, e in comments if node.start_byte <= s < body.start_byte), (body.start_byte,) * 2]:
            found.append(parsed.data[at:start].decode("utf-8", "replace").strip())
            at = end
    return [one for one in found if one]


if __name__ == "__main__":
    main()
