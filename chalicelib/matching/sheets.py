"""Matching from and to spreadsheets: roster files in, a table of pairs out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.kernel.delimited import written
from chalicelib.matching import documents
from chalicelib.matching.model import (
    CRITERIA,
    LeftOut,
    LocalSpan,
    MatchResult,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    ProposedPair,
    SharedLanguage,
    Snapshot,
)
from chalicelib.matching.reason_wording import left_out_told
from chalicelib.matching.report_wording import summary
from chalicelib.people.model import DAY_MINUTES, Profile, minutes_text, normalised_email
from chalicelib.rosters.model import RosterRow
from chalicelib.words.formats import Formats

COLUMNS = (
    "mentee",
    "mentee_email",
    "mentor",
    "mentor_email",
    "score",
    *(f"points_{criterion}" for criterion in CRITERIA),
    "shared_languages",
    "common_minutes_per_week",
    "mentee_time_zone",
    "mentee_windows",
    "mentor_time_zone",
    "mentor_windows",
)


@dataclass(frozen=True)
class FilePerson:
    """A person as the files name them: the external id, else the address."""

    name: str
    email: str
    profile: Profile


@dataclass(frozen=True)
class Pool:
    """A snapshot of two roster files, and the people by the snapshot's ids on each side."""

    snapshot: Snapshot
    mentees: Mapping[str, FilePerson]
    mentors: Mapping[str, FilePerson]


def pool_of(
    mentors: Iterable[RosterRow], mentees: Iterable[RosterRow], settings: MatchSettings, taken_at: datetime
) -> Pool:
    """Make a snapshot of roster rows; everybody in the files is enrolled, and `verified` is trusted.

    People are known by their address, so that one who stands in both files under two numbers is not matched with
    themselves. A file says nothing of waiting, so all wait alike.
    """
    mentor_rows = {normalised_email(row.email): row for row in mentors}
    mentee_rows = {normalised_email(row.email): row for row in mentees}
    snapshot = Snapshot(
        programme_id="command-line",
        run_id=taken_at.date().isoformat(),
        taken_at=taken_at,
        mentees=tuple(
            MenteeEntry(key, row.profile, waiting_since=taken_at) for key, row in mentee_rows.items()
        ),
        mentors=tuple(
            MentorEntry(
                key,
                row.profile,
                capacity_left=Profile.capacity if row.capacity is None else row.capacity,
                verified_until=row.verified_until,
            )
            for key, row in mentor_rows.items()
        ),
        settings=settings,
    )
    return Pool(snapshot, _people(mentee_rows), _people(mentor_rows))


def _people(rows: Mapping[str, RosterRow]) -> dict[str, FilePerson]:
    return {
        key: FilePerson(row.external_id or row.email, row.email, row.profile) for key, row in rows.items()
    }


def pairs_csv(result: MatchResult, pool: Pool) -> bytes:
    """Write the pairs as CSV (RFC 4180, UTF-8), best score first, with cells that no spreadsheet runs."""
    best_first = sorted(result.pairs, key=lambda pair: (-pair.score, pair.mentee_id))
    return written(COLUMNS, (_cells(pair, pool) for pair in best_first)).encode()


def _cells(pair: ProposedPair, pool: Pool) -> Iterator[str | int]:
    mentee, mentor = pool.mentees[pair.mentee_id], pool.mentors[pair.mentor_id]
    yield from (mentee.name, mentee.email, mentor.name, mentor.email, pair.score)
    yield from (contribution.points for contribution in pair.contributions)
    yield "; ".join(map(_language_text, pair.shared_languages))
    yield pair.overlap.minutes_per_week
    windows = pair.overlap.windows
    yield mentee.profile.time_zone or ""
    yield "; ".join(_span_text(window.mentee) for window in windows)
    yield mentor.profile.time_zone or ""
    yield "; ".join(_span_text(window.mentor) for window in windows)


def _language_text(language: SharedLanguage) -> str:
    """Write a language with both levels; a level by a language close to it names that."""
    levels = ((language.mentee_level, language.mentee_by), (language.mentor_level, language.mentor_by))
    return f"{language.language} {'/'.join(f'{level} by {by}' if by else level for level, by in levels)}"


def _span_text(span: LocalSpan) -> str:
    """Write a stretch as availability is written; one that ends on another day names that day."""
    start = f"{span.weekday} {minutes_text(span.start)}"
    if span.end_weekday == span.weekday and span.end > span.start:
        return f"{start}-{minutes_text(span.end)}"
    if span.end == 0:
        return f"{start}-{minutes_text(DAY_MINUTES)}"
    return f"{start}-{span.end_weekday} {minutes_text(span.end)}"


def report_document(result: MatchResult, pool: Pool, formats: Formats) -> dict[str, Any]:
    """Return the report, in words as well, and the people without a pair, named as the files name them."""
    return {
        "summary": [documents.to_plain(one) for one in summary(result.report, None, formats)],
        "report": documents.to_plain(result.report),
        "left_out": [_left_out(person, pool.mentees, formats) for person in result.left_out],
        "closed_mentors": [_left_out(person, pool.mentors, formats) for person in result.closed_mentors],
    }


def _left_out(person: LeftOut, people: Mapping[str, FilePerson], formats: Formats) -> dict[str, Any]:
    known = people[person.person_id]
    told = {name: value for name, value in documents.to_plain(person).items() if name != "person_id"}
    words = [one.text for one in left_out_told(person, formats)]
    return {"name": known.name, "email": known.email, "summary": words, **told}
