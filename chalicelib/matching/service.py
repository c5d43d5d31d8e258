"""Match runs: what coordinators ask for, what mentees may know, and what other capabilities ask.

`steps.py` has what the worker does, `review.py` what coordinators do with pairs, `configuring.py` the settings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.call import Call, written
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest, cursor_of
from chalicelib.matching import configuring, files, progress, runs, settings_store, store
from chalicelib.matching.access import audit, coordinated_run
from chalicelib.matching.comparisons import asked_for
from chalicelib.matching.errors import EngineChanged as EngineChanged
from chalicelib.matching.errors import RunMoved as RunMoved
from chalicelib.matching.errors import RunUnderWay as RunUnderWay
from chalicelib.matching.files import is_nothing as is_nothing
from chalicelib.matching.files import parts_prefix as parts_prefix
from chalicelib.matching.lots import is_published as is_published
from chalicelib.matching.lots import line_up as line_up
from chalicelib.matching.lots import lot_published as lot_published
from chalicelib.matching.lots import pairs_of_lot as pairs_of_lot
from chalicelib.matching.lots import tell_lot as tell_lot
from chalicelib.matching.messages import work_message
from chalicelib.matching.model import (
    Criterion,
    LeftOut,
    MatchSettings,
    MenteeEntry,
    MentorEntry,
    PeopleOf,
    ProposedPair,
)
from chalicelib.matching.pairing import has_private_obstacle as has_private_obstacle
from chalicelib.matching.pairing import public_obstacle as public_obstacle
from chalicelib.matching.runs import Failure as Failure
from chalicelib.matching.runs import MatchRun as MatchRun
from chalicelib.matching.runs import (
    Reasons,
    RunDetail,
    Trigger,
)
from chalicelib.matching.runs import RunStatus as RunStatus
from chalicelib.matching.runs import RunStep as RunStep
from chalicelib.matching.steps import begin as begin
from chalicelib.matching.steps import fail as fail
from chalicelib.matching.steps import file_published as file_published
from chalicelib.matching.steps import finish as finish
from chalicelib.matching.steps import get_run as get_run
from chalicelib.matching.steps import hand_on as hand_on
from chalicelib.matching.steps import handed_over as handed_over
from chalicelib.matching.steps import hold as hold
from chalicelib.matching.steps import match as match
from chalicelib.matching.steps import pairs_of_file as pairs_of_file
from chalicelib.matching.steps import publish as publish
from chalicelib.matching.steps import take_snapshot as take_snapshot
from chalicelib.matching.steps import tell_left_out as tell_left_out
from chalicelib.people import service as people
from chalicelib.people.model import Person, Profile
from chalicelib.platform import tables
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Row, Write
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import ProgrammeNotRunning
from chalicelib.programmes.model import PairKind, Programme

if TYPE_CHECKING:
    from chalicelib.matching import engine, proposing
    from chalicelib.matching.lessons import Example, WeightProposal
    from chalicelib.matching.parts import steps as parts
else:
    engine = later("chalicelib.matching.engine")
    parts = later("chalicelib.matching.parts.steps")
    proposing = later("chalicelib.matching.proposing")


_WAIT = "Wait until it is done; release or stop one that is held."


@dataclass(frozen=True)
class LeftOutPerson:
    """A mentee without a pair, for coordinators; None where the person is gone by now. `locale` is that of the
    coordinator who reads it."""

    person: Person | None
    left_out: LeftOut
    locale: str
    kind: PairKind = PairKind.ONE_TO_ONE


@dataclass(frozen=True)
class MyReasons:
    """What a mentee reads of the last run, and how: their locale, and their country of practice if they name one."""

    reasons: Reasons
    locale: str
    country: str | None
    kind: PairKind = PairKind.ONE_TO_ONE


def start_run(
    call: Call,
    programme_id: str,
    *,
    dry_run: bool,
    tried: MatchSettings | None = None,
    people_of: PeopleOf | None = None,
    of_run: str | None = None,
) -> MatchRun:
    """Ask for a run (the programme's coordinators); the worker takes it from the outbox.

    Parameters
    ----------
    tried
        Settings for this dry run alone, to be compared with those before.
    people_of, of_run
        Whose people a dry run looks at. None: those of the run `of_run`, if it is given; else the whole programme's
        where settings are tried, and those of now where none are.

    Raises
    ------
    RunUnderWay
        While another one is queued, at work, or held for review.
    ProgrammeNotRunning
        Unless it is a dry run of a programme that is yet to start.
    """
    if tried is not None and not dry_run:
        raise Invalid.field("/settings", "Only a dry run takes settings of its own: set `dry_run` to true.")
    basis = asked_for(people_of, of_run, dry_run=dry_run, tries=tried is not None)
    keys = [store.lock_key(programme_id, dry_run=dry_run), settings_key(programme_id)]
    if of_run is not None:
        keys.append(store.run_key(programme_id, of_run))
    programme, (lock_row, settings_row, *run_rows) = programmes.coordinated(call, programme_id, *keys)
    if tried is not None and programme.kind is PairKind.PEER:
        raise Invalid.field("/settings", "Settings are not tried in a programme of peers: leave them out.")
    for row in run_rows:
        _require_snapshot(row)
    if tried is not None:
        try:
            configuring.require_pairs_of(programme_id, tried, settings_of(programme_id, settings_row))
        except Invalid as wrong:
            raise wrong.under("/settings") from wrong
    _require_ready(call, programme, dry_run=dry_run)
    run = MatchRun(
        call.new_id(), programme_id, Trigger.COORDINATOR, call.actor_id, programme.publish, dry_run,
        tried=tried, basis=replace(basis, mentee_places=programme.mentee_places), created_at=call.now,
    )  # fmt: skip
    return commit(call, _starting(call, run, lock_row), replace(run, version=1))


def _require_ready(call: Call, programme: Programme, *, dry_run: bool) -> None:
    ready = not programme.is_over(call.now) if dry_run else programme.is_running(call.now)
    if not ready:
        raise ProgrammeNotRunning("A match can be run only while the programme runs.")


def retry_run(call: Call, programme_id: str, run_id: str) -> MatchRun:
    """Take up a run in parts that failed where it was (the programme's coordinators): what is done stays done.

    Raises
    ------
    RunMoved, NotRetriable
        As `runs.retry`.
    RunUnderWay
        While the programme is busy with another run.
    ProgrammeNotRunning
        As for `start_run`.
    """
    # Whether it is a dry run, and which lock is its, its row says: so both locks are read.
    keys = [store.lock_key(programme_id, dry_run=dry_run) for dry_run in (False, True)]
    programme, run, lock_rows = coordinated_run(call, programme_id, run_id, *keys)
    again = runs.retry(run, call.now)
    _require_ready(call, programme, dry_run=run.dry_run)
    lock = store.lock_of(programme_id, lock_rows[run.dry_run], dry_run=run.dry_run)
    if not lock.is_free():
        raise RunUnderWay(_WAIT)
    writes = [
        store.put_run(again, call.now),
        # It waits for its worker as a new one does.
        store.take_lock(lock, again, call.now + runs.QUEUED_LEASE, call.now),
        work_message(call, again, f"retry-{again.attempt}"),
        audit(call, programme_id, "retry_match_run", before=f"{run.id}:{run.failure}", after=again.execution),
    ]
    return commit(call, writes, written(again))


def _require_snapshot(row: Any) -> None:
    """See that a run that is named is one of the programme's, and that its people are known."""
    if row is None:
        raise Invalid.field("/run_id", "This programme has no such run.")
    if store.run_of(row).step is RunStep.NONE:
        raise Invalid.field("/run_id", "This run has not looked at anybody yet.")


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
        work_message(call, run, "start"),
        audit(call, run.programme_id, "start_match_run", after=f"{run.id}:{run.trigger}"),
    ]


def _make_way(call: Call, run: MatchRun, before_id: str) -> list[Write]:
    """Return the writes that close a run whose lock is stale: its worker has gone silent, or nobody looked at it."""
    before = store.get_run(run.programme_id, before_id)
    if before is None or before.is_over:
        return []
    if before.status is not RunStatus.HELD:
        counted = progress.counted(before)
        closed, action = runs.fail(counted, Failure.TAKEN_OVER, call.now), "fail_match_run"
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
    found = store.runs_of(programme_id, page)
    return replace(found, items=tuple(progress.counted(one) for one in found.items))


def read_run(call: Call, programme_id: str, run_id: str) -> RunDetail:
    """Return a run with its progress and report (the programme's coordinators)."""
    keys = store.report_key(programme_id, run_id), people.person_key(call.actor_id)
    _, run, (report_row, reader_row) = coordinated_run(call, programme_id, run_id, *keys)
    report, comparison = store.report_of(report_row), store.comparison_of(report_row)
    named = people.get_people(list(comparison.newly_left_out)) if comparison else {}
    return RunDetail(progress.counted(run), report, comparison, people.locale_of(reader_row), named)


def list_left_out(call: Call, programme_id: str, run_id: str, page: PageRequest) -> Page[LeftOutPerson]:
    """Return the mentees whom the run found no pair for, with the reasons (the programme's coordinators)."""
    key = people.person_key(call.actor_id)
    programme, run, (reader_row,) = coordinated_run(call, programme_id, run_id, key)
    locale = people.locale_of(reader_row)
    start, stop = files.window(page, run.left_out)
    found = files.part(start, stop, lambda number: files.read_left_out(run, number))
    persons = people.get_people([one.person_id for one in found])
    items = tuple(LeftOutPerson(persons.get(one.person_id), one, locale, programme.kind) for one in found)
    return Page(items, cursor_of(at=str(stop)) if stop < run.left_out else None)


def my_reasons(call: Call, programme_id: str) -> MyReasons:
    """Return what the last run of a programme came to for the actor.

    Raises
    ------
    NotFound
        If no run has looked at them there.
    """
    reasons_row, programme_row, person_row, profile_row = tables.get_many(
        [
            store.reasons_key(call.actor_id, programme_id),
            programmes.programme_key(programme_id),
            people.person_key(call.actor_id),
            people.profile_key(call.actor_id),
        ]
    )
    found = store.reasons_of(reasons_row)
    if found is None:
        raise NotFound("No match of this programme has looked at you yet.")
    country = people.profile_of(profile_row).country if profile_row else None
    kind = programmes.programme_of(programme_row).kind if programme_row else PairKind.ONE_TO_ONE
    return MyReasons(found, people.locale_of(person_row), country, kind)


# What other capabilities ask. None of these checks who asks: the capability that calls has done so.


def settings_key(programme_id: str) -> tuple[type[Row], str, str]:
    """Return the key of a programme's settings, for a read of several rows in one round trip."""
    return settings_store.settings_key(programme_id)


def settings_of(programme_id: str, row: Any) -> MatchSettings:
    """Read a programme's settings from the row at `settings_key`, or None."""
    return settings_store.settings_of(programme_id, row).settings


def explain_pair(
    mentee: Profile,
    mentor: Profile,
    settings: MatchSettings,
    *,
    waiting_since: datetime,
    now: datetime,
    kind: PairKind = PairKind.ONE_TO_ONE,
    mentor_since: datetime | None = None,
) -> ProposedPair | None:
    """Return what a run at `now` would say of two people, whatever rule stands between them.

    They are looked at as a pool of two, so how rare their words are elsewhere does not count. None if a profile lacks
    what matching needs. Loads numpy, which the HTTP function must not.
    """
    if mentee.missing_for_matching() or mentor.missing_for_matching():
        return None
    return engine.explain_pair(
        MenteeEntry(mentee.person_id, mentee, waiting_since),
        MentorEntry(mentor.person_id, mentor, 1, datetime.max.replace(tzinfo=UTC)),
        settings,
        now,
        kind,
        mentor_since,
    )


MATCH_STEPS = ("enrol", "segment", "plan", "chunk", "block", "merge", "assign", "explain")
"""Of a run in parts, in their order, up to its report; `segment`, `chunk`, `block`, `merge` and `explain` are done for
many items at the same moment."""


def match_part(
    call: Call,
    run: MatchRun,
    step: str,
    item: Mapping[str, Any],
    kept_apart: Iterable[tuple[str, str, bool]],
) -> dict[str, Any]:
    """Do one of `MATCH_STEPS`, or one item of it; return what the next step has to know. Loads numpy.

    Parameters
    ----------
    kept_apart
        As of `steps.take_snapshot`; `enrol` reads it.

    Raises
    ------
    EngineChanged
        If the run was begun by another version of the engine.
    """
    match step:
        case "enrol":
            parts.enrol(call, run, kept_apart)
        case "plan":
            parts.plan(call, run)
        case "assign":
            return dict(parts.assign(call, run))
        case "segment":
            parts.segment(call, run, item)
        case "chunk":
            parts.chunk(call, run, item)
        case "block":
            parts.block(call, run, item)
        case "merge":
            parts.merge(call, run, item)
        case "explain":
            parts.explain(call, run, item)
        case _:
            raise ValueError(f"no step of the match is called {step!r}")
    return {}


def report_on_parts(call: Call, run: MatchRun) -> MatchRun:
    """Report on the match of a run in parts, unless there is a report; raises as `match_part`. Loads numpy."""
    return parts.report(call, run)


def stored_run(programme_id: str, run_id: str) -> tuple[bytes, bytes | None] | None:
    """Return the bytes of a run's snapshot and of its result, for the operator's replay; None where there is none, as
    of a run in parts."""
    run = store.get_run(programme_id, run_id)
    if run is None or run.step is RunStep.NONE or run.in_parts:
        return None
    return files.read_snapshot(run), None if run.step is RunStep.SNAPSHOT else files.read_result(run)


def was_learnt(programme_id: str, now: datetime) -> bool:
    """Tell whether a programme has its proposal of this month."""
    return proposing.was_learnt(programme_id, now)


def propose_weights(
    call: Call, programme_id: str, examples: Sequence[Example], *, young: int, unusable: int
) -> WeightProposal:
    """Learn from examples and write what they teach; see `proposing.propose_weights`."""
    return proposing.propose_weights(call, programme_id, examples, young=young, unusable=unusable)


def weights_of_runs(programme_id: str, run_ids: Collection[str]) -> Mapping[str, Mapping[Criterion, int]]:
    """Return the weights, in millionths, that each of some runs followed; a run without a report is missing."""
    return proposing.weights_of_runs(programme_id, run_ids)
