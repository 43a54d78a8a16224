"""From what a caller hands over to the payload: a text, its bytes and its digest."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from headroom_core.errors import InvalidPayloadError

_EXPECTED = "a str, or something JSON can hold (dict, list, tuple, dataclass, pydantic model)"


def payload_text(content: object) -> str:
    """
    Return the payload for `content`: the text itself, or its JSON text (compact, not escaped, in insertion order).

    Raises:
        InvalidPayloadError: The content is neither text nor something that JSON can hold.

    """
    if isinstance(content, str):
        return str.__str__(content)  # a plain str also of a subclass, whose methods may lie
    if not (isinstance(content, dict | list | tuple) or _is_dataclass(content) or _dumper(content)):
        msg = f"content must be {_EXPECTED}, got {type(content).__name__}; nothing was stored"
        raise InvalidPayloadError(msg)
    try:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain)
    except RecursionError:
        why = "it is nested too deeply"
    except ValueError:  # json's word for a container that holds itself
        why = "it contains itself"
    except TypeError as exc:
        why = _culprit(content) or str(exc)
    msg = f"content must be {_EXPECTED}, and JSON cannot hold this {type(content).__name__}: {why}; nothing was stored"
    raise InvalidPayloadError(msg)


def digest_and_size(text: str) -> tuple[str, int]:
    """Return the SHA-256 of the text's UTF-8 bytes, in hexadecimal, and how many they are. A lone surrogate has three."""
    encoded = text.encode("utf-8", "surrogatepass")
    return hashlib.sha256(encoded).hexdigest(), len(encoded)


def utf8_bytes(text: str) -> int:
    """Return how many UTF-8 bytes the text has."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _is_dataclass(value: object) -> bool:
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _dumper(value: object) -> Any:
    """Return pydantic's `model_dump` of a model, or None. Asked of the class, so that a mock or proxy is no model."""
    return None if isinstance(value, type) else getattr(type(value), "model_dump", None)


def _plain(value: Any) -> object:
    """Turn one value that `json` does not know into what it does; its parts come here by themselves."""
    dump = _dumper(value)
    if dump is not None:
        return dump(value, mode="json")
    if _is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    msg = f"{type(value).__name__} is not JSON"
    raise TypeError(msg)


def _culprit(content: object) -> str | None:
    """Name the first place that JSON cannot hold, e.g. `set at $.users[3].tags`. Reached only when `json` refused."""
    todo: list[tuple[str, Any]] = [("$", content)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str | int | float | bool | None):
                    return f"a key of type {type(key).__name__} at {path}"
            todo.extend((f"{path}.{key}", item) for key, item in reversed(value.items()))
        elif isinstance(value, list | tuple):
            todo.extend((f"{path}[{at}]", value[at]) for at in reversed(range(len(value))))
        elif not isinstance(value, str | int | float | bool | None):
            try:
                todo.append((path, _plain(value)))
            except TypeError:
                return f"{type(value).__name__} at {path}"
    return None
