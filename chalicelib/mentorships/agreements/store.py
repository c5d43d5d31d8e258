"""In the mentorships table: agreements, and the versions of them that there were before."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.mentorships.agreements import due_store
from chalicelib.mentorships.agreements.errors import AgreementMoved
from chalicelib.mentorships.agreements.model import (
    AboutSelf,
    Agreement,
    Boundary,
    Confidence,
    DocumentPlace,
    OutOfScope,
    Rhythm,
    Rules,
    Terms,
    Trial,
    Wording,
)
from chalicelib.people.model import Channel
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Side

_OLDER = "AGREEMENT#"


class AgreementRow(tables.Row):
    """The present version, beside its mentorship, so that the page of a pair reads both at once."""

    class Meta:
        capability = "mentorships"

    number = NumberAttribute()
    terms = JSONAttribute()
    written_by = UnicodeAttribute(null=True)
    written_at = UnicodeAttribute()
    signed_at = JSONAttribute()
    in_force = NumberAttribute(null=True)
    unsigned_since = UnicodeAttribute(null=True)
    reminded_at = UnicodeAttribute(null=True)
    raised_at = UnicodeAttribute(null=True)
    about = JSONAttribute()
    trials = JSONAttribute()


class OlderRow(tables.Row):
    """A version that another has taken the place of, with the signatures that it had; it is written once."""

    class Meta:
        capability = "mentorships"

    terms = JSONAttribute()
    written_by = UnicodeAttribute(null=True)
    written_at = UnicodeAttribute()
    signed_at = JSONAttribute()


def agreement_key(mentorship_id: str) -> tuple[type[AgreementRow], str, str]:
    """Return the key of a mentorship's agreement for `tables.get_many`."""
    return AgreementRow, f"MENTORSHIP#{mentorship_id}", "MENTORSHIP#AGREEMENT"


def parse(raw: dict[str, Any]) -> Agreement:
    """Read an agreement from its raw item, as a query of the mentorship's partition returns it."""
    return agreement_of(AgreementRow.parse(raw))


def get_agreement(mentorship_id: str) -> Agreement | None:
    row = tables.get(*agreement_key(mentorship_id))
    return agreement_of(row) if row else None


def put_agreement(agreement: Agreement, now: datetime) -> list[Write]:
    """Return the writes of an agreement, new or over the version read, and of when it is looked at next."""
    row_class, pk, sk = agreement_key(agreement.mentorship_id)
    wording = agreement.wording
    row = row_class(
        pk, sk, number=wording.number, terms=_plain(wording.terms),
        written_by=wording.written_by.value if wording.written_by else None,
        written_at=to_text(wording.written_at), signed_at=_signatures(wording.signed_at),
        in_force=agreement.in_force, unsigned_since=text_of(agreement.unsigned_since),
        reminded_at=text_of(agreement.reminded_at), raised_at=text_of(agreement.raised_at),
        about={side.value: asdict(one) for side, one in agreement.about.items()},
        trials=[
            {"side": one.side.value, "channel": one.channel.value, "works": one.works, "at": to_text(one.at)}
            for one in agreement.trials
        ],
        **tables.stamps(to_text(now), text_of(agreement.created_at), agreement.version),
    )  # fmt: skip
    return [
        tables.put(row, conflict=AgreementMoved("Read it again.")),
        due_store.put_due(agreement.mentorship_id, agreement.next_due(), now),
    ]


def keep_older(mentorship_id: str, wording: Wording, now: datetime) -> Write:
    """Return the write that keeps a version, in the transaction that puts another into its place."""
    row = OlderRow(
        f"MENTORSHIP#{mentorship_id}", f"{_OLDER}{wording.number:06d}", terms=_plain(wording.terms),
        written_by=wording.written_by.value if wording.written_by else None,
        written_at=to_text(wording.written_at), signed_at=_signatures(wording.signed_at),
        **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put(row, conflict=AgreementMoved("Read it again."))


def older_versions(mentorship_id: str, page: PageRequest) -> Page[Wording]:
    """Return the versions before the present one, the newest first."""
    pk = f"MENTORSHIP#{mentorship_id}"
    return tables.page_of(OlderRow, pk, page, _older_of, begins_with=_OLDER, descending=True)


def agreement_of(row: AgreementRow) -> Agreement:
    return Agreement(
        mentorship_id=row.pk.removeprefix("MENTORSHIP#"),
        wording=_wording(int(row.number), row),
        in_force=int(row.in_force) if row.in_force is not None else None,
        unsigned_since=instant_of(row.unsigned_since),
        reminded_at=instant_of(row.reminded_at),
        raised_at=instant_of(row.raised_at),
        about={Side(side): AboutSelf(**one) for side, one in row.about.items()},
        trials=tuple(
            Trial(Side(one["side"]), Channel(one["channel"]), one["works"], from_text(one["at"]))
            for one in row.trials
        ),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def rules_data(rules: Rules) -> dict[str, Any]:
    """Return rules as they are kept."""
    return _plain(rules)


def rules_of(data: Mapping[str, Any]) -> Rules:
    return Rules(**_rules(data))


def _older_of(row: OlderRow) -> Wording:
    return _wording(int(row.sk.removeprefix(_OLDER)), row)


def _wording(number: int, row: AgreementRow | OlderRow) -> Wording:
    return Wording(
        number,
        _terms_of(row.terms),
        Side(row.written_by) if row.written_by else None,
        from_text(row.written_at),
        {Side(side): from_text(at) for side, at in row.signed_at.items()},
    )


def _signatures(signed_at: Mapping[Side, datetime]) -> dict[str, str]:
    return {side.value: to_text(at) for side, at in signed_at.items()}


def _plain(rules: Rules) -> dict[str, Any]:
    # Codes are texts, and tuples become lists.
    return dict(vars(rules))


def _rules(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "rhythm": Rhythm(data["rhythm"]),
        "meeting_minutes": data["meeting_minutes"],
        "response_days": data["response_days"],
        "boundaries": tuple(Boundary(one) for one in data["boundaries"]),
        "boundaries_note": data["boundaries_note"],
        "confidentiality": tuple(Confidence(one) for one in data["confidentiality"]),
        "confidentiality_note": data["confidentiality_note"],
        "documents": DocumentPlace(data["documents"]),
        "documents_note": data["documents_note"],
        "out_of_scope": tuple(OutOfScope(one) for one in data["out_of_scope"]),
        "out_of_scope_note": data["out_of_scope_note"],
    }


def _terms_of(data: Mapping[str, Any]) -> Terms:
    return Terms(
        **_rules(data),
        channels=tuple(Channel(one) for one in data["channels"]),
        fallback=Channel(data["fallback"]) if data["fallback"] else None,
        languages=tuple(data["languages"]),
    )
