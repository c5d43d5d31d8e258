"""The credentials table: each credential with its records and trail, and each person's file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.credentials.claims import Claim
from chalicelib.credentials.days import end_of
from chalicelib.credentials.decisions import Decision, Missing, Opinion, Verdict, Wanted, reason_of
from chalicelib.credentials.errors import CaseMoved
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import Credential, HandedIn, Lease, Status
from chalicelib.credentials.person_file import CredentialFile
from chalicelib.credentials.trail import Entry, Head, Record, digest_of
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.people.model import Badge
from chalicelib.platform import tables
from chalicelib.platform.tables import Write

SK = "CREDENTIAL"


class CredentialRow(tables.IndexedRow):
    """gsi1 has what waits for an organisation's reviewers by when it is due, gsi2 a person's own by ids; an
    organisation's lists are in queue_store.py."""

    class Meta:
        capability = "credentials"

    person_id = UnicodeAttribute()
    person_name = UnicodeAttribute()
    profession = UnicodeAttribute(null=True)
    organisation_id = UnicodeAttribute()
    status = UnicodeAttribute()
    revision = NumberAttribute()
    claim = JSONAttribute()
    handed_in = JSONAttribute(null=True)
    submitted_at = UnicodeAttribute(null=True)
    decision = JSONAttribute(null=True)
    lease = JSONAttribute(null=True)
    wanted = JSONAttribute(null=True)
    opinions = JSONAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    keeps_until = UnicodeAttribute(null=True)
    recheck_months = NumberAttribute(null=True)
    evidence_days = NumberAttribute(null=True)


class HeadRow(tables.Row):
    """Where a credential's trail ends.

    It is no part of the credential's row, so that somebody who looks at a case changes no version that another is
    about to decide on.
    """

    class Meta:
        capability = "credentials"

    seq = NumberAttribute()
    hash = UnicodeAttribute()


class TrailRow(tables.Row):
    """One row of a trail; written once, over nothing."""

    class Meta:
        capability = "credentials"

    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    by = UnicodeAttribute()
    action = UnicodeAttribute()
    before = UnicodeAttribute(null=True)
    after = UnicodeAttribute(null=True)
    detail = JSONAttribute()
    previous = UnicodeAttribute()
    hash = UnicodeAttribute()


class RecordRow(tables.Row):
    """What somebody wrote on the occasion of a row of the trail: a decision, a request, a note. Written once."""

    class Meta:
        capability = "credentials"

    said = JSONAttribute()


class FileRow(tables.Row):
    """What must hold over all credentials of a person; its version lets one of two simultaneous changes through."""

    class Meta:
        capability = "credentials"

    open = JSONAttribute()
    verified = JSONAttribute()
    badges = JSONAttribute(null=True)


def credential_pk(credential_id: str) -> str:
    return f"CREDENTIAL#{credential_id}"


def credential_key(credential_id: str) -> tuple[type[CredentialRow], str, str]:
    """Return the key of a credential for `tables.get_many`."""
    return CredentialRow, credential_pk(credential_id), SK


def file_key(person_id: str) -> tuple[type[FileRow], str, str]:
    """Return the key of a person's file for `tables.get_many`."""
    return FileRow, f"PERSON#{person_id}", "FILE"


def head_key(credential_id: str) -> tuple[type[HeadRow], str, str]:
    """Return the key of where a credential's trail ends for `tables.get_many`."""
    return HeadRow, credential_pk(credential_id), "HEAD"


def get_credential(credential_id: str) -> Credential | None:
    row = tables.get(*credential_key(credential_id))
    return credential_of(row) if row else None


def get_file(person_id: str) -> CredentialFile:
    return file_of(person_id, tables.get(*file_key(person_id)))


def put_credential(credential: Credential, now: datetime) -> Write:
    submitted = text_of(credential.submitted_at)
    due = text_of(credential.due_at)
    waits = due is not None and credential.status in (Status.SUBMITTED, Status.IN_REVIEW)
    row = CredentialRow(
        credential_pk(credential.id), SK,
        person_id=credential.person_id, person_name=credential.person_name, profession=credential.profession,
        organisation_id=credential.organisation_id, status=credential.status.value,
        revision=credential.revision, claim=claim_data(credential.claim), submitted_at=submitted,
        handed_in=_handed_in_data(credential.handed_in) if credential.handed_in else None,
        decision=decision_data(credential.decision) if credential.decision else None,
        lease=_lease_data(credential.lease) if credential.lease else None,
        wanted=wanted_data(credential.wanted) if credential.wanted else None,
        opinions=[_opinion_data(one) for one in credential.opinions] or None, due_at=due,
        keeps_until=text_of(credential.keeps_until),
        recheck_months=credential.recheck_months, evidence_days=credential.evidence_days,
        gsi1pk=due_pk(credential.organisation_id) if waits else None,
        gsi1sk=f"{due}#{credential.id}" if waits else None,
        gsi2pk=_person_pk(credential.person_id), gsi2sk=credential.id,
        **tables.stamps(to_text(now), to_text(credential.created_at or now), version=credential.version),
    )  # fmt: skip
    return tables.put(row, conflict=CaseMoved())


def put_file(file: CredentialFile, now: datetime) -> Write:
    row = FileRow(
        f"PERSON#{file.person_id}", "FILE", open=dict(file.open),
        verified={one: to_text(until) for one, until in file.verified.items()},
        badges={one: _badge_data(badge) for one, badge in file.badges.items()} or None,
        **tables.stamps(to_text(now), to_text(file.created_at or now), version=file.version),
    )  # fmt: skip
    return tables.put(row, conflict=CaseMoved())


def overdue(organisation_id: str, now: datetime, page: PageRequest) -> Page[Credential]:
    """Return the cases of an organisation that wait past their target, longest overdue first."""
    return tables.page_of(
        CredentialRow, due_pk(organisation_id), page, credential_of, index="gsi1", between=("0", to_text(now))
    )


def count_due(organisation_id: str, after: datetime | None, until: datetime) -> int:
    """Return how many of the cases that wait came to their target after an instant and up to another."""
    between = (f"{to_text(after)}#\uffff" if after else "0", f"{to_text(until)}#\uffff")
    return sum(
        1 for _ in tables.query_all(CredentialRow, due_pk(organisation_id), index="gsi1", between=between)
    )


def list_of_person(person_id: str, page: PageRequest) -> Page[Credential]:
    """Return a person's credentials, latest first."""
    return tables.page_of(
        CredentialRow, _person_pk(person_id), page, credential_of, index="gsi2", descending=True
    )


def ids_of_person(person_id: str) -> list[str]:
    """Return the ids of all of a person's credentials, latest first; the index may not have the last moments'."""
    raws = tables.query_all(CredentialRow, _person_pk(person_id), index="gsi2", descending=True)
    return [CredentialRow.parse(raw).gsi2sk for raw in raws]


def credential_of(row: CredentialRow) -> Credential:
    return Credential(
        id=row.pk.removeprefix("CREDENTIAL#"),
        person_id=row.person_id,
        person_name=row.person_name,
        profession=row.profession,
        organisation_id=row.organisation_id,
        claim=claim_of(row.claim),
        submitted_at=instant_of(row.submitted_at),
        status=Status(row.status),
        revision=int(row.revision),
        handed_in=_handed_in_of(row.handed_in) if row.handed_in else None,
        decision=_decision_of(row.decision) if row.decision else None,
        lease=_lease_of(row.lease) if row.lease else None,
        wanted=_wanted_of(row.wanted) if row.wanted else None,
        opinions=tuple(_opinion_of(one) for one in row.opinions or ()),
        due_at=instant_of(row.due_at),
        recheck_months=int(row.recheck_months) if row.recheck_months else None,
        evidence_days=int(row.evidence_days) if row.evidence_days is not None else None,
        keeps_until=_kept(row.keeps_until) if row.keeps_until else None,
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def _kept(text: str) -> datetime:
    """Read up to when a credential counts while it is reviewed again; rows from before ADR 18 have a day, of UTC."""
    return from_text(text) if "T" in text else end_of(date.fromisoformat(text), None)


def file_of(person_id: str, row: FileRow | None) -> CredentialFile:
    if row is None:
        return CredentialFile(person_id)
    verified = {one: from_text(until) for one, until in row.verified.items()}
    badges = {one: _badge_of(data) for one, data in (row.badges or {}).items()}
    return CredentialFile(person_id, row.open, verified, badges, from_text(row.created_at), int(row.version))


# The trail.


def put_record(credential_id: str, seq: int, said: Mapping[str, Any], now: datetime) -> Write:
    """Return the write of what belongs to row `seq` of a trail."""
    row = RecordRow(
        credential_pk(credential_id), f"RECORD#{seq:08d}", said=dict(said), **tables.stamps(to_text(now))
    )
    return tables.put(row, conflict=CaseMoved())


def records_page(credential_id: str, page: PageRequest) -> Page[Record]:
    """Return what was written about a credential, oldest first."""
    pk = credential_pk(credential_id)
    return tables.page_of(RecordRow, pk, page, _record_of, begins_with="RECORD#")


def _record_of(row: RecordRow) -> Record:
    return Record(int(row.sk.removeprefix("RECORD#")), row.said)


def digests_of(credential: Credential) -> dict[str, str]:
    """Return what a trail holds of the present wording and decision: enough to see that neither was changed."""
    found = {"revision": str(credential.revision), "wording": digest_of(claim_data(credential.claim))}
    if credential.decision is not None:
        found["decision"] = digest_of(decision_data(credential.decision))
    return found


def entry_after(
    head: Head,
    credential: Credential,
    *,
    at: datetime,
    actor: str,
    by: str,
    action: str,
    before: Status | None,
    after: Status,
    detail: dict[str, str],
) -> Entry:
    """Return the row that follows the head of a trail, with its hash."""
    entry = Entry(
        credential.id, head.seq + 1, at, actor, by, action, before.value if before else None, after.value,
        head.hash, detail,
    )  # fmt: skip
    return replace(entry, hash=entry.own_hash)


def put_entry(entry: Entry, head: Head, now: datetime) -> list[Write]:
    """Return the writes of a row of the trail, and of its head that moves on to it."""
    pk, when = credential_pk(entry.credential_id), to_text(now)
    row = TrailRow(
        pk, _trail_sk(entry.seq), at=to_text(entry.at), actor=entry.actor, by=entry.by, action=entry.action,
        before=entry.before, after=entry.after, detail=dict(entry.detail), previous=entry.previous,
        hash=entry.hash, **tables.stamps(when),
    )  # fmt: skip
    moved_on = HeadRow(
        pk, "HEAD", seq=entry.seq, hash=entry.hash,
        **tables.stamps(when, to_text(head.created_at or now), version=head.version),
    )  # fmt: skip
    return [tables.put(row, conflict=CaseMoved()), tables.put(moved_on, conflict=CaseMoved())]


def head_of(row: HeadRow | None) -> Head:
    if row is None:
        return Head()
    return Head(int(row.seq), row.hash, from_text(row.created_at), int(row.version))


def trail_page(credential_id: str, page: PageRequest) -> Page[Entry]:
    """Return a credential's trail, oldest first."""
    return tables.page_of(TrailRow, credential_pk(credential_id), page, entry_of, begins_with="TRAIL#")


def whole_trail(credential_id: str) -> list[Entry]:
    raws = tables.query_all(TrailRow, credential_pk(credential_id), begins_with="TRAIL#")
    return [entry_of(TrailRow.parse(raw)) for raw in raws]


def heads_of(credential_ids: Sequence[str]) -> list[Head | None]:
    """Return where up to 100 trails end, in one round trip."""
    rows = tables.get_many([head_key(one) for one in credential_ids])
    return [head_of(row) if row else None for row in rows]


def persons_of(credential_ids: Sequence[str]) -> list[str | None]:
    """Return whose up to 100 credentials are, in one round trip; None of one that is missing."""
    rows = tables.get_many([credential_key(one) for one in credential_ids])
    return [row.person_id if row else None for row in rows]


def entry_of(row: TrailRow) -> Entry:
    return Entry(
        credential_id=row.pk.removeprefix("CREDENTIAL#"), seq=int(row.sk.removeprefix("TRAIL#")),
        at=from_text(row.at), actor=row.actor, by=row.by, action=row.action, before=row.before, after=row.after,
        previous=row.previous, detail=row.detail, hash=row.hash,
    )  # fmt: skip


def _trail_sk(seq: int) -> str:
    return f"TRAIL#{seq:08d}"


def due_pk(organisation_id: str) -> str:
    return f"ORG#{organisation_id}#DUE"


def _person_pk(person_id: str) -> str:
    return f"PERSON#{person_id}"


def claim_data(claim: Claim) -> dict[str, Any]:
    return {
        "kind": claim.kind.value, "authority": claim.authority, "number": claim.number,
        "name_on_document": claim.name_on_document, "country": claim.country,
        "issued_on": claim.issued_on.isoformat(),
        "expires_on": claim.expires_on.isoformat() if claim.expires_on else None,
        "authority_id": claim.authority_id,
    }  # fmt: skip


def claim_of(data: dict[str, Any]) -> Claim:
    return Claim(
        kind=Kind(data["kind"]), authority=data["authority"], number=data["number"],
        name_on_document=data["name_on_document"], country=data["country"],
        issued_on=date.fromisoformat(data["issued_on"]),
        expires_on=date.fromisoformat(data["expires_on"]) if data["expires_on"] else None,
        authority_id=data.get("authority_id"),
    )  # fmt: skip


def decision_data(decision: Decision) -> dict[str, Any]:
    # What came later than a decision has no key in it, so that its digest in the trail still fits: the instants,
    # and the wording that it is about.
    later = {"counts_until": to_text(decision.counts_until)} if decision.counts_until else {}
    named = {"revision": decision.revision} if decision.revision is not None else {}
    return {
        **later,
        **named,
        "by": decision.by, "at": to_text(decision.at),
        "valid_until": decision.valid_until.isoformat() if decision.valid_until else None,
        "reason": decision.reason.value if decision.reason else None, "reason_text": decision.reason_text,
        "checklist": dict(decision.checklist),
    }  # fmt: skip


def _decision_of(data: dict[str, Any]) -> Decision:
    return Decision(
        by=data["by"], at=from_text(data["at"]),
        valid_until=date.fromisoformat(data["valid_until"]) if data["valid_until"] else None,
        counts_until=from_text(data["counts_until"]) if "counts_until" in data else None,
        reason=reason_of(data["reason"]) if data["reason"] else None, reason_text=data["reason_text"],
        checklist=data["checklist"], revision=int(data["revision"]) if "revision" in data else None,
    )  # fmt: skip


def _badge_data(badge: Badge) -> dict[str, str]:
    return {**asdict(badge), "verified_at": to_text(badge.verified_at), "until": to_text(badge.until)}


def _badge_of(data: dict[str, Any]) -> Badge:
    instants = {name: from_text(data[name]) for name in ("verified_at", "until")}
    return Badge(**{**data, **instants})


def _opinion_data(opinion: Opinion) -> dict[str, Any]:
    return {"verdict": opinion.verdict.value, "decision": decision_data(opinion.decision)}


def _opinion_of(data: dict[str, Any]) -> Opinion:
    return Opinion(Verdict(data["verdict"]), _decision_of(data["decision"]))


def _handed_in_data(handed_in: HandedIn) -> dict[str, Any]:
    return {"revision": handed_in.revision, "claim": claim_data(handed_in.claim)}


def _handed_in_of(data: dict[str, Any]) -> HandedIn:
    return HandedIn(int(data["revision"]), claim_of(data["claim"]))


def _lease_data(lease: Lease) -> dict[str, Any]:
    return {
        "by": lease.by, "since": to_text(lease.since), "until": to_text(lease.until), "revision": lease.revision,
    }  # fmt: skip


def _lease_of(data: dict[str, Any]) -> Lease:
    shown = data.get("revision")
    return Lease(
        data["by"],
        from_text(data["since"]),
        from_text(data["until"]),
        int(shown) if shown is not None else None,
    )


def wanted_data(wanted: Wanted) -> dict[str, Any]:
    return {
        "by": wanted.by, "at": to_text(wanted.at), "missing": [one.value for one in wanted.missing],
        "text": wanted.text, "revision": wanted.revision,
    }  # fmt: skip


def _wanted_of(data: dict[str, Any]) -> Wanted:
    missing = tuple(Missing(one) for one in data["missing"])
    about = data.get("revision")
    return Wanted(
        data["by"], from_text(data["at"]), missing, data["text"], int(about) if about is not None else None
    )
