"""What all shapes on the wire have in common."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from chalicelib.kernel.clock import text_of
from chalicelib.kernel.ids import is_id
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
Tag = Annotated[str, AfterValidator(readable_line), Field(min_length=2, max_length=60)]
Instant = Annotated[Any, Field(json_schema_extra={"type": "string", "format": "date-time"})]


def instant(value: Any) -> str | None:
    """Write an instant for the wire, or None."""
    return text_of(value)
