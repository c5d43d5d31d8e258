"""Checks, beside the credential that they are of."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.credentials.kept_store import RawRow, rows_in
from chalicelib.credentials.model import Credential
from chalicelib.credentials.registries.checks import MOST_SHOWN, Check, CheckSeen
from chalicelib.credentials.registries.errors import AnsweredBefore
from chalicelib.credentials.registries.manual import ManualCheck
from chalicelib.credentials.registries.model import (
    Answer,
    Comparison,
    Entry,
    How,
    Licence,
    Means,
    Outcome,
    Pair,
    State,
)
from chalicelib.credentials.store import credential_pk
from chalicelib.credentials.trail import digest_of
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.platform import tables
from chalicelib.platform.tables import Row, Write

_ASKED, _ANSWERED = "0", "1"


class CheckRow(tables.Row):
    """`CHECK#<id>#0` that it was asked, `CHECK#<id>#1` with the answer as well: each is written once."""

    class Meta:
        capability = "credentials"

    revision = NumberAttribute()
    means = UnicodeAttribute()
    asked_by = UnicodeAttribute()
    asked_at = UnicodeAttribute()
    authority_id = UnicodeAttribute(null=True)
    manual = JSONAttribute(null=True)
    answered_at = UnicodeAttribute(null=True)
    answer = JSONAttribute(null=True)


def asked_key(credential_id: str, check_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a check as it was asked, for `tables.get_many`."""
    return CheckRow, credential_pk(credential_id), f"CHECK#{check_id}#{_ASKED}"


def answered_key(credential_id: str, check_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a check's answer for `tables.get_many`."""
    return CheckRow, credential_pk(credential_id), f"CHECK#{check_id}#{_ANSWERED}"


def put_asked(check: Check) -> Write:
    return tables.put(_row(check, *asked_key(check.credential_id, check.id)[1:], check.asked_at))


def put_answered(check: Check) -> Write:
    """Write what came of a check, once."""
    key = answered_key(check.credential_id, check.id)[1:]
    return tables.put(
        _row(check, *key, check.answered_at or check.asked_at),
        conflict=AnsweredBefore("This check has its answer."),
    )


def list_checks(credential: Credential) -> tuple[CheckSeen, ...]:
    """Return a credential's latest checks, latest first, beside the wording that reviewers have, in one read."""
    found = tables.query(
        CheckRow, credential_pk(credential.id), begins_with="CHECK#", limit=2 * MOST_SHOWN, descending=True
    )
    checks = tuple(_merged(check_of(CheckRow.parse(raw)) for raw in found.items))[:MOST_SHOWN]
    return tuple(CheckSeen(one, credential.as_handed_in.revision) for one in checks)


def answers_in(kept: Iterable[RawRow]) -> dict[str, str]:
    """Return the digest of each answer that a credential's checks have, by the check's id."""
    checks = (check_of(row) for row in rows_in(kept, CheckRow, "CHECK#"))
    return {one.id: digest_of(answer_data(one.answer)) for one in checks if one.answer is not None}


def revisions_in(kept: Iterable[RawRow]) -> dict[str, str]:
    """Return of which wording each of a credential's checks is, by the check's id."""
    return {one.id: str(one.revision) for one in map(check_of, rows_in(kept, CheckRow, "CHECK#"))}


def _merged(rows: Iterable[Check]) -> Iterable[Check]:
    """Leave out that a check was asked where its answer stands before it."""
    last = None
    for check in rows:
        if check.id != last:
            yield check
        last = check.id


def _row(check: Check, pk: str, sk: str, at: datetime) -> CheckRow:
    return CheckRow(
        pk, sk, revision=check.revision, means=check.means.value, asked_by=check.asked_by,
        asked_at=to_text(check.asked_at), authority_id=check.authority_id,
        manual=_manual_data(check.manual) if check.manual else None,
        answered_at=text_of(check.answered_at),
        answer=answer_data(check.answer) if check.answer else None, **tables.stamps(to_text(at)),
    )  # fmt: skip


def check_of(row: Any) -> Check:
    return Check(
        id=row.sk.split("#")[1],
        credential_id=row.pk.partition("#")[2],
        revision=int(row.revision),
        means=Means(row.means),
        asked_by=row.asked_by,
        asked_at=from_text(row.asked_at),
        authority_id=row.authority_id,
        manual=_manual_of(row.manual) if row.manual else None,
        answered_at=instant_of(row.answered_at),
        answer=_answer_of(row.answer) if row.answer else None,
    )


def _manual_data(manual: ManualCheck) -> dict[str, Any]:
    return {**asdict(manual), "seen_at": to_text(manual.seen_at)}


def _manual_of(data: dict[str, Any]) -> ManualCheck:
    return ManualCheck(
        data["address"], from_text(data["seen_at"]), Outcome(data["outcome"]), data["name"], data["status"],
        State(data["state"]), data["evidence_id"],
    )  # fmt: skip


def answer_data(answer: Answer) -> dict[str, Any]:
    """Return an answer as it is kept, of which the trail holds the digest."""
    entry = answer.entry
    held = None
    if entry is not None:
        held = {**asdict(entry), "valid_until": _day(entry.valid_until), "as_of": _day(entry.as_of)}
    return {
        "outcome": answer.outcome.value, "reason": answer.reason, "as_of": _day(answer.as_of),
        "entry": held,
        "comparison": asdict(answer.comparison) if answer.comparison else None,
    }  # fmt: skip


def _answer_of(data: dict[str, Any]) -> Answer:
    return Answer(
        Outcome(data["outcome"]),
        _entry_of(data["entry"]) if data["entry"] else None,
        _comparison_of(data["comparison"]) if data["comparison"] else None,
        data["reason"],
        _day_of(data["as_of"]),
    )


def _entry_of(data: dict[str, Any]) -> Entry:
    licences = tuple(Licence(**one) for one in data["licences"])
    entry = Entry(
        data["number"],
        tuple(data["names"]),
        data["is_person"],
        data["status"],
        State(data["state"]),
        licences,
    )
    return replace(entry, valid_until=_day_of(data["valid_until"]), as_of=_day_of(data["as_of"]))


def _comparison_of(data: dict[str, Any]) -> Comparison:
    pairs = tuple(Pair(one["ours"], one["theirs"], How(one["how"])) for one in data["pairs"])
    return Comparison(int(data["score"]), data["ours"], data["theirs"], pairs)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
