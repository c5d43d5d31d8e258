"""Closing conversations, and what programmes ask in them, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import RoleRefused
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.closing.errors import ClosingMoved, NotTimeToClose
from chalicelib.mentorships.errors import MentorshipNotUnderWay
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.mentorships.closing import listing, service, templates
    from chalicelib.mentorships.closing.listing import ListedRecord
    from chalicelib.mentorships.closing.schemas import ClosingBody, ClosingTemplateBody, RecordsQuery
    from chalicelib.mentorships.closing.service import SeenClosing, SeenPart
    from chalicelib.mentorships.closing.templates import SeenTemplate
else:
    listing = later("chalicelib.mentorships.closing.listing")
    service = later("chalicelib.mentorships.closing.service")
    templates = later("chalicelib.mentorships.closing.templates")

routes = Routes(__name__, "Endings")

_CLOSING = "/v1/mentorships/{mentorship_id}/closing-conversation"
_TEMPLATE = "/v1/programmes/{programme_id}/closing-template"
_RECORDS = "/v1/programmes/{programme_id}/records"


@routes.endpoint(
    "GET", _CLOSING, who=Who.PERSON, summary="Read the closing conversation", answer="ClosingView", etag=True,
    errors=(RoleRefused,),
)  # fmt: skip
def read_closing(call: Call, mentorship_id: str) -> SeenClosing:
    """What the programme asks, each question with what is known for its answer; what you wrote, and what the other
    shares. Coordinators read whether it was held, and what somebody sent to them. The ETag is the version of what you
    wrote."""
    return service.read(call, mentorship_id)


@routes.endpoint(
    "PUT", _CLOSING, who=Who.PERSON, summary="Write for the closing conversation", body="ClosingBody",
    answer="OwnClosingView", if_match="optional",
    errors=(NotTimeToClose, MentorshipNotUnderWay, ClosingMoved),
)  # fmt: skip
def write_closing(call: Call, mentorship_id: str, body: ClosingBody) -> SeenPart:
    """All of your part at once: answers, as many as you like; whether the other reads them; what you would tell the
    programme, and whether its coordinators read that; whether you have talked. It is open from 28 days before the last
    day, or from the end, until 60 days after it. Nothing depends on it. What others read you take back at any time."""
    return service.write(call, mentorship_id, body.to_model())


@routes.endpoint(
    "GET", _TEMPLATE, who=Who.COORDINATOR, summary="Read what a programme asks in closing conversations",
    answer="ClosingTemplateView", etag=True,
)  # fmt: skip
def read_closing_template(call: Call, programme_id: str) -> SeenTemplate:
    """What was never set is the service's own, under the ETag "0"."""
    return templates.read_template(call, programme_id)


@routes.endpoint(
    "PUT", _TEMPLATE, who=Who.COORDINATOR, summary="Set what a programme asks in closing conversations",
    body="ClosingTemplateBody", answer="ClosingTemplateView", if_match="required",
)  # fmt: skip
def change_closing_template(call: Call, programme_id: str, body: ClosingTemplateBody) -> SeenTemplate:
    """The service's own questions by their codes, or your own words, in the order in which they are asked. What was
    answered so far stays, with the words that it was answered to."""
    return templates.change_template(call, programme_id, body.to_model())


@routes.endpoint(
    "GET", _RECORDS, who=Who.COORDINATOR, summary="List a programme's closed mentorships", answer="ListedRecordView",
    paged=True,
)  # fmt: skip
def list_records(call: Call, programme_id: str, page: PageRequest) -> Page[ListedRecord]:
    """The last closed first, 25 at most: in figures, with whether the closing conversation was held and what the two
    sent to the programme. One is listed within a minute of its end."""
    return listing.list_records(call, programme_id, page)


@routes.endpoint(
    "GET", _RECORDS + ".csv", who=Who.COORDINATOR, summary="Export a programme's closed mentorships as CSV",
    query="RecordsQuery", text_media_type="text/csv; charset=utf-8", file_name="records-{programme_id}.csv",
)  # fmt: skip
def export_records(call: Call, programme_id: str, query: RecordsQuery) -> str:
    """Those that were closed in a year (UTC), a row each, in figures alone."""
    return listing.records_table(call, programme_id, query.year)
