"""A person's own data, and the code lists that profiles are written with."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.later import later
from chalicelib.people.errors import TooManyBlocks
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.people import codes, service
    from chalicelib.people.model import Person, Profile
    from chalicelib.people.schemas import BlockQuery, PersonChange, ProfileChange
else:
    codes = later("chalicelib.people.codes")
    service = later("chalicelib.people.service")

routes = Routes(__name__, "People")


@routes.endpoint("GET", "/v1/me", who=Who.PERSON, summary="Read your account", answer="PersonView", etag=True)
def read_me(call: Call) -> Person:
    return service.me(call)


@routes.endpoint(
    "PATCH", "/v1/me", who=Who.PERSON, summary="Change your name or language", body="PersonChange", answer="PersonView",
    if_match="optional",
)  # fmt: skip
def change_me(call: Call, body: PersonChange) -> Person:
    return service.change_me(call, body.changes())


@routes.endpoint(
    "GET", "/v1/me/profile", who=Who.PERSON, summary="Read your profile", answer="ProfileView", etag=True
)
def read_profile(call: Call) -> Profile:
    """`missing_for_matching` names the fields without which nobody can be matched with you."""
    return service.my_profile(call)


@routes.endpoint(
    "PATCH", "/v1/me/profile", who=Who.PERSON, summary="Change your profile", body="ProfileChange",
    answer="ProfileView", if_match="optional",
)  # fmt: skip
def change_profile(call: Call, body: ProfileChange) -> Profile:
    """Fields that you leave out stay as they are; null clears one. Nothing is changed if any field is invalid."""
    return service.change_profile(call, body.changes())


@routes.endpoint(
    "GET", "/v1/me/blocks", who=Who.PERSON, summary="List whom you have blocked", answer="BlocksView"
)
def list_blocks(call: Call) -> tuple[Person, ...]:
    """At most 200; nobody else reads it."""
    return service.my_blocks(call)


@routes.endpoint(
    "PUT", "/v1/me/blocks/{person_id}", who=Who.PERSON, summary="Block somebody", query="BlockQuery", status=204,
    errors=(Invalid, TooManyBlocks),
)  # fmt: skip
def block(call: Call, person_id: str, query: BlockQuery) -> None:
    """From this instant on neither of you finds the other, is proposed to them, can ask or accept them, or book a time
    with them. What there is between you is parted within seconds: proposals are closed, mentorships paused, or ended
    with `mentorships=end`, sessions ahead called off. The other person is not told who did it, and no reason given to
    anybody shows it."""
    service.block(call, person_id, query.mentorships)


@routes.endpoint(
    "DELETE", "/v1/me/blocks/{person_id}", who=Who.PERSON, summary="Take a block back", status=204
)
def unblock(call: Call, person_id: str) -> None:
    """You may be matched again. A mentorship that was paused stays so until a coordinator has it go on."""
    service.unblock(call, person_id)


_LISTS = frozenset({"countries", "languages", "professions", "specialties"})


@routes.endpoint(
    "GET", "/v1/codes/{name}", who=Who.ANYONE, summary="Read a code list", answer="CodeListView",
    plain_path=frozenset({"name"}),
)  # fmt: skip
def read_codes(_call: Call, name: str) -> list[dict[str, Any]]:
    """`countries`, `languages`, `professions`, `specialties` or `zones`."""
    if name == "zones":
        return [{"code": zone, "name": zone} for zone in sorted(codes.zones())]
    if name not in _LISTS:
        raise NotFound("The lists are countries, languages, professions, specialties and zones.")
    found = []
    for one in getattr(codes, name)():
        fields = asdict(one)
        code = next(fields[key] for key in ("alpha2", "tag", "code", "slug") if key in fields)
        group = fields.get("income_group") or fields.get("group")
        name_of = fields.get("name") or fields.get("title")
        found.append({"code": code, "name": name_of, "name_fr": fields.get("name_fr"), "group": group})
    return found
