"""
The two vocabularies that come with the package, each loaded once per process and on first use.

Neither tiktoken's cache, nor its environment variables, nor the network is touched, and nothing is registered with
tiktoken: a duplicate name among its plugins breaks every encoding of the process.
"""

from __future__ import annotations

import binascii
import hashlib
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headroom_core.errors import InvalidOptionError, VocabularyError

if TYPE_CHECKING:
    import tiktoken


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """
    A published vocabulary, as OpenAI's tiktoken defines it (MIT licence, `tiktoken_ext/openai_public.py`).

    Attributes:
        name: The name by which tiktoken knows it.
        sha256: Hex digest of the published vocabulary file, i.e. of the decompressed data file.
        pattern: The regular expression that splits a text into the pieces which are encoded on their own.
        final_whitespace_whole: True when whitespace at the end of a text is a single piece, line ends in it or not.

    """

    name: str
    sha256: str
    pattern: str
    final_whitespace_whole: bool


VOCABULARIES = {
    vocabulary.name: vocabulary
    for vocabulary in (
        Vocabulary(
            name="o200k_base",
            final_whitespace_whole=False,
            sha256="446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
            pattern="|".join(  # noqa: FLY002 - one alternative a line, as in the source
                [
                    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
                    r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?""",
                    r"""\p{N}{1,3}""",
                    r""" ?[^\s\p{L}\p{N}]+[\r\n/]*""",
                    r"""\s*[\r\n]+""",
                    r"""\s+(?!\S)""",
                    r"""\s+""",
                ],
            ),
        ),
        Vocabulary(
            name="cl100k_base",
            final_whitespace_whole=True,
            sha256="223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
            pattern="|".join(  # noqa: FLY002 - one alternative a line, as in the source
                [
                    r"""'(?i:[sdmt]|ll|ve|re)""",
                    r"""[^\r\n\p{L}\p{N}]?+\p{L}++""",
                    r"""\p{N}{1,3}+""",
                    r""" ?[^\s\p{L}\p{N}]++[\r\n]*+""",
                    r"""\s++$""",
                    r"""\s*[\r\n]""",
                    r"""\s+(?!\S)""",
                    r"""\s""",
                ],
            ),
        ),
    )
}

# The whole text as one piece: byte pair encoding alone, without the split.
_ONE_PIECE = r"(?s:.+)"

_loading = threading.Lock()
_encodings: dict[tuple[str, bool], tiktoken.Encoding] = {}


def vocabulary_bytes(name: str) -> bytes:
    """
    Return the published vocabulary file: a line `<base64 of the token> <rank>` for each token.

    Raises:
        InvalidOptionError: There is no vocabulary of this name in the package.
        VocabularyError: The data file is missing, or is not what OpenAI published.

    """
    import lzma  # noqa: PLC0415  # with the next, a fifth of the package's import time
    from importlib import resources  # noqa: PLC0415

    vocabulary = VOCABULARIES.get(name)
    if vocabulary is None:
        option = "vocabulary"
        raise InvalidOptionError(option, f"one of {', '.join(sorted(VOCABULARIES))}", name)
    file_name = f"{name}.tiktoken.xz"
    try:
        published = lzma.decompress(resources.files(__package__).joinpath("data", file_name).read_bytes())
    except (OSError, lzma.LZMAError, EOFError) as exc:
        raise VocabularyError(_damaged(file_name, f"cannot be read ({type(exc).__name__}: {exc})")) from exc
    found = hashlib.sha256(published).hexdigest()
    if found != vocabulary.sha256:
        raise VocabularyError(_damaged(file_name, f"has sha256 {found} in place of {vocabulary.sha256}"))
    return published


def load_encoding(name: str, *, one_piece: bool = False) -> tiktoken.Encoding:
    """
    Return the encoding of a vocabulary; the first call takes about 0.4 s, later ones a dict lookup.

    Args:
        name: A key of `VOCABULARIES`.
        one_piece: Encode the whole text as one piece, as the tokenizer does with each piece that its pattern finds.

    Raises:
        InvalidOptionError: There is no vocabulary of this name in the package.
        VocabularyError: The data file is missing or damaged.

    """
    key = (name, one_piece)
    encoding = _encodings.get(key)
    if encoding is not None:
        return encoding
    with _loading:
        encoding = _encodings.get(key)
        if encoding is None:
            encoding = _build(name, one_piece=one_piece)
            _encodings[key] = encoding
    return encoding


def _build(name: str, *, one_piece: bool) -> tiktoken.Encoding:
    # Read the file before importing tiktoken, so that a damaged installation costs nothing more.
    published = vocabulary_bytes(name)
    import tiktoken  # noqa: PLC0415 - takes longer than the rest of headroom_core, and not every process counts

    # Ranks stand in order from 0 in both files (the digest fixes that), so the second column need not be parsed.
    decode = binascii.a2b_base64
    ranks = {decode(token): rank for rank, token in enumerate(published.split()[::2])}
    return tiktoken.Encoding(
        name=name,
        pat_str=_ONE_PIECE if one_piece else VOCABULARIES[name].pattern,
        mergeable_ranks=ranks,
        # None is ever allowed in a payload, but without one `encode` matches an empty pattern at every character.
        special_tokens={"<|endoftext|>": len(ranks)},
    )


def _damaged(file_name: str, fault: str) -> str:
    return (
        f"headroom_core/tokens/data/{file_name} {fault}, so tokens cannot be counted; "
        "run: pip install --force-reinstall --no-deps headroom-core"
    )
