"""The steps of a run, as its worker takes them. Who may ask for a run was decided when it was started.

They are idempotent under the run's id: each reads what the one before stored, stores its own, and only then says in the
run's row that it is done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.later import later
from chalicelib.matching import files, progress, runs, settings_store, store, what_if
from chalicelib.matching.access import audit
from chalicelib.matching.entries import entries_of
from chalicelib.matching.messages import work_message
from chalicelib.matching.model import (
    Comparison,
    LeftOut,
    LeftOutReason,
    MatchResult,
    MatchSettings,
    PeopleOf,
    ProposedPair,
    Reason,
    Snapshot,
)
from chalicelib.matching.review import effective_pairs
from chalicelib.matching.runs import Failure, MatchRun, Reasons, Slot
from chalicelib.matching.snapshot import snapshot_bytes, snapshot_digest, snapshot_from_bytes
from chalicelib.people import service as people
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import PairKind, Programme

if TYPE_CHECKING:
    from chalicelib.matching import engine
    from chalicelib.matching.engine import alternatives, comparing
else:
    # With numpy, which the HTTP function must not import.
    engine = later("chalicelib.matching.engine")
    alternatives = later("chalicelib.matching.engine.alternatives")
    comparing = later("chalicelib.matching.engine.comparing")

LEFT_OUT_ANYHOW = (LeftOutReason(Reason.NO_MENTOR_LEFT),)
"""What a mentee is told whose pair came to nothing after the match: the same as for places given to others."""

NO_OTHER_ANYHOW = (LeftOutReason(Reason.NO_FURTHER_MENTOR),)
"""The same for a mentee who has a mentor or an open proposal already."""


def get_run(programme_id: str, run_id: str) -> MatchRun | None:
    return store.get_run(programme_id, run_id)


def begin(call: Call, run: MatchRun, *, in_parts: bool = False) -> MatchRun:
    """Start the work on a queued run, in one process or in parts."""
    return keep(call, run, runs.begin(run, call.now, in_parts=in_parts))


def take_snapshot(call: Call, run: MatchRun, kept_apart: Iterable[tuple[str, str, bool]]) -> MatchRun:
    """Store all that the match will look at: as it is now, as if nobody had been matched, or as a run found it.

    Parameters
    ----------
    kept_apart
        Mentee and mentor of every pair that may not be proposed: mentored, declined, with a proposal open, or one that
        expired of late; and whether one of the two declined.
    """
    programme = programmes.get_programme(run.programme_id)
    if programme is None:
        raise NotFound
    present = settings_store.get_settings(run.programme_id)
    settings, version = (run.tried, None) if run.tried else (present.settings, present.version)
    basis, earlier = what_if.earlier_snapshot(run.basis, programme)
    if run.dry_run:
        basis = replace(basis, mentee_places=programme.mentee_places)
    if earlier is None:
        whole = basis.people is PeopleOf.ALL
        snapshot = _as_now(call, run, programme, kept_apart, settings, whole=whole)
    else:
        snapshot = replace(earlier, run_id=run.id, settings=settings, ties=earlier.ties or earlier.run_id)
    if run.tried or earlier:
        files.write_before(run, earlier.settings if earlier else present.settings)
    content = snapshot_bytes(snapshot)
    files.write_snapshot(run, content)
    taken = runs.snapshot_taken(run, snapshot_digest(content), len(snapshot.mentees), version, basis)
    return keep(call, run, taken)


def _as_now(
    call: Call,
    run: MatchRun,
    programme: Programme,
    kept_apart: Iterable[tuple[str, str, bool]],
    settings: MatchSettings,
    *,
    whole: bool,
) -> Snapshot:
    """Return people as they are; `whole` as if no run had matched anybody: all places are free, and nobody is kept
    apart but by a no."""
    apart: dict[str, set[str]] = {}
    for mentee_id, mentor_id, declined in kept_apart:
        if declined or not whole:
            apart.setdefault(mentee_id, set()).add(mentor_id)
    enrolments = [
        replace(one, free=one.capacity) if whole else one
        for one in programmes.all_enrolments(programme)
        if one.takes_part
    ]
    known = people.snapshot_of([one.person_id for one in enrolments])
    mentees, mentors = entries_of(programme, enrolments, known, apart, call.now)
    return Snapshot(
        run.programme_id, run.id, call.now, tuple(mentees), tuple(mentors), settings,
        mentee_places=programme.mentee_places, kind=programme.kind,
    )  # fmt: skip


def match(call: Call, run: MatchRun) -> MatchRun:
    """Match the stored snapshot and store what came out."""
    snapshot = snapshot_from_bytes(files.read_snapshot(run))
    planned = engine.plan(snapshot)
    result = engine.run_plan(planned)
    files.write_result(run, result)
    files.write_with_one(run, (one.person_id for one in snapshot.mentees if one.has_one))
    if run.is_reviewed:
        for number, part in enumerate(alternatives.review_files(planned, result, files.PER_FILE)):
            if isinstance(part, tuple):
                files.write_options(run, number, part)
            else:
                files.write_review_index(run, part)
    found = runs.matched(run, len(result.pairs), len(result.left_out), files.file_count(len(result.pairs)))
    comparison = _compared(run, snapshot, result) if run.is_compared else None
    return keep(call, run, found, store.put_report(result.report, comparison, call.now))


def _compared(run: MatchRun, snapshot: Snapshot, tried: MatchResult) -> Comparison:
    """Match the same people by the settings before, too, and set the two side by side."""
    before = replace(snapshot, settings=files.read_before(run))
    last = run.basis.run_id or (found.id if (found := store.last_run(run.programme_id)) else None)
    report = store.get_report(run.programme_id, last) if last else None
    return comparing.compare(before, tried, report, settings=snapshot.settings, basis=run.basis)


def hold(call: Call, run: MatchRun, claimed: outbox.Message | None = None) -> MatchRun:
    """Leave the pairs to the coordinators; the programme stays busy with this run until they decide."""
    held = runs.hold(progress.counted(run))
    return keep(call, run, held, *_done(call, claimed), _moved_audit(call, run, "hold_match_run"))


def publish(call: Call, run: MatchRun) -> MatchRun:
    """Go on to the proposals."""
    published = runs.publish(progress.counted(run))
    return keep(call, run, published, _moved_audit(call, run, "publish_match_run"))


def handed_over(call: Call, run: MatchRun, claimed: outbox.Message) -> None:
    """Say that the state machine has a run in parts from here on: its worker is done.

    Raises
    ------
    RunMoved
        If another run has taken this one's place.
    """
    lease = store.renew_lock(run, runs.lease(run, call.now), call.now)
    commit(call, [outbox.done(claimed, now=call.now), lease], None)


def hand_on(call: Call, run: MatchRun, claimed: outbox.Message) -> None:
    """Leave the rest of a run to another worker, by a message named for how far it has come.

    Raises
    ------
    RunMoved
        If another run has taken this one's place.
    """
    writes = [
        outbox.done(claimed, now=call.now),
        work_message(call, run, f"from-{run.version}"),
        # It waits for its worker as a new one does.
        store.renew_lock(run, call.now + runs.QUEUED_LEASE, call.now),
    ]
    commit(call, writes, None)


def pairs_of_file(run: MatchRun, number: int) -> tuple[ProposedPair, ...]:
    """Return some of the pairs to propose: `run.files` files hold all of them."""
    if not run.takes_choices:
        return files.read_pairs(run, number)
    return effective_pairs(run, store.get_choices(run), number)


def file_published(
    call: Call, run: MatchRun, made: Mapping[tuple[str, str], bool], *, is_of_peers: bool = False
) -> MatchRun:
    """Say that the pairs of the next file, mentee and mentor, have become proposals, or not; and let the mentees know,
    of peers both."""
    tell_published(call, run, made, is_of_peers=is_of_peers)
    published = sum(made.values())
    return keep(call, run, runs.file_published(run, published, len(made) - published))


def tell_published(
    call: Call, run: MatchRun, made: Mapping[tuple[str, str], bool], *, is_of_peers: bool = False
) -> None:
    """Let mentees know, of peers both, whether their pairs have become proposals."""
    proposed = {mentee_id for (mentee_id, _), yes in made.items() if yes}
    left = {mentee_id for mentee_id, _ in made}
    if is_of_peers:
        proposed |= {other_id for (_, other_id), yes in made.items() if yes}
        left |= {other_id for _, other_id in made}
    left -= proposed
    with_one = files.read_with_one(run)
    _tell(
        call,
        [
            Reasons(run.programme_id, one, run.id, call.now, True, has_one=one in with_one)
            for one in sorted(proposed)
        ],
    )
    _tell_without_proposal(call, run, _left_anyhow(left, with_one))


def tell_left_out(call: Call, run: MatchRun) -> None:
    """Let the mentees without a pair know the reasons; whoever a coordinator gave a mentor has been told."""
    chosen: set[str] = set()
    if run.takes_choices:
        by_slot = store.get_choices(run).by_slot
        chosen = {slot.mentee_id for slot in by_slot}
        removed = {slot.mentee_id for slot, mentor_id in by_slot.items() if mentor_id is None}
        removed |= _other_peers(run, by_slot)
        _tell_without_proposal(call, run, _left_anyhow(removed, files.read_with_one(run)))
    for number in range(files.file_count(run.left_out)):
        tell_left_out_file(call, run, number, but=chosen)


def tell_left_out_file(call: Call, run: MatchRun, number: int, *, but: Collection[str] = ()) -> None:
    """Let those mentees of one file of people left out know the reasons who are not among `but`."""
    people_ = files.read_left_out(run, number)
    _tell(call, [_left_out(call, run, one) for one in people_ if one.person_id not in but])


def _other_peers(run: MatchRun, changed: Collection[Slot]) -> set[str]:
    """Return, of peers whose pair a coordinator has taken out, those by whom it is not named."""
    programme = programmes.get_programme(run.programme_id)
    if programme is None or programme.kind is not PairKind.PEER:
        return set()
    found = files.read_review_index(run).chosen
    return {one.mentor_id for one in found if Slot(one.mentee_id, one.round) in changed}


def _left_anyhow(mentee_ids: Iterable[str], with_one: Collection[str]) -> list[LeftOut]:
    return [
        LeftOut(one, NO_OTHER_ANYHOW, has_one=True) if one in with_one else LeftOut(one, LEFT_OUT_ANYHOW)
        for one in sorted(mentee_ids)
    ]


def _tell_without_proposal(call: Call, run: MatchRun, people_: Sequence[LeftOut]) -> None:
    """Tell mentees whose pair came to nothing, but for those who have a proposal from another round of the run."""
    for start in range(0, len(people_), tables.MAX_READS):
        part = people_[start : start + tables.MAX_READS]
        known = store.get_reasons_of([one.person_id for one in part], run.programme_id)
        have_one = {one.person_id for one in known if one.run_id == run.id and one.proposed}
        _tell(call, [_left_out(call, run, one) for one in part if one.person_id not in have_one])


def _left_out(call: Call, run: MatchRun, one: LeftOut) -> Reasons:
    """Return what a mentee is told. That no mentor was left comes without numbers, whatever the cause: numbers that
    are there for some and not for others would tell whose pair was taken away. Nor does it say what would have brought
    a match tonight, which follows from who got whom."""
    told = tuple(LeftOutReason(r.code) if r.code is Reason.NO_MENTOR_LEFT else r for r in one.reasons)
    return Reasons(
        run.programme_id, one.person_id, run.id, call.now, False, told, one.suggestions, one.has_one
    )


def _tell(call: Call, told: list[Reasons]) -> None:
    for start in range(0, len(told), tables.MAX_WRITES):
        part = told[start : start + tables.MAX_WRITES]
        commit(call, [store.put_reasons(one, call.now) for one in part], None)


def finish(call: Call, run: MatchRun, claimed: outbox.Message | None = None) -> MatchRun:
    """End a run, and free its programme for the next; no message carries one that the state machine has."""
    return _end(call, run, runs.finish(progress.counted(run), call.now), *_done(call, claimed))


def fail(call: Call, run: MatchRun, failure: Failure, claimed: outbox.Message | None = None) -> MatchRun:
    """End a run that cannot go on; what it has published stays."""
    return _end(call, run, runs.fail(progress.counted(run), failure, call.now), *_done(call, claimed))


def _done(call: Call, claimed: outbox.Message | None) -> list[Write]:
    return [outbox.done(claimed, now=call.now)] if claimed else []


def _end(call: Call, run: MatchRun, ended: MatchRun, *more: Write) -> MatchRun:
    writes = [
        store.put_run(ended, call.now),
        store.free_lock(run, call.now),
        *more,
        audit(call, run.programme_id, "end_match_run", before=f"{run.id}:{run.status}", after=ended.status),
    ]
    return commit(call, writes, written(ended))


def keep(call: Call, run: MatchRun, changed: MatchRun, *more: Write) -> MatchRun:
    """Write a run's progress, and renew its lock."""
    lease = store.renew_lock(run, runs.lease(changed, call.now), call.now)
    writes = [store.put_run(changed, call.now), lease, *more]
    return commit(call, writes, written(changed))


def _moved_audit(call: Call, run: MatchRun, action: str) -> Write:
    return audit(call, run.programme_id, action, before=f"{run.id}:{run.status}")
