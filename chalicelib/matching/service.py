"""Match runs: what coordinators ask for, what mentees may know, and the steps that the worker takes.

The steps of a run are idempotent under the run's id: each reads what the one before stored, stores its own, and
only then says in the run's row that it is done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.pages import Page, PageRequest, cursor_of
from chalicelib.matching import files, runs, settings_store, store
from chalicelib.matching.access import audit, coordinated_run
from chalicelib.matching.model import (
    Comparison,
    Criterion,
    LeftOut,
    LeftOutReason,
    MatchResult,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    ProposedPair,
    Reason,
    Snapshot,
)
from chalicelib.matching.pairing import has_private_obstacle as has_private_obstacle
from chalicelib.matching.pairing import public_obstacle as public_obstacle
from chalicelib.matching.review import KIND, effective_pairs
from chalicelib.matching.runs import Failure as Failure
from chalicelib.matching.runs import MatchRun as MatchRun
from chalicelib.matching.runs import (
    Reasons,
    RunDetail,
    Trigger,
)
from chalicelib.matching.runs import RunMoved as RunMoved
from chalicelib.matching.runs import RunStatus as RunStatus
from chalicelib.matching.runs import RunStep as RunStep
from chalicelib.matching.runs import RunUnderWay as RunUnderWay
from chalicelib.matching.snapshot import snapshot_bytes, snapshot_digest, snapshot_from_bytes
from chalicelib.people import service as people
from chalicelib.people.model import Person, PersonStatus, Profile
from chalicelib.platform import outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import EnrolmentStatus, Programme, ProgrammeNotRunning, Side

if TYPE_CHECKING:
    from chalicelib.matching.lessons import Example, WeightProposal

LEFT_OUT_ANYHOW = (LeftOutReason(Reason.NO_MENTOR_LEFT),)
"""What a mentee is told whose pair came to nothing after the match: the same as for places given to others."""

_WAIT = "Wait until it is done; release or stop one that is held."


@dataclass(frozen=True)
class LeftOutPerson:
    """A mentee without a pair, for coordinators; None where the person is gone by now."""

    person: Person | None
    left_out: LeftOut


def start_run(
    call: Call, programme_id: str, *, dry_run: bool, tried: MatchSettings | None = None
) -> MatchRun:
    """Ask for a run (the programme's coordinators); the worker takes it from the outbox.

    Parameters
    ----------
    tried
        Settings for this dry run alone, to be compared with the programme's.

    Raises
    ------
    RunUnderWay
        While another one is queued, at work, or held for review.
    ProgrammeNotRunning
        Unless it is a dry run of a programme that is yet to start.
    """
    if tried is not None and not dry_run:
        raise Invalid.field("/settings", "Only a dry run takes settings of its own: set `dry_run` to true.")
    programme, (lock_row,) = programmes.coordinated(
        call, programme_id, store.lock_key(programme_id, dry_run=dry_run)
    )
    ready = not programme.is_over(call.now) if dry_run else programme.is_running(call.now)
    if not ready:
        raise ProgrammeNotRunning("A match can be run only while the programme runs.")
    run = MatchRun(
        call.new_id(), programme_id, Trigger.COORDINATOR, call.actor_id, programme.publish, dry_run,
        tried=tried, created_at=call.now,
    )  # fmt: skip
    return commit(call, _starting(call, run, lock_row), replace(run, version=1))


def start_scheduled(call: Call, programme: Programme, run_id: str) -> bool:
    """Start a programme's scheduled run under an id of its night; False if it was started before.

    A held run that nobody has touched for `HELD_LEASE` gives way to it.

    Raises
    ------
    RunUnderWay
        As for `start_run`.
    """
    lock_row, run_row = tables.get_many(
        [store.lock_key(programme.id, dry_run=False), store.run_key(programme.id, run_id)]
    )
    if run_row is not None:
        return False
    run = MatchRun(
        run_id, programme.id, Trigger.SCHEDULE, call.actor_id, programme.publish, created_at=call.now
    )
    return commit(call, _starting(call, run, lock_row), True)


def _starting(call: Call, run: MatchRun, lock_row: Row | None) -> list[Write]:
    lock = store.lock_of(run.programme_id, lock_row, dry_run=run.dry_run)  # type: ignore[arg-type]
    writes: list[Write] = []
    if not lock.is_free():
        if not lock.is_stale(call.now):
            raise RunUnderWay(_WAIT)
        writes += _make_way(call, run, str(lock.run_id))
    return [
        store.take_lock(lock, run, runs.lease(run, call.now), call.now),
        store.put_run(run, call.now),
        *writes,
        _work_message(call, run, "start"),
        audit(call, run.programme_id, "start_match_run", after=f"{run.id}:{run.trigger}"),
    ]


def _make_way(call: Call, run: MatchRun, before_id: str) -> list[Write]:
    """Return the writes that close a run whose lock is stale: its worker has gone silent, or nobody looked at it."""
    before = store.get_run(run.programme_id, before_id)
    if before is None or before.is_over:
        return []
    if before.status is not RunStatus.HELD:
        closed, action = runs.fail(before, Failure.TAKEN_OVER, call.now), "fail_match_run"
    elif run.trigger is Trigger.SCHEDULE:
        closed, action = runs.supersede(before, call.now), "supersede_match_run"
    else:
        # Whoever asks for a run can look at the one that is held, and say what becomes of it.
        raise RunUnderWay(_WAIT)
    told = audit(
        call, run.programme_id, action, before=f"{before_id}:{before.status}", after=closed.failure or run.id
    )
    return [store.put_run(closed, call.now), told]


def list_runs(call: Call, programme_id: str, page: PageRequest) -> Page[MatchRun]:
    """Return a programme's runs, newest first (its coordinators)."""
    programmes.coordinated(call, programme_id)
    return store.runs_of(programme_id, page)


def read_run(call: Call, programme_id: str, run_id: str) -> RunDetail:
    """Return a run with its progress and report (the programme's coordinators)."""
    _, run, (report_row,) = coordinated_run(
        call, programme_id, run_id, store.report_key(programme_id, run_id)
    )
    return RunDetail(run, store.report_of(report_row), store.comparison_of(report_row))


def list_left_out(call: Call, programme_id: str, run_id: str, page: PageRequest) -> Page[LeftOutPerson]:
    """Return the mentees whom the run found no pair for, with the reasons (the programme's coordinators)."""
    _, run, _ = coordinated_run(call, programme_id, run_id)
    start, stop = files.window(page, run.left_out)
    found = files.part(start, stop, lambda number: files.read_left_out(run, number))
    persons = people.get_people([one.person_id for one in found])
    items = tuple(LeftOutPerson(persons.get(one.person_id), one) for one in found)
    return Page(items, cursor_of(at=str(stop)) if stop < run.left_out else None)


def my_reasons(call: Call, programme_id: str) -> Reasons:
    """Return what the last run of a programme came to for the actor.

    Raises
    ------
    NotFound
        If no run has looked at them there.
    """
    found = store.get_reasons(call.actor_id, programme_id)
    if found is None:
        raise NotFound("No match of this programme has looked at you yet.")
    return found


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def settings_key(programme_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a programme's settings, for a read of several rows in one round trip."""
    return settings_store.settings_key(programme_id)


def settings_of(programme_id: str, row: Any) -> MatchSettings:
    """Read a programme's settings from the row at `settings_key`, or None."""
    return settings_store.settings_of(programme_id, row).settings


def explain_pair(
    mentee: Profile, mentor: Profile, settings: MatchSettings, *, waiting_since: datetime, now: datetime
) -> ProposedPair | None:
    """Return what a run at `now` would say of two people, whatever rule stands between them.

    They are looked at as a pool of two, so how rare their words are elsewhere does not count. None if a profile lacks
    what matching needs. Loads numpy, which the HTTP function must not.
    """
    from chalicelib.matching import engine

    if mentee.missing_for_matching() or mentor.missing_for_matching():
        return None
    return engine.explain_pair(
        MenteeEntry(mentee.person_id, mentee, waiting_since),
        MentorEntry(mentor.person_id, mentor, 1, datetime.max.replace(tzinfo=UTC)),
        settings,
        now,
    )


def stored_run(programme_id: str, run_id: str) -> tuple[bytes, bytes | None] | None:
    """Return the bytes of a run's snapshot and of its result, for the operator's replay; None where there is none."""
    run = store.get_run(programme_id, run_id)
    if run is None or run.step is RunStep.NONE:
        return None
    return files.read_snapshot(run), None if run.step is RunStep.SNAPSHOT else files.read_result(run)


def was_learnt(programme_id: str, now: datetime) -> bool:
    """Tell whether a programme has its proposal of this month."""
    # Here and below: what learns is loaded by the monthly job, and by no request that does not ask for it.
    from chalicelib.matching import proposing

    return proposing.was_learnt(programme_id, now)


def propose_weights(
    call: Call, programme_id: str, examples: Sequence[Example], *, young: int, unusable: int
) -> WeightProposal:
    """Learn from examples and write what they teach; see `proposing.propose_weights`."""
    from chalicelib.matching import proposing

    return proposing.propose_weights(call, programme_id, examples, young=young, unusable=unusable)


def weights_of_runs(programme_id: str, run_ids: Collection[str]) -> Mapping[str, Mapping[Criterion, int]]:
    """Return the weights, in millionths, that each of some runs followed; a run without a report is missing."""
    from chalicelib.matching import proposing

    return proposing.weights_of_runs(programme_id, run_ids)


# What the worker does. Who may ask for a run was decided when it was started.


def get_run(programme_id: str, run_id: str) -> MatchRun | None:
    return store.get_run(programme_id, run_id)


def begin(call: Call, run: MatchRun) -> MatchRun:
    """Start the work on a queued run."""
    return _keep(call, run, runs.begin(run, call.now))


def take_snapshot(call: Call, run: MatchRun, kept_apart: Iterable[tuple[str, str]]) -> MatchRun:
    """Store all that the match will look at, as it is now.

    Parameters
    ----------
    kept_apart
        Mentee and mentor of every pair that may not be proposed: mentored, declined, with a proposal open, or one that
        expired of late.
    """
    apart: dict[str, set[str]] = {}
    for mentee_id, mentor_id in kept_apart:
        apart.setdefault(mentee_id, set()).add(mentor_id)
    enrolments = [
        one
        for one in programmes.all_enrolments(run.programme_id)
        if one.status in (EnrolmentStatus.ACTIVE, EnrolmentStatus.PAUSED)
    ]
    known = people.snapshot_of([one.person_id for one in enrolments])
    mentees, mentors = [], []
    for one in enrolments:
        if one.person_id not in known:
            continue
        person, profile, blocked = known[one.person_id]
        active = one.status is EnrolmentStatus.ACTIVE and person.status is PersonStatus.ACTIVE
        if one.side is Side.MENTEE:
            declined = frozenset(apart.get(one.person_id, ()))
            mentees.append(
                MenteeEntry(
                    one.person_id, profile, waiting_since=one.enrolled_at or call.now, active=active,
                    places_left=one.free, blocked=blocked, declined=declined,
                )
            )  # fmt: skip
        else:
            mentors.append(
                MentorEntry(
                    one.person_id, profile, one.free, person.standing.verified_until, active=active,
                    blocked=blocked,
                )
            )  # fmt: skip
    present = settings_store.get_settings(run.programme_id)
    settings, version = (run.tried, None) if run.tried else (present.settings, present.version)
    snapshot = Snapshot(run.programme_id, run.id, call.now, tuple(mentees), tuple(mentors), settings)
    content = snapshot_bytes(snapshot)
    files.write_snapshot(run, content)
    return _keep(call, run, runs.snapshot_taken(run, snapshot_digest(content), len(mentees), version))


def match(call: Call, run: MatchRun) -> MatchRun:
    """Match the stored snapshot and store what came out."""
    # numpy, which the HTTP function must not import.
    from chalicelib.matching import engine
    from chalicelib.matching.engine import alternatives

    snapshot = snapshot_from_bytes(files.read_snapshot(run))
    planned = engine.plan(snapshot)
    result = engine.run_plan(planned)
    files.write_result(run, result)
    if run.is_reviewed:
        for number, part in enumerate(alternatives.review_files(planned, result, files.PER_FILE)):
            if isinstance(part, tuple):
                files.write_options(run, number, part)
            else:
                files.write_review_index(run, part)
    found = runs.matched(run, len(result.pairs), len(result.left_out), files.file_count(len(result.pairs)))
    comparison = _compared(run, snapshot, result) if run.tried else None
    return _keep(call, run, found, store.put_report(result.report, comparison, call.now))


def _compared(run: MatchRun, snapshot: Snapshot, tried: MatchResult) -> Comparison:
    """Match the same people by the programme's present settings, too, and set the two side by side."""
    from chalicelib.matching.engine import comparing

    present = replace(snapshot, settings=settings_store.get_settings(run.programme_id).settings)
    last = store.last_report(run.programme_id)
    return comparing.compare(present, tried, last)


def hold(call: Call, run: MatchRun, claimed: outbox.Message) -> MatchRun:
    """Leave the pairs to the coordinators; the programme stays busy with this run until they decide."""
    done = outbox.done(claimed, now=call.now)
    return _keep(call, run, runs.hold(run), done, _moved_audit(call, run, "hold_match_run"))


def publish(call: Call, run: MatchRun) -> MatchRun:
    """Go on to the proposals."""
    return _keep(call, run, runs.publish(run), _moved_audit(call, run, "publish_match_run"))


def hand_on(call: Call, run: MatchRun, claimed: outbox.Message) -> None:
    """Leave the rest of a run to another worker, by a message named for how far it has come.

    Raises
    ------
    RunMoved
        If another run has taken this one's place.
    """
    writes = [
        outbox.done(claimed, now=call.now),
        _work_message(call, run, f"from-{run.version}"),
        # It waits for its worker as a new one does.
        store.renew_lock(run, call.now + runs.QUEUED_LEASE, call.now),
    ]
    commit(call, writes, None)


def pairs_of_file(run: MatchRun, number: int) -> tuple[ProposedPair, ...]:
    """Return some of the pairs to propose: `run.files` files hold all of them."""
    if not run.is_reviewed:
        return files.read_pairs(run, number)
    return effective_pairs(run, store.get_choices(run), number)


def file_published(call: Call, run: MatchRun, made: Mapping[tuple[str, str], bool]) -> MatchRun:
    """Say that the pairs of the next file, mentee and mentor, have become proposals, or not; and let the mentees
    know."""
    proposed = {mentee_id for (mentee_id, _), yes in made.items() if yes}
    left = {mentee_id for mentee_id, _ in made} - proposed
    _tell(call, [Reasons(run.programme_id, one, run.id, call.now, True) for one in sorted(proposed)])
    _tell_without_proposal(call, run, [LeftOut(one, LEFT_OUT_ANYHOW) for one in sorted(left)])
    published = sum(made.values())
    return _keep(call, run, runs.file_published(run, published, len(made) - published))


def tell_left_out(call: Call, run: MatchRun) -> None:
    """Let the mentees without a pair know the reasons; whoever a coordinator gave a mentor has been told."""
    chosen: set[str] = set()
    if run.is_reviewed:
        by_slot = store.get_choices(run).by_slot
        chosen = {slot.mentee_id for slot in by_slot}
        removed = {slot.mentee_id for slot, mentor_id in by_slot.items() if mentor_id is None}
        _tell_without_proposal(call, run, [LeftOut(one, LEFT_OUT_ANYHOW) for one in sorted(removed)])
    for number in range(files.file_count(run.left_out)):
        people_ = files.read_left_out(run, number)
        _tell(call, [_left_out(call, run, one) for one in people_ if one.person_id not in chosen])


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
    return Reasons(run.programme_id, one.person_id, run.id, call.now, False, told, one.suggestions)


def _tell(call: Call, told: list[Reasons]) -> None:
    for start in range(0, len(told), tables.MAX_WRITES):
        part = told[start : start + tables.MAX_WRITES]
        commit(call, [store.put_reasons(one, call.now) for one in part], None)


def finish(call: Call, run: MatchRun, claimed: outbox.Message) -> MatchRun:
    """End a run, and free its programme for the next."""
    return _end(call, run, runs.finish(run, call.now), outbox.done(claimed, now=call.now))


def fail(call: Call, run: MatchRun, failure: Failure, claimed: outbox.Message) -> MatchRun:
    """End a run that cannot go on; what it has published stays."""
    return _end(call, run, runs.fail(run, failure, call.now), outbox.done(claimed, now=call.now))


def _end(call: Call, run: MatchRun, ended: MatchRun, *more: Write) -> MatchRun:
    writes = [
        store.put_run(ended, call.now),
        store.free_lock(run, call.now),
        *more,
        audit(call, run.programme_id, "end_match_run", before=f"{run.id}:{run.status}", after=ended.status),
    ]
    return commit(call, writes, replace(ended, version=(run.version or 0) + 1))


def _keep(call: Call, run: MatchRun, changed: MatchRun, *more: Write) -> MatchRun:
    """Write a run's progress, and renew its lock."""
    lease = store.renew_lock(run, runs.lease(changed, call.now), call.now)
    writes = [store.put_run(changed, call.now), lease, *more]
    return commit(call, writes, replace(changed, version=(run.version or 0) + 1))


def _work_message(call: Call, run: MatchRun, name: str) -> Write:
    """Return the write of a message that sets a worker to a run."""
    payload = {"programme_id": run.programme_id, "run_id": run.id}
    return outbox.message(f"{KIND}:{run.id}:{name}", outbox.Topic.MATCH_RUN, KIND, payload, now=call.now)


def _moved_audit(call: Call, run: MatchRun, action: str) -> Write:
    return audit(call, run.programme_id, action, before=f"{run.id}:{run.status}")
