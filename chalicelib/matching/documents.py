"""Dataclasses of matching as canonical JSON, and back.

One value has one spelling: keys sorted, no blanks, UTF-8, sets sorted, instants as `kernel.clock` writes them,
fields at their default left out. So equal values have equal bytes, and a field that a later version adds does not
keep it from reading what an earlier one wrote.
"""

from __future__ import annotations

import dataclasses
import json
import types
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from chalicelib.kernel.clock import from_text, to_text

T = TypeVar("T")


def to_bytes(value: Any, *, whole: bool = False) -> bytes:
    """Write a dataclass (or a tuple of them) as canonical JSON; `whole` with fields at their default."""
    return plain_bytes(to_plain(value, whole=whole))


def plain_bytes(plain: Any) -> bytes:
    """Write what `to_plain` made as canonical JSON."""
    return plain_text(plain).encode()


def plain_text(plain: Any) -> str:
    """Write what `to_plain` made as the text of canonical JSON."""
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def to_plain(value: Any, *, whole: bool = False) -> Any:
    """Turn dataclasses, tuples, sets, enums and instants into what JSON knows; `whole` with fields at their default."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: to_plain(item, whole=whole)
            for f in dataclasses.fields(value)
            if (item := getattr(value, f.name)) != _default(f) or type(item) is not type(_default(f)) or whole
        }
    if isinstance(value, tuple):
        return [to_plain(item, whole=whole) for item in value]
    if isinstance(value, frozenset):
        return sorted(to_plain(item, whole=whole) for item in value)
    if isinstance(value, datetime):
        return to_text(value)
    if isinstance(value, StrEnum):
        return value.value
    return value


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def from_bytes(kind: type[T], document: bytes) -> T:
    """Read what `to_bytes` wrote of a dataclass `kind`.

    Raises
    ------
    ValueError
        If the bytes are no JSON, or hold something else than `kind` says.
    """
    try:
        plain = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{kind.__name__}: no JSON: {error}") from error
    return from_plain(kind, plain)


def from_plain(kind: type[T], plain: Any) -> T:
    """Read what `to_plain` made of a dataclass `kind`; raises `ValueError` as `from_bytes`."""
    return cast(T, _read(kind, plain, kind.__name__))


def value_from_plain(kind: Any, plain: Any, where: str) -> Any:
    """Read what `to_plain` made of a value of a field's type; raises `ValueError` as `from_bytes`, naming `where`."""
    return _read(kind, plain, where)


def _read(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(cast(type, kind), value, where)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        return _read(next(a for a in arguments if a is not type(None)), value, where)
    if origin in (tuple, frozenset):
        if not isinstance(value, list):
            raise ValueError(f"{where}: a list is expected")
        return origin(_read(arguments[0], item, where) for item in value)
    if kind is datetime or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        if not isinstance(value, str):
            raise ValueError(f"{where}: a text is expected")
        read: Any = from_text if kind is datetime else kind
        return read(value)
    expected = (int, float) if kind is float else (kind,)
    if not isinstance(value, expected) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"{where}: {kind.__name__} is expected")
    return value


def _read_dataclass(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: an object is expected")
    upgraded = getattr(kind, "upgraded", None)  # from the shape that an earlier version wrote
    if upgraded:
        value = upgraded(value)
    hints = _hints(kind)
    if unknown := set(value) - set(hints):
        raise ValueError(f"{where}: unknown field {min(unknown)}")
    try:
        return kind(**{name: _read(hints[name], item, f"{where}.{name}") for name, item in value.items()})
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
