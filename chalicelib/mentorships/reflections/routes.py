"""Reflections over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.mentorships.reflections.errors import (
    FinalReflectionWritten,
    NotTimeToReflect,
    ReflectionMoved,
    TooManyReflections,
)
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.reflections import service
    from chalicelib.mentorships.reflections.model import Reflection
    from chalicelib.mentorships.reflections.schemas import ReflectionBody, ReflectionChange, ReflectionsQuery
else:
    service = later("chalicelib.mentorships.reflections.service")

routes = Routes(__name__, "Reflections")

_ALL = "/v1/mentorships/{mentorship_id}/reflections"
_ONE = _ALL + "/{reflection_id}"
_SHARING = (MentorshipNotUnderWay, NotTimeToReflect)


@routes.endpoint(
    "POST", _ALL, who=Who.PERSON, summary="Write a reflection", body="ReflectionBody", answer="ReflectionView",
    status=201, idempotent=True, etag=True,
    errors=(*_SHARING, FinalReflectionWritten, TooManyReflections),
)  # fmt: skip
def write_reflection(call: Call, mentorship_id: str, body: ReflectionBody) -> Reflection:
    """For yourself alone, unless you share it with the other of you two; coordinators never read one. A final one
    (`final`) is written from when the mentorship is closing until 60 days after its end, and counts for a certificate,
    shared or not. At most 200 are kept."""
    return service.write(call, mentorship_id, body.to_model(), is_final=body.final)


@routes.endpoint(
    "GET", _ALL, who=Who.PERSON, summary="List reflections", query="ReflectionsQuery", answer="ReflectionView",
    paged=True,
)  # fmt: skip
def list_reflections(
    call: Call, mentorship_id: str, query: ReflectionsQuery, page: PageRequest
) -> Page[Reflection]:
    """Your own, or those that the other shares with you, the latest first."""
    return service.list_reflections(call, mentorship_id, query.whose, page)


@routes.endpoint("GET", _ONE, who=Who.PERSON, summary="Read a reflection", answer="ReflectionView", etag=True)
def read_reflection(call: Call, mentorship_id: str, reflection_id: str) -> Reflection:
    """Your own, or one that the other shares with you."""
    return service.read(call, mentorship_id, reflection_id)


@routes.endpoint(
    "PUT", _ONE, who=Who.PERSON, summary="Change a reflection of your own", body="ReflectionChange",
    answer="ReflectionView", if_match="optional", errors=(*_SHARING, ReflectionMoved),
)  # fmt: skip
def change_reflection(
    call: Call, mentorship_id: str, reflection_id: str, body: ReflectionChange
) -> Reflection:
    """All of it at once, and whether it is shared. Sharing can be taken back at any time; once the mentorship is over,
    nothing new is shared but what is final, for 60 days."""
    return service.change(call, mentorship_id, reflection_id, body.to_model())


@routes.endpoint(
    "DELETE", _ONE, who=Who.PERSON, summary="Delete a reflection of your own", status=204,
    errors=(ReflectionMoved,),
)  # fmt: skip
def delete_reflection(call: Call, mentorship_id: str, reflection_id: str) -> None:
    """At any time; the other cannot read it any more either. A final one then no longer counts for a certificate that
    is still to be issued."""
    service.delete(call, mentorship_id, reflection_id)
