"""The pairs of a run: read by coordinators, and changed by them while a run is held."""

from collections import Counter
from dataclasses import dataclass, replace

from chalicelib.kernel.call import Call, require_version
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import Page, PageRequest, cursor_of
from chalicelib.matching import files, runs, store
from chalicelib.matching.access import audit, coordinated_run
from chalicelib.matching.model import ProposedPair
from chalicelib.matching.runs import (
    MAX_CHOICES,
    Choices,
    MatchRun,
    MentorFull,
    NotAdmissible,
    Options,
    ReviewIndex,
    RunMoved,
    RunNotHeld,
    RunStatus,
    RunStep,
    TooManyChoices,
)
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes.model import ProgrammeNotRunning

KIND = "match-run"
_PAGE = 50  # two names a pair fit one read of a hundred


@dataclass(frozen=True)
class NamedPair:
    """A pair with the people in it (None where one is gone), and whether a coordinator made it; `locale` is that of
    the coordinator who reads it."""

    pair: ProposedPair
    mentee: Person | None
    mentor: Person | None
    changed: bool
    locale: str


@dataclass(frozen=True)
class PairReview:
    """One mentee's pair as it stands, and what may be chosen instead, the best first; `version` is the run's."""

    mentee_id: str
    mentor_id: str | None
    options: tuple[NamedPair, ...]
    version: int | None


def list_pairs(call: Call, programme_id: str, run_id: str, page: PageRequest) -> Page[NamedPair]:
    """Return a run's pairs by mentee (the programme's coordinators), with the changes made to them."""
    run, choices, locale = _read(call, programme_id, run_id)
    some = PageRequest(min(page.limit, _PAGE), page.cursor)
    if run.step is RunStep.MATCHED or run.step is RunStep.PUBLISHED:
        return (
            _reviewed_page(run, choices, some, locale) if run.is_reviewed else _found_page(run, some, locale)
        )
    return Page(())


def _read(call: Call, programme_id: str, run_id: str) -> tuple[MatchRun, Choices, str]:
    """Read a run with the changes made to its pairs, and the locale of who reads it."""
    keys = store.choices_key(programme_id, run_id), people.person_key(call.actor_id)
    _, run, (choices_row, reader_row) = coordinated_run(call, programme_id, run_id, *keys)
    return run, store.choices_of(run, choices_row), people.locale_of(reader_row)


def _found_page(run: MatchRun, page: PageRequest, locale: str) -> Page[NamedPair]:
    start, stop = files.window(page, run.pairs)
    found = files.part(start, stop, lambda number: files.read_pairs(run, number))
    return Page(_named(found, frozenset(), locale), cursor_of(at=str(stop)) if stop < run.pairs else None)


def _reviewed_page(run: MatchRun, choices: Choices, page: PageRequest, locale: str) -> Page[NamedPair]:
    # By mentee and not by place: places shift while somebody changes pairs.
    position = page.position("after")
    after = position["after"] if position else ""
    index = files.read_review_index(run)
    whole = sorted(_effective(index, choices).items())
    wanted = [one for one in whole if one[0] > after]
    shown = wanted[: page.limit]
    found = _explained(run, index, shown)
    next_ = cursor_of(after=shown[-1][0]) if len(wanted) > len(shown) else None
    return Page(_named(found, frozenset(choices.by_mentee), locale), next_)


def read_pair(call: Call, programme_id: str, run_id: str, mentee_id: str) -> PairReview:
    """Return a mentee's pair in a reviewed run, and whom they could have instead (the programme's coordinators)."""
    run, choices, locale = _read(call, programme_id, run_id)
    if not run.is_reviewed or run.step is RunStep.NONE or run.step is RunStep.SNAPSHOT:
        raise NotFound
    index = files.read_review_index(run)
    options = files.options_of(run, index, [mentee_id]).get(mentee_id)
    if options is None:
        raise NotFound
    return _review_of(run, index, choices, options, locale)


def _review_of(
    run: MatchRun, index: ReviewIndex, choices: Choices, options: Options, locale: str
) -> PairReview:
    mentee_id = options.mentee_id
    chosen = _effective(index, choices).get(mentee_id)
    named = _named(options.pairs, frozenset(choices.by_mentee), locale)
    return PairReview(mentee_id, chosen, named, run.version)


def choose(call: Call, programme_id: str, run_id: str, mentee_id: str, mentor_id: str) -> PairReview:
    """Give a mentee another mentor in a held run (the programme's coordinators).

    Raises
    ------
    StaleVersion
        If the run's pairs were changed since they were read.
    RunNotHeld, NotAdmissible, MentorFull, TooManyChoices
    """
    run, index, before, locale = _held(call, programme_id, run_id)
    options = files.options_of(run, index, [mentee_id]).get(mentee_id)
    if options is None:
        raise NotFound
    if mentor_id not in {pair.mentor_id for pair in options.pairs}:
        raise NotAdmissible("Choose one of the mentors that this pair's page lists.")
    pairs = _effective(index, before)
    places = {one.mentor_id: one.places for one in index.places}
    taken = Counter(mentor for mentee, mentor in pairs.items() if mentee != mentee_id)
    if taken[mentor_id] >= places.get(mentor_id, 0):
        raise MentorFull("Give one of their mentees another mentor first, or none.")
    choices = _changed(index, before, mentee_id, mentor_id)
    counted = replace(run, version=(run.version or 0) + 1)
    writes = _choice(call, run, choices, mentee_id, pairs.get(mentee_id), mentor_id)
    return commit(call, writes, _review_of(counted, index, choices, options, locale))


def remove(call: Call, programme_id: str, run_id: str, mentee_id: str) -> MatchRun:
    """Take a mentee's pair out of a held run (the programme's coordinators); raises as `choose`."""
    run, index, before, _ = _held(call, programme_id, run_id)
    pairs = _effective(index, before)
    if mentee_id not in pairs:
        raise NotFound
    choices = _changed(index, before, mentee_id, None)
    writes = _choice(call, run, choices, mentee_id, pairs[mentee_id], None)
    return commit(call, writes, replace(run, version=(run.version or 0) + 1))


def _held(call: Call, programme_id: str, run_id: str) -> tuple[MatchRun, ReviewIndex, Choices, str]:
    run, choices, locale = _read(call, programme_id, run_id)
    require_version(call, run.version)
    if run.status is not RunStatus.HELD:
        raise RunNotHeld(f"It is {run.status}.")
    return run, files.read_review_index(run), choices, locale


def _choice(
    call: Call, run: MatchRun, choices: Choices, mentee_id: str, before: str | None, after: str | None
) -> list[Write]:
    """Return the writes of a change; the run's own counts its version, so that no two changes cross, and its lock is
    kept, so that no later run takes its place while somebody looks at it."""
    return [
        store.put_run(run, call.now),
        store.renew_lock(run, runs.lease(run, call.now), call.now),
        store.put_choices(choices, call.now),
        audit(
            call, run.programme_id, "change_pair", before=f"{run.id}:{mentee_id}:{before}",
            after=f"{run.id}:{mentee_id}:{after}",
        ),
    ]  # fmt: skip


def _changed(index: ReviewIndex, before: Choices, mentee_id: str, mentor_id: str | None) -> Choices:
    found = {one.mentee_id: one.mentor_id for one in index.chosen}
    by_mentee = {**before.by_mentee, mentee_id: mentor_id}
    if found.get(mentee_id) == mentor_id:
        del by_mentee[mentee_id]  # back to what the run found
    if len(by_mentee) > MAX_CHOICES:
        raise TooManyChoices(f"At most {MAX_CHOICES}. Stop the run, mend the settings, and run again.")
    return replace(before, by_mentee=by_mentee)


def release(call: Call, programme_id: str, run_id: str) -> MatchRun:
    """Have the pairs of a held run proposed as they stand (the programme's coordinators); again, it does nothing.

    Raises
    ------
    RunNotHeld, ProgrammeNotRunning
    RunMoved
        If it was changed, stopped or superseded at the same moment.
    """
    key = store.choices_key(programme_id, run_id)
    programme, run, (choices_row,) = coordinated_run(call, programme_id, run_id, key)
    if run.is_reviewed and run.status in (RunStatus.PUBLISHING, RunStatus.DONE):
        return commit(call, [], run)
    if run.status is not RunStatus.HELD:
        raise RunNotHeld(f"It is {run.status}.")
    if not programme.is_running(call.now):
        raise ProgrammeNotRunning("Pairs can be proposed only while the programme runs.")
    pairs = _effective(files.read_review_index(run), store.choices_of(run, choices_row))
    released = replace(runs.publish(run), pairs=len(pairs), files=files.file_count(len(pairs)))
    payload = {"programme_id": run.programme_id, "run_id": run.id}
    writes = [
        store.put_run(released, call.now),
        # It waits for its worker as a new one does.
        store.renew_lock(run, call.now + runs.QUEUED_LEASE, call.now),
        outbox.message(f"{KIND}:{run.id}:release", outbox.Topic.MATCH_RUN, KIND, payload, now=call.now),
        audit(
            call, programme_id, "release_match_run", before=f"{run.id}:{run.status}", after=released.status
        ),
    ]
    return commit(call, writes, replace(released, version=(run.version or 0) + 1))


def stop(call: Call, programme_id: str, run_id: str) -> MatchRun:
    """Discard a run that is held, or not begun (the programme's coordinators); again, it does nothing.

    Raises
    ------
    RunMoved
        If it is at work or over.
    """
    _, run, _ = coordinated_run(call, programme_id, run_id)
    if run.status is RunStatus.STOPPED:
        return commit(call, [], run)
    if run.status not in (RunStatus.HELD, RunStatus.QUEUED):
        raise RunMoved(f"It is {run.status}; only a run that is held or has not begun can be stopped.")
    stopped = runs.stop(run, call.now)
    writes: list[Write] = [
        store.put_run(stopped, call.now),
        store.free_lock(run, call.now),
        audit(call, programme_id, "stop_match_run", before=f"{run.id}:{run.status}", after=stopped.status),
    ]
    return commit(call, writes, replace(stopped, version=(run.version or 0) + 1))


def effective_pairs(run: MatchRun, choices: Choices, number: int) -> tuple[ProposedPair, ...]:
    """Return one file's worth of a reviewed run's pairs as the coordinators left them, by mentee."""
    index = files.read_review_index(run)
    whole = sorted(_effective(index, choices).items())
    return _explained(run, index, whole[number * files.PER_FILE : (number + 1) * files.PER_FILE])


def _effective(index: ReviewIndex, choices: Choices) -> dict[str, str]:
    pairs: dict[str, str | None] = {one.mentee_id: one.mentor_id for one in index.chosen}
    pairs |= choices.by_mentee
    return {mentee: mentor for mentee, mentor in pairs.items() if mentor is not None}


def _explained(run: MatchRun, index: ReviewIndex, pairs: list[tuple[str, str]]) -> tuple[ProposedPair, ...]:
    options = files.options_of(run, index, [mentee for mentee, _ in pairs])
    return tuple(
        next(pair for pair in options[mentee].pairs if pair.mentor_id == mentor) for mentee, mentor in pairs
    )


def _named(pairs: tuple[ProposedPair, ...], changed: frozenset[str], locale: str) -> tuple[NamedPair, ...]:
    persons = people.get_people([one for pair in pairs for one in (pair.mentee_id, pair.mentor_id)])
    return tuple(
        NamedPair(
            pair, persons.get(pair.mentee_id), persons.get(pair.mentor_id), pair.mentee_id in changed, locale
        )
        for pair in pairs
    )
