"""Series, their people and their sites over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.series.errors import (
    MembershipMoved,
    NotJoinable,
    SeriesNotOver,
    SeriesRoleRefused,
    SiteAnswered,
    SiteInUse,
    SiteUnknown,
)

if TYPE_CHECKING:
    from chalicelib.certificates.model import Certificate
    from chalicelib.series import service
    from chalicelib.series.awarding import Awarding
    from chalicelib.series.inviting import Invited
    from chalicelib.series.model import Site
    from chalicelib.series.schemas import (
        EchoSeriesBody,
        InvitationsBody,
        JoinBody,
        SeriesChange,
        SeriesMemberChange,
        SiteBody,
        SiteChange,
    )
    from chalicelib.series.service import OwnPlace, SeenMember, SeenSeries
else:
    service = later("chalicelib.series.service")

routes = Routes(__name__, "Series")

_HUB = "/v1/organisations/{organisation_id}/series"
_ONE = "/v1/series/{series_id}"
_MINE = "/v1/me/series"


@routes.endpoint(
    "POST", _HUB, who=Who.COORDINATOR, summary="Begin a tele-mentoring series", body="EchoSeriesBody",
    answer="SeriesView", status=201, idempotent=True, etag=True,
)  # fmt: skip
def create_series(call: Call, organisation_id: str, body: EchoSeriesBody) -> SeenSeries:
    """You are its owner. The organisation is its hub, whose coordinators may do what the owner may."""
    return service.create_series(call, organisation_id, body.to_model())


@routes.endpoint(
    "GET", _HUB, who=Who.COORDINATOR, summary="List a hub's series", answer="SeriesView", paged=True
)
def list_series_of_hub(call: Call, organisation_id: str, page: PageRequest) -> Page[SeenSeries]:
    """The latest first."""
    return service.series_of_hub(call, organisation_id, page)


@routes.endpoint(
    "GET", "/v1/series", who=Who.PERSON, summary="List the series that anybody may join", answer="SeriesView",
    paged=True,
)  # fmt: skip
def list_public_series(_call: Call, page: PageRequest) -> Page[SeenSeries]:
    """The latest first."""
    return service.public_series(page)


@routes.endpoint("GET", _ONE, who=Who.PERSON, summary="Read a series", answer="SeriesView", etag=True)
def read_series(call: Call, series_id: str) -> SeenSeries:
    """One that is public, to which you were invited, in which you take part, or which your organisation holds."""
    return service.read_series(call, series_id)


@routes.endpoint(
    "PATCH", _ONE, who=Who.PERSON, summary="Change a series", body="SeriesChange", answer="SeriesView",
    if_match="required", errors=(SeriesRoleRefused,),
)  # fmt: skip
def change_series(call: Call, series_id: str, body: SeriesChange) -> SeenSeries:
    """By its owner. Sessions that are planned stay at their instants, whatever the time zone."""
    return service.change_series(call, series_id, body.changes())


@routes.endpoint(
    "GET", _ONE + "/members", who=Who.PERSON, summary="List who has a place in a series",
    answer="SeriesMemberView", paged=True, errors=(SeriesRoleRefused,),
)  # fmt: skip
def list_series_members(call: Call, series_id: str, page: PageRequest) -> Page[SeenMember]:
    """By owner, facilitators and programme support. Who has only been invited is there without their name."""
    return service.members(call, series_id, page)


@routes.endpoint(
    "POST", _ONE + "/members", who=Who.PERSON, summary="Invite people to a series", body="InvitationsBody",
    answer="InvitationsView", idempotent=True, errors=(SeriesRoleRefused,),
)  # fmt: skip
def invite_to_series(call: Call, series_id: str, body: InvitationsBody) -> tuple[Invited, ...]:
    """Up to a hundred at once, by owner, facilitators and programme support; other roles than member and guest by the
    owner. Each is invited by mail, or the report says why not; who has no account is invited to make one. Sending a
    list again invites nobody twice."""
    return service.invite(call, series_id, body.to_model())


@routes.endpoint(
    "PATCH", _ONE + "/members/{person_id}", who=Who.PERSON, summary="Change somebody's role or site in a series",
    body="SeriesMemberChange", answer="SeriesMemberView",
    errors=(SeriesRoleRefused, SiteUnknown, MembershipMoved),
)  # fmt: skip
def change_series_member(call: Call, series_id: str, person_id: str, body: SeriesMemberChange) -> SeenMember:
    """Roles by the owner; sites by facilitators and programme support, too."""
    return service.change_member(call, series_id, person_id, body.role, body.site_id)


@routes.endpoint(
    "DELETE", _ONE + "/members/{person_id}", who=Who.PERSON, summary="Take somebody's place in a series",
    status=204, errors=(SeriesRoleRefused, MembershipMoved),
)  # fmt: skip
def remove_series_member(call: Call, series_id: str, person_id: str) -> None:
    """Or take an invitation back. Members and guests by whoever runs the series, others by its owner. What they
    attended stays."""
    service.remove_member(call, series_id, person_id)


@routes.endpoint("GET", _MINE, who=Who.PERSON, summary="List your series", answer="OwnSeriesView", paged=True)
def my_series(call: Call, page: PageRequest) -> Page[OwnPlace]:
    """Those in which you take part, and those to which you are invited; the latest first."""
    return service.my_series(call, page)


@routes.endpoint(
    "GET", _MINE + "/{series_id}", who=Who.PERSON, summary="Read your place in a series", answer="OwnSeriesView"
)  # fmt: skip
def my_place_in_series(call: Call, series_id: str) -> OwnPlace:
    """With your share of the time held so far."""
    return service.my_place(call, series_id)


@routes.endpoint(
    "PUT", _MINE + "/{series_id}", who=Who.PERSON, summary="Join a series", body="JoinBody", answer="OwnSeriesView",
    errors=(NotJoinable, SiteUnknown, MembershipMoved),
)  # fmt: skip
def join_series(call: Call, series_id: str, body: JoinBody) -> OwnPlace:
    """Accepts an invitation, or joins a public series as a member or a guest. Again, it changes your site; a guest of a
    public series becomes a member so."""
    return service.join(call, series_id, body.role, body.site_id)


@routes.endpoint(
    "DELETE", _MINE + "/{series_id}", who=Who.PERSON, summary="Leave a series", status=204, errors=(MembershipMoved,)
)  # fmt: skip
def leave_series(call: Call, series_id: str) -> None:
    """Or decline an invitation. What you attended stays yours."""
    service.leave(call, series_id)


@routes.endpoint(
    "POST", _ONE + "/certificates", who=Who.PERSON, summary="Award the certificates of a series",
    answer="AwardingView", status=202, idempotent=True, errors=(SeriesNotOver, SeriesRoleRefused),
)  # fmt: skip
def award_series(call: Call, series_id: str) -> Awarding:
    """By the owner, once all sessions are closed or cancelled: to each who takes part and was there for the share that
    the series asks for, within minutes. Again, to those who have none; nobody has two."""
    return service.award_certificates(call, series_id)


@routes.endpoint(
    "GET", _ONE + "/certificates", who=Who.PERSON, summary="List the certificates of a series",
    answer="certificates.ProgrammeCertificateView", paged=True, errors=(SeriesRoleRefused,),
)  # fmt: skip
def list_series_certificates(call: Call, series_id: str, page: PageRequest) -> Page[Certificate]:
    """For coordinators of the hub, the latest first; they may revoke one."""
    return service.certificates_of(call, series_id, page)


@routes.endpoint(
    "GET", _ONE + "/sites", who=Who.PERSON, summary="List the sites of a series", answer="SiteView", paged=True
)  # fmt: skip
def list_sites(call: Call, series_id: str, page: PageRequest) -> Page[Site]:
    """The spokes, with the income group of each one's country."""
    return service.list_sites(call, series_id, page)


@routes.endpoint(
    "POST", _ONE + "/sites", who=Who.PERSON, summary="Add a site to a series", body="SiteBody", answer="SiteView",
    status=201, idempotent=True, errors=(Invalid, SeriesRoleRefused),
)  # fmt: skip
def add_site(call: Call, series_id: str, body: SiteBody) -> Site:
    """By owner, facilitators and programme support."""
    return service.add_site(call, series_id, body.name, body.country)


@routes.endpoint(
    "PATCH", _ONE + "/sites/{site_id}", who=Who.PERSON, summary="Mend a site of a series", body="SiteChange",
    answer="SiteView", etag=True, if_match="optional", errors=(Invalid, SeriesRoleRefused, SiteAnswered),
)  # fmt: skip
def change_site(call: Call, series_id: str, site_id: str, body: SiteChange) -> Site:
    """By owner, facilitators and programme support. Members stay at it. Once answers were given from it, its country
    stays among those of high, or of low and middle income."""
    return service.change_site(call, series_id, site_id, body.name, body.country)


@routes.endpoint(
    "DELETE", _ONE + "/sites/{site_id}", who=Who.PERSON, summary="Take a site of a series away", status=204,
    errors=(SeriesRoleRefused, SiteInUse),
)  # fmt: skip
def remove_site(call: Call, series_id: str, site_id: str) -> None:
    """By owner, facilitators and programme support, while nobody is there or invited to, and nobody answered from
    it."""
    service.remove_site(call, series_id, site_id)
