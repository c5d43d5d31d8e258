"""Introductions in the mentorships table: each by its own id, since one of the three has no part in the mentorship, and
listed in the partitions of those who know of it."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.introductions.errors import IntroductionMoved, TooManyIntroductions
from chalicelib.mentorships.introductions.model import MAX_EVER, Face, Introduction, Reply
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

SUCCESS_PREFIX = "MENTORSHIP#SUCCESS#"


class IntroductionRow(tables.Row):
    """An introduction."""

    class Meta:
        capability = "mentorships"

    mentorship_id = UnicodeAttribute()
    programme_id = UnicodeAttribute()
    mentor = JSONAttribute()
    mentee = JSONAttribute()
    third = JSONAttribute(null=True)
    is_listed = BooleanAttribute()
    text = UnicodeAttribute(null=True)
    asked_until = UnicodeAttribute()
    mentee_reply = UnicodeAttribute(null=True)
    third_reply = UnicodeAttribute(null=True)
    withdrawn_at = UnicodeAttribute(null=True)
    made_at = UnicodeAttribute(null=True)


class KnownRow(tables.Row):
    """That somebody knows of an introduction, in their own partition."""

    class Meta:
        capability = "mentorships"


class TallyRow(tables.Row):
    """How many introductions a mentorship ever had."""

    class Meta:
        capability = "mentorships"

    ever = NumberAttribute()


class SuccessRow(tables.Row):
    """That an introduction was made, beside the mentorship whose success it is; to whom is not told here."""

    class Meta:
        capability = "mentorships"

    at = UnicodeAttribute()


def introduction_key(introduction_id: str) -> tuple[type[IntroductionRow], str, str]:
    """Return the key of an introduction for `tables.get_many`."""
    return IntroductionRow, f"INTRODUCTION#{introduction_id}", "INTRODUCTION"


def get_introduction(introduction_id: str) -> Introduction | None:
    row = tables.get(*introduction_key(introduction_id))
    return introduction_of(row) if row else None


def introductions_of(person_id: str, page: PageRequest) -> Page[Introduction]:
    """Return the introductions that a person knows of, the latest first: a query and a batch."""
    found = tables.page_of(
        KnownRow, f"PERSON#{person_id}", page, lambda row: str(row.sk).removeprefix("INTRODUCTION#"),
        begins_with="INTRODUCTION#", descending=True,
    )  # fmt: skip
    rows = tables.get_many([introduction_key(one) for one in found.items])
    return Page(tuple(introduction_of(row) for row in rows if row is not None), found.next)


def put_introduction(introduction: Introduction, now: datetime) -> Write:
    """Return the write of an introduction, new or over the version read; its conflict is `IntroductionMoved`."""
    row_class, pk, sk = introduction_key(introduction.id)
    third = introduction.third
    row = row_class(
        pk, sk, mentorship_id=introduction.mentorship_id, programme_id=introduction.programme_id,
        mentor=asdict(introduction.mentor), mentee=asdict(introduction.mentee),
        third=asdict(third) if third is not None else None, is_listed=introduction.is_listed,
        text=introduction.text or None, asked_until=to_text(introduction.asked_until),
        mentee_reply=_value(introduction.mentee_reply), third_reply=_value(introduction.third_reply),
        withdrawn_at=text_of(introduction.withdrawn_at), made_at=text_of(introduction.made_at),
        **tables.stamps(to_text(now), text_of(introduction.created_at), introduction.version),
    )  # fmt: skip
    return tables.put(row, conflict=IntroductionMoved("Read it again, then answer."))


def list_for(introduction: Introduction, person_ids: Sequence[str], now: datetime) -> list[Write]:
    """Return the writes by which people know of an introduction."""
    return [
        tables.put_entry(
            KnownRow(f"PERSON#{one}", f"INTRODUCTION#{introduction.id}", **tables.stamps(to_text(now)))
        )
        for one in person_ids
    ]


def count_new(mentorship_id: str, now: datetime) -> Write:
    """Count one introduction more, if there may be; its conflict is `TooManyIntroductions`."""
    room: Any = TallyRow.pk.does_not_exist() | (TallyRow.ever < MAX_EVER)
    first = TallyRow.created_at.set(TallyRow.created_at | to_text(now))
    return tables.update(
        TallyRow, f"MENTORSHIP#{mentorship_id}", "INTRODUCTIONS", [first, TallyRow.ever.add(1)], condition=room,
        now=to_text(now), conflict=TooManyIntroductions(f"{MAX_EVER} were made or tried in this mentorship."),
    )  # fmt: skip


def put_success(introduction: Introduction, at: datetime) -> Write:
    """Note beside the mentorship that an introduction was made; its own write has the condition."""
    row = SuccessRow(
        f"MENTORSHIP#{introduction.mentorship_id}", f"{SUCCESS_PREFIX}{introduction.id}", at=to_text(at),
        **tables.stamps(to_text(at)),
    )  # fmt: skip
    return tables.put_entry(row)


def successes_of(mentorship_id: str) -> Iterator[datetime]:
    """Yield when introductions of a mentorship were made, in the order in which they were begun."""
    for raw in tables.query_all(SuccessRow, f"MENTORSHIP#{mentorship_id}", begins_with=SUCCESS_PREFIX):
        yield parse_success(raw)


def parse_success(raw: dict[str, Any]) -> datetime:
    """Read when an introduction was made from an item as DynamoDB returned it."""
    return from_text(raw["at"]["S"])


def introduction_of(row: IntroductionRow) -> Introduction:
    return Introduction(
        id=row.pk.removeprefix("INTRODUCTION#"),
        mentorship_id=row.mentorship_id,
        programme_id=row.programme_id,
        mentor=Face(**row.mentor),
        mentee=Face(**row.mentee),
        third=Face(**row.third) if row.third else None,
        is_listed=bool(row.is_listed),
        text=row.text or "",
        asked_until=from_text(row.asked_until),
        mentee_reply=Reply(row.mentee_reply) if row.mentee_reply else None,
        third_reply=Reply(row.third_reply) if row.third_reply else None,
        withdrawn_at=instant_of(row.withdrawn_at),
        made_at=instant_of(row.made_at),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def audit(introduction_id: str, **what: Any) -> Write:
    """Return the write of an audit row of an introduction; see `tables.audit`."""
    return tables.audit("mentorships", f"INTRODUCTION#{introduction_id}", **what)


def _value(reply: Reply | None) -> str | None:
    return reply.value if reply is not None else None
