"""What joins, leaves, presences and corrections are on the wire, for the rooms that hold gatherings."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from chalicelib.attendance.model import MarkKind, Oddity, Presence
from chalicelib.kernel.texts import readable_line
from chalicelib.platform.web.shapes import Answer, Body

_ODDITIES = (
    "What wants a look: `left_unjoined`: a leave whose join never came, nothing counts for it; `never_left`: a join "
    "whose leave never came, it counts up to the end; `ahead_of_us`: the provider's clock was ahead of ours"
)


class MarkShape(Body):
    kind: MarkKind
    device: Annotated[
        str,
        AfterValidator(readable_line),
        Field(
            min_length=1, max_length=60, examples=["browser-1"],
            description="Names this window of yours, by a name that it keeps: each is joined and left by itself, "
            "none counts twice, and a join that is sent again is the same",
        ),
    ]  # fmt: skip


class PresenceShape(Answer):
    person_id: str
    name: str
    seconds: Annotated[int, Field(description="What counts: as measured, or as corrected last")]
    minutes: Annotated[int, Field(description="The same in whole minutes; a rest is none")]
    measured_seconds: int
    oddities: Annotated[tuple[Oddity, ...], Field(description=_ODDITIES)]
    is_corrected: bool


def presence_fields(found: Presence, name: str) -> dict[str, Any]:
    """Return the fields of `PresenceShape`."""
    return {
        "person_id": found.person_id,
        "name": name,
        "seconds": found.seconds,
        "minutes": found.minutes,
        "measured_seconds": found.measured,
        "oddities": found.oddities,
        "is_corrected": bool(found.corrections),
    }


class CorrectionShape(Body):
    minutes: Annotated[int, Field(ge=0, le=1440)]
    reason: Annotated[
        str, AfterValidator(readable_line), Field(min_length=3, max_length=500, description="Kept for good")
    ]
