"""The matching table: a programme's runs with report and review, its lock, and people's reasons."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.pages import MAX_LIMIT, Page, PageRequest
from chalicelib.matching import documents
from chalicelib.matching.errors import RunMoved, RunUnderWay
from chalicelib.matching.model import Basis, Comparison, MatchReport, MatchSettings
from chalicelib.matching.runs import (
    STANDING,
    Choices,
    Failure,
    Lock,
    MatchRun,
    Reasons,
    RunStatus,
    RunStep,
    Slot,
    Trigger,
)
from chalicelib.platform import tables
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import Publish

KEEP_PROGRESS = timedelta(days=30)


class RunRow(tables.Row):
    class Meta:
        capability = "matching"

    trigger = UnicodeAttribute()
    requested_by = UnicodeAttribute()
    publish = UnicodeAttribute()
    dry_run = BooleanAttribute()
    status = UnicodeAttribute()
    step = UnicodeAttribute()
    snapshot_digest = UnicodeAttribute(null=True)
    mentees = NumberAttribute()
    pairs = NumberAttribute()
    left_out = NumberAttribute()
    files = NumberAttribute()
    files_published = NumberAttribute()
    published = NumberAttribute()
    skipped = NumberAttribute()
    failure = UnicodeAttribute(null=True)
    tried = UnicodeAttribute(null=True)
    basis = UnicodeAttribute(null=True)
    settings_version = NumberAttribute(null=True)
    in_parts = BooleanAttribute(null=True)
    attempt = NumberAttribute(null=True)
    blocks = NumberAttribute(null=True)
    blocks_done = NumberAttribute(null=True)
    mentees_matched = NumberAttribute(null=True)
    failed_while = UnicodeAttribute(null=True)
    started_at = UnicodeAttribute(null=True)
    finished_at = UnicodeAttribute(null=True)


class ReportRow(tables.Row):
    """A run's report, beside its run so that a list of runs does not read it."""

    class Meta:
        capability = "matching"

    data = UnicodeAttribute()
    comparison = UnicodeAttribute(null=True)


class ProgressRow(tables.Row):
    """One item of a step of a run in parts that is done, and what it came to; it leaves by TTL."""

    class Meta:
        capability = "matching"

    published = NumberAttribute()
    skipped = NumberAttribute()
    pairs = NumberAttribute()
    expires_at_epoch = NumberAttribute()


class LockRow(tables.Row):
    """Which run a programme is busy with. The row stays; without `run_id` the lock is free."""

    class Meta:
        capability = "matching"

    run_id = UnicodeAttribute(null=True)
    lease_until = UnicodeAttribute(null=True)


class ChoicesRow(tables.Row):
    class Meta:
        capability = "matching"

    by_mentee = JSONAttribute()


class ReasonsRow(tables.Row):
    """What the last run of a programme came to for one mentee, in the mentee's own partition."""

    class Meta:
        capability = "matching"

    data = UnicodeAttribute()


def run_key(programme_id: str, run_id: str) -> tuple[type[RunRow], str, str]:
    return RunRow, _programme(programme_id), f"RUN#{run_id}"


def report_key(programme_id: str, run_id: str) -> tuple[type[ReportRow], str, str]:
    return ReportRow, _programme(programme_id), f"REPORT#{run_id}"


def lock_key(programme_id: str, *, dry_run: bool) -> tuple[type[LockRow], str, str]:
    return LockRow, _programme(programme_id), "LOCK#DRY" if dry_run else "LOCK#RUN"


def choices_key(programme_id: str, run_id: str) -> tuple[type[ChoicesRow], str, str]:
    return ChoicesRow, _programme(programme_id), f"CHOICES#{run_id}"


def run_of(row: RunRow) -> MatchRun:
    return MatchRun(
        id=row.sk.removeprefix("RUN#"),
        programme_id=row.pk.removeprefix("PROGRAMME#"),
        trigger=Trigger(row.trigger),
        requested_by=row.requested_by,
        publish=Publish(row.publish),
        dry_run=bool(row.dry_run),
        status=RunStatus(row.status),
        step=RunStep(row.step),
        snapshot_digest=row.snapshot_digest,
        mentees=int(row.mentees),
        pairs=int(row.pairs),
        left_out=int(row.left_out),
        files=int(row.files),
        files_published=int(row.files_published),
        published=int(row.published),
        skipped=int(row.skipped),
        failure=Failure(row.failure) if row.failure else None,
        tried=documents.from_bytes(MatchSettings, row.tried.encode()) if row.tried else None,
        basis=documents.from_bytes(Basis, row.basis.encode()) if row.basis else Basis(),
        settings_version=int(row.settings_version) if row.settings_version is not None else None,
        in_parts=bool(row.in_parts),
        attempt=int(row.attempt or 0),
        blocks=int(row.blocks or 0),
        blocks_done=int(row.blocks_done or 0),
        mentees_matched=int(row.mentees_matched or 0),
        failed_while=RunStatus(row.failed_while) if row.failed_while else None,
        started_at=instant_of(row.started_at),
        finished_at=instant_of(row.finished_at),
        created_at=from_text(row.created_at),
        version=int(row.version),
    )


def get_run(programme_id: str, run_id: str) -> MatchRun | None:
    row = tables.get(*run_key(programme_id, run_id))
    return run_of(row) if row else None


def runs_of(programme_id: str, page: PageRequest) -> Page[MatchRun]:
    """Return a programme's runs, newest first."""
    pk = _programme(programme_id)
    return tables.page_of(RunRow, pk, page, run_of, begins_with="RUN#", descending=True)


def put_run(run: MatchRun, now: datetime) -> Write:
    """Write a new run, or one over the version that was read; the conflict is `RunMoved`."""
    row_class, pk, sk = run_key(run.programme_id, run.id)
    row = row_class(
        pk, sk, trigger=run.trigger.value, requested_by=run.requested_by, publish=run.publish.value,
        dry_run=run.dry_run, status=run.status.value, step=run.step.value, snapshot_digest=run.snapshot_digest,
        mentees=run.mentees, pairs=run.pairs, left_out=run.left_out, files=run.files,
        files_published=run.files_published, published=run.published, skipped=run.skipped,
        failure=run.failure.value if run.failure else None,
        tried=documents.to_bytes(run.tried, whole=True).decode() if run.tried else None,
        basis=documents.to_bytes(run.basis).decode() if run.dry_run else None,
        settings_version=run.settings_version, started_at=text_of(run.started_at),
        finished_at=text_of(run.finished_at),
        failed_while=run.failed_while.value if run.failed_while else None,
        **(_of_parts(run) if run.in_parts else {}),
        **tables.stamps(to_text(now), text_of(run.created_at), run.version),
    )  # fmt: skip
    return tables.put(row, conflict=RunMoved("Read the run again, then decide."))


def _of_parts(run: MatchRun) -> dict[str, Any]:
    return {
        "in_parts": True, "attempt": run.attempt, "blocks": run.blocks, "blocks_done": run.blocks_done,
        "mentees_matched": run.mentees_matched,
    }  # fmt: skip


def report_of(row: ReportRow | None) -> MatchReport | None:
    return documents.from_bytes(MatchReport, row.data.encode()) if row else None


def comparison_of(row: ReportRow | None) -> Comparison | None:
    return documents.from_bytes(Comparison, row.comparison.encode()) if row and row.comparison else None


def last_run(programme_id: str) -> MatchRun | None:
    """Return the newest run that made pairs which stand; dry runs are none."""
    row: Any = RunRow
    stands = (row.dry_run == False) & row.status.is_in(*(one.value for one in STANDING)) & (row.pairs > 0)  # noqa: E712 - a condition
    found = tables.query_all(
        RunRow, _programme(programme_id), begins_with="RUN#", descending=True, limit=MAX_LIMIT, where=stands
    )
    return next((run_of(RunRow.parse(raw)) for raw in found), None)


def get_report(programme_id: str, run_id: str) -> MatchReport | None:
    return report_of(tables.get(*report_key(programme_id, run_id)))


def put_report(report: MatchReport, comparison: Comparison | None, now: datetime) -> Write:
    """Write a run's report; the same again changes nothing."""
    row_class, pk, sk = report_key(report.programme_id, report.run_id)
    data = documents.to_bytes(report).decode()
    compared = documents.to_bytes(comparison).decode() if comparison else None
    row = row_class(pk, sk, data=data, comparison=compared, **tables.stamps(to_text(now)))
    return tables.put_entry(row)


def progress_key(run: MatchRun, step: str, number: int) -> tuple[type[ProgressRow], str, str]:
    return ProgressRow, _programme(run.programme_id), f"PROGRESS#{run.id}#{step}#{number:06}"


def put_progress(
    run: MatchRun, step: str, number: int, *, published: int, skipped: int, pairs: int, now: datetime
) -> Write:
    """Say that an item of a step is done; the same again changes nothing."""
    row_class, pk, sk = progress_key(run, step, number)
    row = row_class(
        pk, sk, published=published, skipped=skipped, pairs=pairs,
        expires_at_epoch=int((now + KEEP_PROGRESS).timestamp()), **tables.stamps(to_text(now)),
    )  # fmt: skip
    return tables.put_entry(row)


def progress_of(run: MatchRun, step: str = "") -> Iterator[tuple[str, ProgressRow]]:
    """Yield what is done of a run in parts, by default of all steps, with the step that it is an item of."""
    prefix = f"PROGRESS#{run.id}#"
    begins_with = f"{prefix}{step}#" if step else prefix
    for raw in tables.query_all(ProgressRow, _programme(run.programme_id), begins_with=begins_with):
        row = ProgressRow.parse(raw)
        yield row.sk.removeprefix(prefix).partition("#")[0], row


def lock_of(programme_id: str, row: LockRow | None, *, dry_run: bool) -> Lock:
    if row is None:
        return Lock(programme_id, dry_run)
    return Lock(programme_id, dry_run, row.run_id, instant_of(row.lease_until), int(row.version))


def take_lock(before: Lock, run: MatchRun, lease_until: datetime, now: datetime) -> Write:
    """Take a lock as it was read: free, or stale; the conflict is `RunUnderWay`."""
    row_class, pk, sk = lock_key(run.programme_id, dry_run=run.dry_run)
    row = row_class(
        pk, sk, run_id=run.id, lease_until=to_text(lease_until),
        **tables.stamps(to_text(now), version=before.version),
    )  # fmt: skip
    return tables.put(row, conflict=RunUnderWay("Another one was started just now."))


def renew_lock(run: MatchRun, lease_until: datetime, now: datetime) -> Write:
    """Keep the lock that the run has until a later instant."""
    row = LockRow
    return tables.update(
        *lock_key(run.programme_id, dry_run=run.dry_run), [row.lease_until.set(to_text(lease_until))],
        condition=row.run_id == run.id, now=to_text(now),
        conflict=RunMoved("Another run has taken this one's place."),
    )  # fmt: skip


def free_lock(run: MatchRun, now: datetime) -> Write:
    """Give the lock back that the run has."""
    row = LockRow
    return tables.update(
        *lock_key(run.programme_id, dry_run=run.dry_run), [row.run_id.remove(), row.lease_until.remove()],
        condition=row.run_id == run.id, now=to_text(now),
        conflict=RunMoved("Another run has taken this one's place."),
    )  # fmt: skip


def choices_of(run: MatchRun, row: ChoicesRow | None) -> Choices:
    if row is None:
        return Choices(run.id, run.programme_id)
    by_slot = {Slot.of(slot): mentor_id for slot, mentor_id in row.by_mentee.items()}
    return Choices(run.id, run.programme_id, by_slot, from_text(row.created_at), int(row.version))


def get_choices(run: MatchRun) -> Choices:
    return choices_of(run, tables.get(*choices_key(run.programme_id, run.id)))


def put_choices(choices: Choices, now: datetime) -> Write:
    row_class, pk, sk = choices_key(choices.programme_id, choices.run_id)
    row = row_class(
        pk, sk, by_mentee={slot.text(): mentor_id for slot, mentor_id in choices.by_slot.items()},
        **tables.stamps(to_text(now), text_of(choices.created_at), choices.version),
    )  # fmt: skip
    return tables.put(row)


def get_reasons_of(person_ids: Sequence[str], programme_id: str) -> list[Reasons]:
    """Read what the last run of a programme came to for each of up to 100 mentees; those without are left out."""
    rows = tables.get_many([reasons_key(one, programme_id) for one in person_ids])
    return [found for row in rows if (found := reasons_of(row))]


def reasons_key(person_id: str, programme_id: str) -> tuple[type[ReasonsRow], str, str]:
    return ReasonsRow, _person(person_id), f"REASONS#{programme_id}"


def reasons_of(row: ReasonsRow | None) -> Reasons | None:
    return documents.from_bytes(Reasons, row.data.encode()) if row else None


def put_reasons(reasons: Reasons, now: datetime) -> Write:
    """Write what the last run came to for a mentee, over what an earlier one did."""
    row_class, pk, sk = reasons_key(reasons.person_id, reasons.programme_id)
    row = row_class(pk, sk, data=documents.to_bytes(reasons).decode(), **tables.stamps(to_text(now)))
    return tables.put_entry(row)


def audit(programme_id: str, **what: Any) -> Write:
    """Return the write of an audit row of a programme's matching; see `tables.audit`."""
    return tables.audit("matching", _programme(programme_id), **what)


def _programme(programme_id: str) -> str:
    return f"PROGRAMME#{programme_id}"


def _person(person_id: str) -> str:
    return f"PERSON#{person_id}"
