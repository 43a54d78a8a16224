"""Where the files of a checkpoint are: in a folder, or in a repository of the Hugging Face hub."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from headroom_core.compressors.prose.checkpoints.libraries import library
from headroom_core.errors import InvalidOptionError, InvalidOptionTypeError, ModelFileError

_HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*")


def folder_of(option: str, place: object) -> Path | None:
    """
    Return the folder that `place` names, or None where it is the id of a repository.

    `owner/name` is an id unless there is such a folder. Everything else, and every `Path`, is a folder.
    """
    expected = "a folder or the id of a repository, such as 'owner/name'"
    if not isinstance(place, str | os.PathLike):
        raise InvalidOptionTypeError(option, expected, place)
    named = os.fspath(place)
    if not isinstance(named, str) or not named:
        raise InvalidOptionError(option, expected, place)
    path = Path(named).expanduser()
    return None if isinstance(place, str) and _HUB_ID.fullmatch(named) and not path.is_dir() else path


def check_folder(folder: Path, needed: Sequence[str], source: str) -> None:
    """Raise `ModelFileError` unless a folder has the files that are needed; `source` says where they are published."""
    missing = tuple(name for name in needed if not (folder / name).is_file())
    if missing:
        lacks = f"has no {' and no '.join(missing)}" if folder.is_dir() else "is no folder"
        raise ModelFileError(str(folder), f"{lacks}; put {', '.join(needed)} of {source} into it", missing)


def fetch(hub_id: str, files: Sequence[str], *, revision: str | None, cached_only: bool = False) -> Path:
    """
    Return a folder with those of the files that a repository has.

    What is in the hub's cache on this machine is taken from there. Nothing is fetched with `cached_only`.
    """
    hub = library("huggingface_hub")
    try:
        return Path(hub.snapshot_download(hub_id, revision=revision, allow_patterns=list(files), local_files_only=cached_only))
    except Exception as exc:
        why = "is not on this machine" if cached_only else "is not on this machine and cannot be fetched"
        todo = f"{why}; put those of {', '.join(files)} that it has into a folder, and name the folder"
        raise ModelFileError(hub_id, todo) from exc
