"""Certificates of a series: awarded by its owner once all its sessions are closed, to whoever was there for the share
that the series asks for."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.certificates import service as certificates
from chalicelib.certificates.model import Certificate
from chalicelib.certificates.service import Award
from chalicelib.kernel.call import Call
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.record import Record
from chalicelib.organisations import service as organisations
from chalicelib.organisations.model import Organisation
from chalicelib.people.model import Person
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.series import access, store
from chalicelib.series.certificate_words import SERIES, of_series
from chalicelib.series.errors import SeriesNotOver, SeriesRoleRefused
from chalicelib.series.model import Deed, Membership, Series, SeriesPlace
from chalicelib.series.sessions import service as sessions
from chalicelib.series.sessions import settling
from chalicelib.series.sessions import store as session_store
from chalicelib.series.sessions.model import Session, SessionState
from chalicelib.words.formats import formats_of

SERIES_AWARDED = "series-awarded"
"""The news that an owner awards the certificates of a series: `series_id`."""
_OVER = frozenset({SessionState.CLOSED, SessionState.CANCELLED})


@dataclass(frozen=True)
class Awarding:
    """What certificates are awarded for: so much of the time of so many sessions, in percent."""

    sessions: int
    share: int


def order(call: Call, series_id: str) -> Awarding:
    """Award the certificates of a series (its owner); again, to those who have none and reached the share since.

    Raises
    ------
    SeriesNotOver
        While a session is planned, runs or is open to correction, and where none was held.
    """
    reader, _ = access.reader_of(call, series_id, Deed.OWN)
    found = list(session_store.every_session(series_id))
    open_ = sum(one.status not in _OVER for one in found)
    if open_:
        raise SeriesNotOver(f"{open_} of its sessions are not closed. Hold and close them, or cancel them.")
    held = _held(found)
    if not held:
        raise SeriesNotOver("None of its sessions was held.")
    message_id = f"{SERIES_AWARDED}:{series_id}:{call.new_id()}"
    news = {"series_id": series_id}
    writes = [
        outbox.message(message_id, outbox.Topic.FOLLOW_UP, SERIES_AWARDED, news, now=call.now),
        access.step(call, series_id, "award", after=f"{len(held)} sessions"),
    ]
    return commit(call, writes, Awarding(len(held), reader.series.limits.share))


def award(call: Call, series_id: str) -> None:
    """Give a certificate to each who takes part, reached the share and has none; begun again, it goes on."""
    series = store.get_many_series([series_id]).get(series_id)
    organisation = organisations.get_organisation(series.organisation_id) if series else None
    if series is None or organisation is None:
        return
    held = _held(session_store.every_session(series_id))
    _settle(call, series_id, held)
    members = {one.person_id: one for one in store.every_member(series_id) if one.place is SeriesPlace.ACTIVE}
    certificates.award_each(
        call, SERIES, series_id, list(members),
        lambda person: _earned(series, held, members[person.id], person, organisation),
    )  # fmt: skip


def _settle(call: Call, series_id: str, held: tuple[Session, ...]) -> None:
    """Keep what came of sessions of which nobody has done so yet: a series may be awarded right after its last session
    was closed, and news have no order."""
    ids = {f"{sessions.MINUTES_FINAL}:{one.id}": one.id for one in held}
    for news in outbox.read_many(list(ids)):
        if news.status is not outbox.Status.DONE:
            settling.settle(call, series_id, ids[news.id])


def awarded(call: Call, series_id: str, page: PageRequest) -> Page[Certificate]:
    """Return the certificates of a series, the latest first (coordinators of the hub, who may revoke them)."""
    reader, _ = access.reader_of(call, series_id, Deed.OWN)
    if not reader.is_hub:
        raise SeriesRoleRefused("Coordinators of the hub read its certificates, and take them back.")
    return certificates.activity_certificates(SERIES, series_id, page)


def _earned(
    series: Series, held: tuple[Session, ...], member: Membership, person: Person, organisation: Organisation
) -> Award | None:
    """Return what somebody has earned; None below the share that the series asks for."""
    mine = session_store.results_of(series.id, member.person_id)
    there = {one.session_id for one in mine if one.seconds}
    # A series may ask for no share at all; a certificate is of having been there.
    if not there or not sessions.share(series, held, mine).is_enough:
        return None
    days = sorted(day for one in held if one.id in there and (day := one.day(series.time_zone)) is not None)
    record = Record(days[0], days[-1], len(there), sum(one.seconds for one in mine) // 60)
    of = of_series(series, member.role, len(held), formats_of(person.locale))
    return Award(
        of, series.organisation_id, organisation.name, series.title, person.id, person.name, person.locale, record
    )  # fmt: skip


def _held(found: Iterable[Session]) -> tuple[Session, ...]:
    return tuple(one for one in found if one.status is SessionState.CLOSED)
