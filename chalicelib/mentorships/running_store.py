"""In the mentorships table: mentorships in both persons' partitions, when each is to be looked at next, and what was
written to coordinators."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute

from chalicelib.credentials.kinds import Loss
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.agreements import due_store
from chalicelib.mentorships.errors import MentorshipMoved, MentorshipNotUnderWay
from chalicelib.mentorships.health import due_store as health_due_store
from chalicelib.mentorships.running import (
    UNDER_WAY,
    By,
    Ending,
    EndReason,
    Extension,
    Hold,
    HoldReason,
    Mentorship,
    MentorshipStatus,
    Renewal,
    Words,
)
from chalicelib.mentorships.store import card_of
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import PairKind, Side

_LOOK = "LOOK"


class MentorshipRow(tables.Row):
    """A mentorship, by its id and in each person's partition.

    `is_formed`, `ends_on` and `kind` are missing on those from before there were agreements, last days, and kinds.
    """

    class Meta:
        capability = "mentorships"

    programme_id = UnicodeAttribute()
    organisation_id = UnicodeAttribute()
    proposal_id = UnicodeAttribute()
    mentee = JSONAttribute()
    mentor = JSONAttribute()
    status = UnicodeAttribute()
    is_formed = BooleanAttribute(null=True)
    ends_on = UnicodeAttribute(null=True)
    renewal = JSONAttribute(null=True)
    hold = JSONAttribute(null=True)
    extension = JSONAttribute(null=True)
    ending = JSONAttribute(null=True)
    started_at = UnicodeAttribute()
    kind = UnicodeAttribute(null=True)


class WordsRow(tables.Row):
    """What somebody wrote to coordinators beside a move; apart from the mentorship, since the two read that."""

    class Meta:
        capability = "mentorships"

    text = UnicodeAttribute()
    by = UnicodeAttribute()


class LookRow(tables.IndexedRow):
    """When the clock, or the mentor's standing, may have something to say of a mentorship. gsi1 has all by that
    instant."""

    class Meta:
        capability = "mentorships"

    mentor_id = UnicodeAttribute()
    programme_id = UnicodeAttribute()
    due_at = UnicodeAttribute()


@dataclass(frozen=True)
class Look:
    """A mentorship that is to be looked at from an instant on, with what is read for it."""

    mentorship_id: str
    mentor_id: str
    programme_id: str
    due_at: datetime


def mentorship_key(mentorship_id: str) -> tuple[type[MentorshipRow], str, str]:
    """Return the key of a mentorship for `tables.get_many`."""
    return MentorshipRow, f"MENTORSHIP#{mentorship_id}", "MENTORSHIP"


class About(StrEnum):
    """Beside which move, and by whom, something was written to coordinators; the last of each is kept."""

    PAUSE = "pause"
    END_BY_MENTEE = "end#mentee"
    END_BY_MENTOR = "end#mentor"
    END_BY_COORDINATOR = "end#coordinator"


ENDS: Mapping[Side | None, About] = {
    Side.MENTEE: About.END_BY_MENTEE,
    Side.MENTOR: About.END_BY_MENTOR,
    None: About.END_BY_COORDINATOR,
}
"""By which of the two an end was written about; None is a coordinator."""


def words_key(mentorship_id: str, about: About) -> tuple[type[WordsRow], str, str]:
    """Return the key of what was written beside a move."""
    return WordsRow, f"MENTORSHIP#{mentorship_id}", f"WORDS#{about}"


def put_words(mentorship_id: str, about: About, words: Words) -> Write:
    """Return the write of what was written beside a move, which has the condition."""
    row_class, pk, sk = words_key(mentorship_id, about)
    return tables.put_entry(
        row_class(pk, sk, text=words.text, by=words.by, **tables.stamps(to_text(words.at)))
    )


def words_of(row: WordsRow) -> Words:
    return Words(row.text, row.by, from_text(row.updated_at))


def look_key(mentorship_id: str) -> tuple[type[LookRow], str, str]:
    """Return the key of when a mentorship is looked at next."""
    return LookRow, f"MENTORSHIP#{mentorship_id}", "LOOK"


def put_mentorship(mentorship: Mentorship, look_at: datetime | None, now: datetime) -> list[Write]:
    """Return the writes of a mentorship, by its id and in both persons' partitions: new, or over the version read. A
    new one is listed for its agreement, and each for a look at its health.

    Parameters
    ----------
    look_at
        When it is to be looked at next; None where only news or somebody's word will change anything.
    """
    copies = put_copies(mentorship, now)
    if mentorship.version is None:
        copies.append(due_store.put_due(mentorship.id, mentorship.started_at, now))
    elif mentorship.is_closed:
        copies.append(due_store.put_due(mentorship.id, None, now))
    return [*copies, put_look(mentorship, look_at, now), health_due_store.put_due(mentorship.id, now, now)]


def put_copies(mentorship: Mentorship, now: datetime) -> list[Write]:
    """Return the writes of a mentorship alone, for a change that makes nothing due; its moves take `put_mentorship`."""
    row_class, pk, sk = mentorship_key(mentorship.id)
    keys = [
        (pk, sk),
        *((_person(one.person_id), f"MENTORSHIP#{mentorship.id}") for one in (mentorship.mentee, mentorship.mentor)),
    ]  # fmt: skip
    return [
        tables.put(
            row_class(
                pk, sk, programme_id=mentorship.programme_id, organisation_id=mentorship.organisation_id,
                proposal_id=mentorship.proposal_id, mentee=asdict(mentorship.mentee),
                mentor=asdict(mentorship.mentor), status=mentorship.status.value,
                is_formed=mentorship.is_formed,
                ends_on=mentorship.ends_on.isoformat() if mentorship.ends_on else None,
                renewal=_renewal_data(mentorship.renewal), hold=_hold_data(mentorship.hold),
                extension=_extension_data(mentorship.extension), ending=_ending_data(mentorship.ending),
                started_at=to_text(mentorship.started_at), kind=mentorship.kind.value,
                **tables.stamps(to_text(now), text_of(mentorship.created_at), mentorship.version),
            ),
            conflict=MentorshipMoved("Read it again, then decide."),
        )
        for pk, sk in keys
    ]  # fmt: skip


def put_look(mentorship: Mentorship, due_at: datetime | None, now: datetime) -> Write:
    """Return the write of when a mentorship is looked at next; what else is in the transaction has the condition."""
    more = {"mentor_id": mentorship.mentor.person_id, "programme_id": mentorship.programme_id}
    if due_at is not None:
        more["due_at"] = to_text(due_at)
    return tables.put_due(look_key(mentorship.id), _LOOK, mentorship.id, due_at, now, **more)


def check_unmoved(mentorship: Mentorship) -> Write:
    """Let a transaction through only while a mentorship is as it was read."""
    same: Any = MentorshipRow.version == mentorship.version
    conflict = MentorshipMoved("Read it again, then decide.")
    return tables.check(*mentorship_key(mentorship.id), condition=same, conflict=conflict)


def check_under_way(mentorship_id: str) -> Write:
    """Let a transaction through only while a mentorship is under way, whatever else is changed of it."""
    row_class, pk, sk = mentorship_key(mentorship_id)
    condition: Any = row_class.status.is_in(*sorted(UNDER_WAY))
    conflict = MentorshipNotUnderWay("It can be done once the mentorship goes on.")
    return tables.check(row_class, pk, sk, condition=condition, conflict=conflict)


def due_looks(now: datetime) -> Iterator[Look]:
    """Yield the mentorships that are to be looked at, longest due first in each shard: by key, never by scan.

    The index may lag behind; the row of the mentorship, read with the mentor's standing, decides.
    """
    for raw in tables.query_due(now, LookRow, _LOOK):
        row = LookRow.parse(raw)
        yield Look(row.pk.removeprefix("MENTORSHIP#"), row.mentor_id, row.programme_id, from_text(row.due_at))


def get_mentorship(person_id: str, mentorship_id: str) -> Mentorship | None:
    """Return a person's copy of a mentorship."""
    row = tables.get(MentorshipRow, _person(person_id), f"MENTORSHIP#{mentorship_id}")
    return mentorship_of(row) if row else None


def mentorships_of(person_id: str, page: PageRequest) -> Page[Mentorship]:
    """Return a person's mentorships, newest first."""
    pk = _person(person_id)
    return tables.page_of(MentorshipRow, pk, page, mentorship_of, begins_with="MENTORSHIP#", descending=True)


def all_mentorships_of(person_id: str) -> Iterator[Mentorship]:
    """Yield every mentorship of a person, newest first."""
    for raw in tables.query_all(
        MentorshipRow, _person(person_id), begins_with="MENTORSHIP#", descending=True
    ):
        yield mentorship_of(MentorshipRow.parse(raw))


def mentorship_of(row: MentorshipRow) -> Mentorship:
    own_id = row.pk if row.sk == "MENTORSHIP" else row.sk
    return Mentorship(
        id=own_id.removeprefix("MENTORSHIP#"),
        programme_id=row.programme_id,
        organisation_id=row.organisation_id,
        proposal_id=row.proposal_id,
        mentee=card_of(row.mentee),
        mentor=card_of(row.mentor),
        started_at=from_text(row.started_at),
        status=MentorshipStatus(row.status),
        is_formed=row.is_formed is not False,
        ends_on=date.fromisoformat(row.ends_on) if row.ends_on else None,
        kind=PairKind(row.kind or PairKind.ONE_TO_ONE),
        renewal=_renewal_of(row.renewal),
        hold=_hold_of(row.hold),
        extension=_extension_of(row.extension),
        ending=_ending_of(row.ending),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def audit(mentorship_id: str, **what: Any) -> Write:
    """Return the write of an audit row of a mentorship; see `tables.audit`."""
    return tables.audit("mentorships", f"MENTORSHIP#{mentorship_id}", **what)


def _renewal_data(renewal: Renewal | None) -> dict[str, Any] | None:
    if renewal is None:
        return None
    return {
        "loss": renewal.loss.value, "since": to_text(renewal.since), "until": to_text(renewal.until),
        "ready_at": text_of(renewal.ready_at),
    }  # fmt: skip


def _renewal_of(data: dict[str, Any] | None) -> Renewal | None:
    if data is None:
        return None
    since, until = from_text(data["since"]), from_text(data["until"])
    return Renewal(Loss(data["loss"]), since, until, instant_of(data["ready_at"]))


def _hold_data(hold: Hold | None) -> dict[str, Any] | None:
    return None if hold is None else {"reason": hold.reason.value, "since": to_text(hold.since)}


def _hold_of(data: dict[str, Any] | None) -> Hold | None:
    return None if data is None else Hold(HoldReason(data["reason"]), from_text(data["since"]))


def _extension_data(asked: Extension | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return {
        "ends_on": asked.ends_on.isoformat(),
        "side": asked.side.value,
        "asked_at": to_text(asked.asked_at),
    }


def _extension_of(data: dict[str, Any] | None) -> Extension | None:
    if data is None:
        return None
    return Extension(date.fromisoformat(data["ends_on"]), Side(data["side"]), from_text(data["asked_at"]))


def _ending_data(ending: Ending | None) -> dict[str, Any] | None:
    if ending is None:
        return None
    return {
        "reason": ending.reason.value, "by": ending.by.value, "since": to_text(ending.since),
        "until": to_text(ending.until), "side": ending.side.value if ending.side else None,
        "closed_at": text_of(ending.closed_at),
    }  # fmt: skip


def _ending_of(data: dict[str, Any] | None) -> Ending | None:
    if data is None:
        return None
    return Ending(
        EndReason(data["reason"]), By(data["by"]), from_text(data["since"]), from_text(data["until"]),
        Side(data["side"]) if data["side"] else None, instant_of(data["closed_at"]),
    )  # fmt: skip


def _person(person_id: str) -> str:
    return f"PERSON#{person_id}"
