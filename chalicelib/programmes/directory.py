"""The directory: a programme's mentors as its mentees may look them up.

What a mentor is found by stands on their enrolment, beside the free places: a search reads one partition, by all its
facets at once. It is a copy, brought up to date by `relist` after each change of a profile; what is shown comes from
the profile itself, and whoever does not fit any more is left out.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest, bad_cursor, cursor_of
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import StaffRole
from chalicelib.people import codes
from chalicelib.people import service as people
from chalicelib.people.model import Badge, Person, Profile, normalised_tag
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.programmes import store
from chalicelib.programmes.errors import ListedBefore, NotEnrolled, ProgrammeNotRunning
from chalicelib.programmes.model import Enrolment, PairKind, Programme, ProgrammeStatus, Side, listing_of

_HEAD = 7  # rows that tell who asks; with four rows a mentor they share one read of a hundred
_MENTORS_A_READ = (100 - _HEAD) // 4
# Enrolments looked at by the first read of a search, and at most by one: about 1 MB, what a query takes.
_FIRST_LOOK, _LONGEST_LOOK = 100, 1600
_READS = 8
"""Reads of enrolments for one page: some 8,000 mentors. A search that finds too few among them says so by `next`."""


@dataclass(frozen=True)
class MentorCard:
    """A mentor as mentees may see them: never an address; `badges` are those that count at this instant.

    `locale` and `country` are those of the one who looks.
    """

    person: Person
    profile: Profile
    enrolment: Enrolment
    badges: tuple[Badge, ...] = ()
    locale: str = ""
    country: str | None = None


@dataclass(frozen=True)
class MentorSearch:
    """What a mentee looks for; None asks for nothing."""

    specialty: str | None = None
    language: str | None = None
    country: str | None = None
    topic: str | None = None


def find_mentors(call: Call, programme_id: str, search: MentorSearch, page: PageRequest) -> Page[MentorCard]:
    """Return mentors of a programme whom a mentee may ask: verified, visible, and with a free place.

    For mentees enrolled in a programme that is mentee-led, and its staff; in one of peers, for peers. Whoever blocked
    the other is left out
    without a word.
    """
    wanted = _wanted_facets(search)
    position = page.position("mentor", "programme")
    if position and position["programme"] != programme_id:
        raise bad_cursor()
    last = position["mentor"] if position else None
    cards: list[MentorCard] = []
    look = _FIRST_LOOK
    for n in range(_READS):
        ids, looked_at = store.open_mentors(programme_id, wanted, last, look)
        # The first read of the mentors says whether the actor may ask: it is made where there are none, too.
        for start in range(0, max(len(ids), int(n == 0)), _MENTORS_A_READ):
            cards += _cards(call, programme_id, ids[start : start + _MENTORS_A_READ], wanted)
            if len(cards) > page.limit:
                shown = tuple(cards[: page.limit])
                return Page(shown, _cursor(programme_id, shown[-1].person.id))
        last = looked_at
        if last is None or len(cards) == page.limit:
            break
        look = min(4 * look, _LONGEST_LOOK)
    return Page(tuple(cards), _cursor(programme_id, last) if last else None)


def _cursor(programme_id: str, mentor_id: str) -> str:
    return cursor_of(programme=programme_id, mentor=mentor_id)


def _cards(call: Call, programme_id: str, ids: list[str], wanted: frozenset[str]) -> list[MentorCard]:
    head = [
        organisations.rights_key(call),
        store.programme_key(programme_id),
        store.enrolment_key(programme_id, Side.MENTEE, call.actor_id),
        store.enrolment_key(programme_id, Side.MENTOR, call.actor_id),
        people.blocks_key(call.actor_id),
        people.person_key(call.actor_id),
        people.profile_key(call.actor_id),
    ]
    keys = [
        key
        for one in ids
        for key in (
            people.person_key(one),
            people.profile_key(one),
            store.enrolment_key(programme_id, Side.MENTOR, one),
            people.blocks_key(one),
        )
    ]
    rows = tables.get_many([*head, *keys])
    rights_row, programme_row, as_mentee, as_mentor, my_blocks, my_row, my_profile = rows[:_HEAD]
    programme = _require_searcher(call, rights_row, programme_row, as_mentee, as_mentor)
    locale = people.locale_of(my_row)
    country = people.profile_of(my_profile).country if my_profile else None
    blocked = people.blocks_of(my_blocks)
    cards = []
    for n, one in enumerate(ids):
        person_row, profile_row, mentor_row, blocks = rows[_HEAD + 4 * n : _HEAD + 4 + 4 * n]
        if person_row is None or profile_row is None or mentor_row is None:
            continue
        person = people.person_of(person_row)
        card = MentorCard(
            person, people.profile_of(profile_row), store.enrolment_of(mentor_row),
            person.standing.badges_at(call.now), locale, country,
        )  # fmt: skip
        if (
            programme.takes_as_mentor(card.person, card.profile, call.now)
            and card.enrolment.is_open
            and wanted <= listing_of(card.profile).facets
            and one != call.actor_id
            and one not in blocked
            and call.actor_id not in people.blocks_of(blocks)
        ):
            cards.append(card)
    return cards


def _require_searcher(
    call: Call, rights_row: Any, programme_row: Any, as_mentee: Any, as_mentor: Any
) -> Programme:
    if programme_row is None:
        raise NotFound
    programme = store.programme_of(programme_row)
    staff = (StaffRole.COORDINATOR, StaffRole.REVIEWER)
    if organisations.rights_of(call, rights_row).has(programme.organisation_id, *staff):
        return programme
    if programme.status is ProgrammeStatus.DRAFT or not programme.mentee_led:
        raise NotFound
    is_of_peers = programme.kind is PairKind.PEER
    enrolment_row = as_mentor if is_of_peers else as_mentee
    if enrolment_row is None or not store.enrolment_of(enrolment_row).takes_part:
        role = programme.kind.role_of(Side.MENTEE)
        raise NotEnrolled(
            f"Enrol in the programme as a {role} to see its {'peers' if is_of_peers else 'mentors'}."
        )
    if not programme.is_running(call.now):
        raise ProgrammeNotRunning("Mentors can be looked up only while the programme runs.")
    return programme


def _wanted_facets(search: MentorSearch) -> frozenset[str]:
    found = {"all"}
    if search.topic is not None:
        found.add(f"topic:{normalised_tag(search.topic)}")
    if search.specialty is not None:
        if codes.specialty(search.specialty) is None:
            raise Invalid.field("/specialty", "Give a slug from GET /v1/codes/specialties.")
        found.add(f"specialty:{search.specialty}")
    if search.country is not None:
        country = codes.country(search.country)
        if country is None:
            raise Invalid.field("/country", "Give an ISO 3166-1 code, for example KE.")
        found.add(f"country:{country.alpha2}")
    if search.language is not None:
        tag = codes.canonical_language(search.language)
        if tag is None:
            raise Invalid.field("/language", "Give a BCP-47 language tag, for example fr.")
        found.add(f"language:{tag.partition('-')[0]}")
    return frozenset(found)


def relist(call: Call, person_id: str) -> None:
    """Bring what a mentor is found by up to their present profile, in all their programmes; again, it does nothing."""
    _, profile = people.get_person_and_profile(person_id)
    for enrolment in store.places_of_mentor(person_id):
        try:
            commit(call, [store.relist(enrolment, listing_of(profile), call.now)], None)
        except ListedBefore:
            continue
