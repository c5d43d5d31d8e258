"""What all shapes on the wire have in common."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chalicelib.kernel.clock import text_of
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.links import MAX_LINK, checked_link
from chalicelib.kernel.texts import readable, readable_line


class Body(BaseModel):
    """A request's body: unknown fields are refused, and NaN and Infinity, which are no JSON."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, defer_build=True, frozen=True, allow_inf_nan=False
    )


class Query(BaseModel):
    """A request's query parameters."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, defer_build=True, frozen=True)


class Answer(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(extra="forbid", defer_build=True, from_attributes=True)


def _identifier(text: str) -> str:
    if not is_id(text):
        raise ValueError("this is not an identifier of ours (26 letters and digits)")
    return text


Line = Annotated[str, AfterValidator(readable_line), Field(min_length=1, max_length=200)]
Text = Annotated[str, AfterValidator(readable), Field(max_length=4000)]
Identifier = Annotated[
    str,
    AfterValidator(_identifier),
    Field(examples=["01JCZ0M3V5R8W1T2Y4X6Z8B0D2"], min_length=26, max_length=26),
]
Link = Annotated[str, Field(max_length=MAX_LINK), AfterValidator(checked_link)]
Tag = Annotated[str, AfterValidator(readable_line), Field(min_length=2, max_length=60)]
Instant = Annotated[Any, Field(json_schema_extra={"type": "string", "format": "date-time"})]


def given_instant(text: str) -> datetime:
    """Read an instant as a client writes it, in UTC; raises `ValueError` for one without its offset."""
    try:
        moment = datetime.fromisoformat(text.upper())
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            "write an instant with its offset from UTC, for example 2027-03-14T13:00:00Z"
        ) from None


def _checked_instant(text: str) -> str:
    given_instant(text)
    return text


InstantGiven = Annotated[
    str,
    AfterValidator(_checked_instant),
    Field(max_length=40, json_schema_extra={"format": "date-time"}, examples=["2027-03-15T13:00:00Z"]),
]


def instant(value: Any) -> str | None:
    """Write an instant for the wire, or None."""
    return text_of(value)
