"""Match runs: their states, their moves, and what they leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.kernel.errors import FieldError
from chalicelib.matching.errors import NotRetriable, RunMoved
from chalicelib.matching.model import (
    Basis,
    Comparison,
    LeftOut,
    LeftOutReason,
    MatchReport,
    MatchSettings,
    PeopleOf,
    ProposedPair,
    Suggestion,
)
from chalicelib.matching.settings import warnings
from chalicelib.people.model import Person
from chalicelib.programmes.model import Publish

QUEUED_LEASE = timedelta(hours=6)
"""How long a run may wait for its worker before another may take its place."""

WORKING_LEASE = timedelta(minutes=30)
"""The same for a run at work. Each step renews it, and a worker lives for a quarter of an hour at most."""

LARGE_LEASE = timedelta(hours=4)
"""The same for a run in parts while the state machine works at it: an execution lives for three hours at most."""

RETRY_WITHIN = timedelta(hours=24)
"""How long after its beginning a run in parts that failed may be taken up again: its people are as they were then.
Ours."""

HELD_LEASE = timedelta(days=6)
"""The same for a held run, from its match or its last change on. Its pairs are of people as they were then, and
while it waits its programme is matched by no other. Six days, so that the next week's night finds it over."""

MAX_CHOICES = 2000
"""Changes that a coordinator may make to the pairs of one run: they are kept in one row."""


class Trigger(StrEnum):
    SCHEDULE = "schedule"
    COORDINATOR = "coordinator"


class RunStatus(StrEnum):
    """QUEUED and RUNNING until the pairs are known; HELD while a coordinator looks at them; PUBLISHING while they
    become proposals. DONE, FAILED, STOPPED and SUPERSEDED are final: the last was held, and nobody touched it until a
    later night took its place."""

    QUEUED = "queued"
    RUNNING = "running"
    HELD = "held"
    PUBLISHING = "publishing"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"


class RunStep(StrEnum):
    """The last step that is done for good: what a worker who takes over can go on from."""

    NONE = "none"
    SNAPSHOT = "snapshot"
    MATCHED = "matched"
    PUBLISHED = "published"


class RunMove(StrEnum):
    BEGIN = "begin"
    HOLD = "hold"
    PUBLISH = "publish"
    FINISH = "finish"
    FAIL = "fail"
    STOP = "stop"
    SUPERSEDE = "supersede"
    RETRY = "retry"
    RETRY_PUBLISHING = "retry_publishing"


_S, _M = RunStatus, RunMove
MOVES: Mapping[tuple[RunStatus, RunMove], RunStatus] = {
    (_S.QUEUED, _M.BEGIN): _S.RUNNING,
    (_S.QUEUED, _M.FAIL): _S.FAILED,
    (_S.QUEUED, _M.STOP): _S.STOPPED,
    (_S.RUNNING, _M.HOLD): _S.HELD,
    (_S.RUNNING, _M.PUBLISH): _S.PUBLISHING,
    (_S.RUNNING, _M.FINISH): _S.DONE,
    (_S.RUNNING, _M.FAIL): _S.FAILED,
    (_S.RUNNING, _M.STOP): _S.STOPPED,
    (_S.HELD, _M.PUBLISH): _S.PUBLISHING,
    (_S.HELD, _M.STOP): _S.STOPPED,
    (_S.HELD, _M.SUPERSEDE): _S.SUPERSEDED,
    (_S.PUBLISHING, _M.FINISH): _S.DONE,
    (_S.PUBLISHING, _M.FAIL): _S.FAILED,
    (_S.FAILED, _M.RETRY): _S.RUNNING,
    (_S.FAILED, _M.RETRY_PUBLISHING): _S.PUBLISHING,
}
"""All moves there are; whatever is not here is refused. The last two are of runs in parts alone, see `retry`."""


_FINAL = (_S.DONE, _S.FAILED, _S.STOPPED, _S.SUPERSEDED)

STANDING = (_S.HELD, _S.PUBLISHING, _S.DONE)
"""Of runs whose pairs stand: they wait for a coordinator, or become proposals, or have done so."""


class Failure(StrEnum):
    """Why a run failed. What was published before stays."""

    GAVE_UP = "gave_up"  # its workers failed, or died at it, as often as it was tried
    TAKEN_OVER = "taken_over"  # its worker went silent and another run took its place
    PROGRAMME_NOT_RUNNING = "programme_not_running"  # ended or paused before the pairs were proposed
    TOO_LARGE_TO_COMPARE = (
        "too_large_to_compare"  # what-ifs are made in one process, which so many people outgrow
    )
    ENGINE_CHANGED = "engine_changed"  # the service was updated while it was matched in parts


@dataclass(frozen=True)
class MatchRun:
    """One execution of matching for a programme.

    Attributes
    ----------
    publish
        What the programme said when the run was asked for.
    pairs, left_out, files
        Of the result: pairs, mentees without one, and the files that the pairs are kept in.
    mentees
        Mentees in the snapshot.
    files_published
        Files whose pairs have all become proposals or been skipped.
    tried
        Settings of this dry run alone; None follows the programme's.
    basis
        The people that it looks at.
    settings_version
        Of the programme's settings that it follows, once its snapshot is taken; None for those that are tried.
    published, skipped
        Pairs that did, and those for which no place was left any more or something came between.
    in_parts
        Whether the state machine works at it, since the programme is large.
    attempt
        Executions of the state machine so far, the present one among them.
    blocks, blocks_done, mentees_matched
        Of a run in parts: blocks of the pool, known with its snapshot; how many are scored, and the mentees whom the
        assignment found a mentor for. The two, and what is published, are counted elsewhere while it is at work, and
        stand here once it is not (`progress.py`).
    failed_while
        What a run that failed was at, RUNNING or PUBLISHING.
    """

    id: str
    programme_id: str
    trigger: Trigger
    requested_by: str
    publish: Publish
    dry_run: bool = False
    status: RunStatus = RunStatus.QUEUED
    step: RunStep = RunStep.NONE
    snapshot_digest: str | None = None
    mentees: int = 0
    pairs: int = 0
    left_out: int = 0
    files: int = 0
    files_published: int = 0
    published: int = 0
    skipped: int = 0
    failure: Failure | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    tried: MatchSettings | None = None
    basis: Basis = field(default_factory=Basis)
    settings_version: int | None = None
    in_parts: bool = False
    attempt: int = 0
    blocks: int = 0
    blocks_done: int = 0
    mentees_matched: int = 0
    failed_while: RunStatus | None = None
    created_at: datetime | None = None
    version: int | None = None

    @property
    def is_reviewed(self) -> bool:
        """Tell whether the pairs are, or were, a coordinator's to change."""
        return self.publish is Publish.REVIEW and not self.dry_run

    @property
    def takes_choices(self) -> bool:
        """Tell whether a review of it may change single pairs: of a run in parts no mentee's other pairs are kept."""
        return self.is_reviewed and not self.in_parts

    @property
    def is_over(self) -> bool:
        return self.status in _FINAL

    @property
    def is_at_work(self) -> bool:
        return self.status in (RunStatus.RUNNING, RunStatus.PUBLISHING)

    @property
    def execution(self) -> str:
        """Return the name of the present execution of the state machine."""
        return f"{self.id}-{self.attempt}"

    @property
    def is_compared(self) -> bool:
        """Tell whether there are settings to compare its own with."""
        return self.tried is not None or self.basis.is_earlier

    @property
    def is_what_if(self) -> bool:
        """Tell whether it tries other settings, or looks at other people than those of now."""
        return self.is_compared or self.basis.people is not PeopleOf.NOW

    @property
    def warnings(self) -> tuple[FieldError, ...]:
        """Return what of the settings that are tried has no effect by the programme's rules."""
        places = self.basis.mentee_places
        return warnings(self.tried, places) if self.tried is not None and places is not None else ()


@dataclass(frozen=True)
class Progress:
    """How far a run in parts has come.

    Attributes
    ----------
    blocks, blocks_done
        Blocks of the pool, 0 until they are known, and those whose pairs are scored.
    pairs
        Mentees whom the assignment found a mentor for; 0 before it.
    published, skipped
        As of `MatchRun`.
    """

    blocks: int = 0
    blocks_done: int = 0
    pairs: int = 0
    published: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class Lock:
    """Which run a programme is busy with; a dry run has a lock of its own, since it changes nothing."""

    programme_id: str
    dry_run: bool
    run_id: str | None = None
    lease_until: datetime | None = None
    version: int | None = None

    def is_free(self) -> bool:
        return self.run_id is None

    def is_stale(self, now: datetime) -> bool:
        """Tell whether the run that has it has gone silent, or nobody has touched it for as long as it was held."""
        return self.run_id is not None and self.lease_until is not None and self.lease_until < now


@dataclass(frozen=True)
class Reasons:
    """What the last run came to for one mentee: proposed, or left out and why, and what would open mentors to them;
    and whether they had a mentor or an open proposal before it."""

    programme_id: str
    person_id: str
    run_id: str
    at: datetime
    proposed: bool
    reasons: tuple[LeftOutReason, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    has_one: bool = False


@dataclass(frozen=True, order=True)
class Slot:
    """One of the pairs that a run may make of a mentee: the first, or a further one."""

    mentee_id: str
    round: int = 1

    def text(self) -> str:
        """Write it as the row of the choices has it."""
        return self.mentee_id if self.round == 1 else f"{self.mentee_id}#{self.round}"

    @classmethod
    def of(cls, text: str) -> Slot:
        """Read what `text` wrote."""
        mentee_id, _, round_ = text.partition("#")
        return cls(mentee_id, int(round_ or 1))


@dataclass(frozen=True)
class Choices:
    """A coordinator's changes to the pairs of a held run: by slot the mentor instead, or None for no pair."""

    run_id: str
    programme_id: str
    by_slot: Mapping[Slot, str | None] = field(default_factory=dict)
    created_at: datetime | None = None
    version: int | None = None


# The files of a run. Small ones, so that a page of a list reads one or two.


@dataclass(frozen=True)
class PairFile:
    """Some of the pairs, by mentee id."""

    pairs: tuple[ProposedPair, ...]


@dataclass(frozen=True)
class LeftOutFile:
    """Some of the mentees without a pair, by id."""

    people: tuple[LeftOut, ...]


@dataclass(frozen=True)
class IdsFile:
    """Some of the people of a run, by id."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class Options:
    """A mentee's best admissible pairs, the chosen ones among them, the best first; and how many of them the run may
    make, as its settings and the mentee's places have it."""

    mentee_id: str
    pairs: tuple[ProposedPair, ...]
    places: int = 1


@dataclass(frozen=True)
class OptionsFile:
    mentees: tuple[Options, ...]


@dataclass(frozen=True)
class Chosen:
    mentee_id: str
    mentor_id: str
    round: int = 1


@dataclass(frozen=True)
class Places:
    mentor_id: str
    places: int


@dataclass(frozen=True)
class ReviewIndex:
    """What a review needs to know of the whole run: the first mentee of each options file, the pairs that the run
    chose by mentee id and round, and each mentor's places."""

    firsts: tuple[str, ...]
    chosen: tuple[Chosen, ...]
    places: tuple[Places, ...]


@dataclass(frozen=True)
class RunDetail:
    """A run with its report, once there is one, and what settings that were tried would change; `locale` is that of
    the coordinator who reads it, and `persons` are those of its people whom it names."""

    run: MatchRun
    report: MatchReport | None
    comparison: Comparison | None = None
    locale: str = ""
    persons: Mapping[str, Person] = field(default_factory=dict)

    @property
    def version(self) -> int | None:
        return self.run.version


def begin(run: MatchRun, now: datetime, *, in_parts: bool = False) -> MatchRun:
    """Start the work, in one process or in parts; raises `RunMoved` if the run is not waiting for it."""
    return replace(
        _moved(run, RunMove.BEGIN), started_at=now, in_parts=in_parts, attempt=1 if in_parts else 0
    )


def snapshot_taken(
    run: MatchRun, digest: str, mentees: int, settings_version: int | None, basis: Basis, blocks: int = 0
) -> MatchRun:
    return replace(
        run,
        step=RunStep.SNAPSHOT,
        snapshot_digest=digest,
        mentees=mentees,
        settings_version=settings_version,
        basis=basis,
        blocks=blocks,
    )


def matched(run: MatchRun, pairs: int, left_out: int, files: int) -> MatchRun:
    return replace(run, step=RunStep.MATCHED, pairs=pairs, left_out=left_out, files=files)


def hold(run: MatchRun) -> MatchRun:
    return _moved(run, RunMove.HOLD)


def publish(run: MatchRun) -> MatchRun:
    return _moved(run, RunMove.PUBLISH)


def release(run: MatchRun) -> MatchRun:
    """Go on with a held run; one in parts takes an execution of its own for it."""
    return replace(publish(run), attempt=run.attempt + 1 if run.in_parts else run.attempt)


def file_published(run: MatchRun, published: int, skipped: int) -> MatchRun:
    """Count one more file of pairs as published."""
    return replace(
        run,
        files_published=run.files_published + 1,
        published=run.published + published,
        skipped=run.skipped + skipped,
    )


def finish(run: MatchRun, now: datetime) -> MatchRun:
    done = _moved(run, RunMove.FINISH)
    return replace(done, step=run.step if run.dry_run else RunStep.PUBLISHED, finished_at=now)


def fail(run: MatchRun, failure: Failure, now: datetime) -> MatchRun:
    return replace(_moved(run, RunMove.FAIL), failure=failure, finished_at=now, failed_while=run.status)


def retry(run: MatchRun, now: datetime) -> MatchRun:
    """Take up a run in parts that failed where it was, by another execution.

    Raises
    ------
    NotRetriable
        If it has not failed, is not in parts, another run or another version of the engine has come since, or it began
        longer ago than `RETRY_WITHIN`; one that failed as it published, if it failed so long ago.
    """
    if run.status is not RunStatus.FAILED:
        raise NotRetriable(f"It is {run.status}; a run can be taken up again when it has failed.")
    move = RunMove.RETRY_PUBLISHING if run.failed_while is RunStatus.PUBLISHING else RunMove.RETRY
    again = _moved(run, move)
    if not run.in_parts or run.started_at is None:
        raise NotRetriable("Only a run of a programme that is matched in parts can be. Start another run.")
    if run.failure is Failure.ENGINE_CHANGED:
        raise NotRetriable("The service matches otherwise since it was updated. Start another run.")
    if run.failure not in (Failure.GAVE_UP, Failure.PROGRAMME_NOT_RUNNING):
        raise NotRetriable("Another run has taken its place since. Start another run.")
    # Its pairs may have been held for days; each is looked at again before it is proposed.
    since = (run.finished_at or now) if move is RunMove.RETRY_PUBLISHING else run.started_at
    if now >= since + RETRY_WITHIN:
        raise NotRetriable("It failed, or began, more than 24 hours ago. Start another run.")
    return replace(again, failure=None, failed_while=None, finished_at=None, attempt=run.attempt + 1)


def counted(run: MatchRun, progress: Progress) -> MatchRun:
    """Return a run in parts with what its steps have come to."""
    return replace(
        run,
        blocks_done=progress.blocks_done,
        mentees_matched=progress.pairs,
        published=progress.published,
        skipped=progress.skipped,
    )


def stop(run: MatchRun, now: datetime) -> MatchRun:
    return replace(_moved(run, RunMove.STOP), finished_at=now)


def supersede(run: MatchRun, now: datetime) -> MatchRun:
    """Close a held run that a later one takes the place of."""
    return replace(_moved(run, RunMove.SUPERSEDE), finished_at=now)


def lease(run: MatchRun, now: datetime) -> datetime:
    """Return until when a run keeps its programme's lock without a sign of life."""
    match run.status:
        case RunStatus.HELD:
            return now + HELD_LEASE
        case RunStatus.QUEUED:
            return now + QUEUED_LEASE
        case _:
            return now + (LARGE_LEASE if run.in_parts else WORKING_LEASE)


def _moved(run: MatchRun, move: RunMove) -> MatchRun:
    status = MOVES.get((run.status, move))
    if status is None:
        raise RunMoved(f"It is {run.status}, so this cannot be done with it.")
    return replace(run, status=status)
