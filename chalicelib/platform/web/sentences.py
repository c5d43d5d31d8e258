"""What to do about a field that does not fit, in plain words: one sentence for each error that our shapes can yield.

A test walks all shapes and fails for an error that has no sentence here.
"""

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.kernel.errors import FieldError

Context = Mapping[str, Any]

FALLBACK = "This does not fit; GET /openapi.json says what does."
_LIST = "Give a list: […]."
_OBJECT = "Give an object: {…}."
_WHOLE = "Give a whole number."
_NUMBER = "Give a number."
_DAY = "Write a day as YYYY-MM-DD, for example 2027-06-30."

SENTENCES: Mapping[str, str | Callable[[Context], str]] = {
    "missing": "This is needed; add it.",
    "extra_forbidden": "This is not known here; leave it out.",
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
    "tuple_type": _LIST,
    "frozen_set_type": _LIST,
    "too_short": lambda ctx: f"Give at least {_entries(ctx['min_length'])}.",
    "too_long": lambda ctx: f"Give at most {_entries(ctx['max_length'])}.",
    "string_type": "Give a text in quotation marks.",
    "string_unicode": "Give a text in UTF-8.",
    "string_too_short": lambda ctx: f"Write at least {_characters(ctx['min_length'])}.",
    "string_too_long": lambda ctx: f"Write at most {_characters(ctx['max_length'])}.",
    "enum": lambda ctx: _one_of(ctx["expected"]),
    "literal_error": lambda ctx: _one_of(ctx["expected"]),
    "bool_type": "Give true or false.",
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than_equal": lambda ctx: f"Give {ctx['ge']} or more.",
    "less_than_equal": lambda ctx: f"Give {ctx['le']} or less.",
    "multiple_of": lambda ctx: f"Give a multiple of {ctx['multiple_of']}.",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "value_error": lambda ctx: _whole(str(ctx["error"])),
}


def field_error(found: Mapping[str, Any]) -> FieldError:
    """Return where and what to mend, from an error as pydantic lists it."""
    where = [str(part) for part in found["loc"]]
    # So pydantic marks what is wrong with the name of a member and not with its value.
    is_name = len(where) > 1 and where[-1] == "[key]"
    if is_name:
        where.pop()
    kind, context = found["type"], found.get("ctx", {})
    if kind in ("too_short", "too_long") and isinstance(found.get("input"), str):
        kind = f"string_{kind}"  # counted after one of our own checks
    sentence = SENTENCES.get(kind, FALLBACK)
    said = sentence if isinstance(sentence, str) else sentence(context)
    pointer = "".join(f"/{escaped(part)}" for part in where)
    return FieldError(pointer, f"The name of this member: {said}" if is_name else said)


def escaped(part: str) -> str:
    """Return a part of an RFC 6901 pointer, cut to a sane length."""
    return part[:100].replace("~", "~0").replace("/", "~1")


def _entries(count: int) -> str:
    return "one entry" if count == 1 else f"{count} entries"


def _characters(count: int) -> str:
    return "one character" if count == 1 else f"{count} characters"


def _one_of(expected: str) -> str:
    return f"Give one of: {expected.replace(' or ', ', ').replace(chr(39), '')}."


def _whole(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith((".", "?")) else ".")
