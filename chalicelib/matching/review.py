"""The pairs of a run: read by coordinators, and changed by them while a run is held."""

from collections import Counter
from dataclasses import dataclass, replace

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.pages import Page, PageRequest, bad_cursor, cursor_of
from chalicelib.kernel.tries import again
from chalicelib.matching import files, progress, runs, store
from chalicelib.matching.access import audit, coordinated_run
from chalicelib.matching.errors import (
    MentorFull,
    NotAdmissible,
    NotStoppable,
    RunMoved,
    RunNotHeld,
    RunTooLarge,
    TooManyChoices,
)
from chalicelib.matching.messages import work_message
from chalicelib.matching.model import ProposedPair
from chalicelib.matching.runs import MAX_CHOICES, Choices, MatchRun, ReviewIndex, RunStatus, RunStep, Slot
from chalicelib.people import service as people
from chalicelib.people.model import Person
from chalicelib.platform.commit import commit
from chalicelib.platform.tables import Write
from chalicelib.programmes.errors import ProgrammeNotRunning

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
    """One of a mentee's pairs as it stands, and what may be chosen instead, the best first: whom the mentee does not
    have in another round. `version` is the run's."""

    slot: Slot
    mentor_id: str | None
    options: tuple[NamedPair, ...]
    version: int | None


def list_pairs(call: Call, programme_id: str, run_id: str, page: PageRequest) -> Page[NamedPair]:
    """Return a run's pairs by mentee (the programme's coordinators), with the changes made to them."""
    run, choices, locale = _read(call, programme_id, run_id)
    some = PageRequest(min(page.limit, _PAGE), page.cursor)
    if run.step is RunStep.MATCHED or run.step is RunStep.PUBLISHED:
        return (
            _reviewed_page(run, choices, some, locale)
            if run.takes_choices
            else _found_page(run, some, locale)
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
    after = _slot_of(page)
    index = files.read_review_index(run)
    whole = sorted(_effective(index, choices).items())
    wanted = [one for one in whole if after is None or one[0] > after]
    shown = wanted[: page.limit]
    found = _explained(run, index, shown)
    next_ = cursor_of(after=shown[-1][0].text()) if len(wanted) > len(shown) else None
    return Page(_named(found, frozenset(choices.by_slot), locale), next_)


def _slot_of(page: PageRequest) -> Slot | None:
    position = page.position("after")
    try:
        return Slot.of(position["after"]) if position else None
    except ValueError as error:
        raise bad_cursor() from error


def read_pair(call: Call, programme_id: str, run_id: str, slot: Slot) -> PairReview:
    """Return one of a mentee's pairs in a reviewed run, and whom they could have instead (the programme's
    coordinators); raises `RunTooLarge` of a run in parts."""
    run, choices, locale = _read(call, programme_id, run_id)
    _require_choices(run)
    if not run.is_reviewed or run.step is RunStep.NONE or run.step is RunStep.SNAPSHOT:
        raise NotFound
    index = files.read_review_index(run)
    return _review_of(run, index, choices, _options(run, index, choices, slot), locale)


def _require_choices(run: MatchRun) -> None:
    if run.is_reviewed and not run.takes_choices:
        raise RunTooLarge(
            "Lock or forbid the pair in the programme's match settings and run again, or release this run as it stands."
        )


@dataclass(frozen=True)
class _Options:
    """What may be chosen for a slot."""

    slot: Slot
    pairs: tuple[ProposedPair, ...]


def _options(run: MatchRun, index: ReviewIndex, choices: Choices, slot: Slot) -> _Options:
    """Return whom a mentee can have in a round, with those whom they have in no other.

    Raises
    ------
    NotFound
        If the mentee was not in the run, or they have no place for that many pairs.
    """
    found = files.options_of(run, index, [slot.mentee_id]).get(slot.mentee_id)
    if found is None or slot.round > found.places:
        raise NotFound
    elsewhere = {
        mentor
        for other, mentor in _effective(index, choices).items()
        if other.mentee_id == slot.mentee_id and other != slot
    }
    pairs = (replace(pair, round=slot.round) for pair in found.pairs if pair.mentor_id not in elsewhere)
    return _Options(slot, tuple(pairs))


def _review_of(
    run: MatchRun, index: ReviewIndex, choices: Choices, options: _Options, locale: str
) -> PairReview:
    chosen = _effective(index, choices).get(options.slot)
    named = _named(options.pairs, frozenset(choices.by_slot), locale)
    return PairReview(options.slot, chosen, named, run.version)


def choose(call: Call, programme_id: str, run_id: str, slot: Slot, mentor_id: str) -> PairReview:
    """Give a mentee another mentor in a round of a held run (the programme's coordinators).

    Raises
    ------
    StaleVersion
        If the run's pairs were changed since they were read.
    RunNotHeld, RunTooLarge, NotAdmissible, MentorFull, TooManyChoices
    """
    run, index, before, locale = _held(call, programme_id, run_id)
    options = _options(run, index, before, slot)
    if mentor_id not in {pair.mentor_id for pair in options.pairs}:
        raise NotAdmissible("Choose one of the mentors that this pair's page lists.")
    pairs = _effective(index, before)
    places = {one.mentor_id: one.places for one in index.places}
    taken = Counter(mentor for other, mentor in pairs.items() if other != slot)
    if taken[mentor_id] >= places.get(mentor_id, 0):
        raise MentorFull("Give one of their mentees another mentor first, or none.")
    choices = _changed(index, before, slot, mentor_id)
    counted = written(run)
    writes = _choice(call, run, choices, slot, pairs.get(slot), mentor_id)
    return commit(call, writes, _review_of(counted, index, choices, options, locale))


def remove(call: Call, programme_id: str, run_id: str, slot: Slot) -> MatchRun:
    """Take one of a mentee's pairs out of a held run (the programme's coordinators); raises as `choose`."""
    run, index, before, _ = _held(call, programme_id, run_id)
    pairs = _effective(index, before)
    if slot not in pairs:
        raise NotFound
    choices = _changed(index, before, slot, None)
    writes = _choice(call, run, choices, slot, pairs[slot], None)
    return commit(call, writes, written(run))


def _held(call: Call, programme_id: str, run_id: str) -> tuple[MatchRun, ReviewIndex, Choices, str]:
    run, choices, locale = _read(call, programme_id, run_id)
    require_version(call, run.version)
    if run.status is not RunStatus.HELD:
        raise RunNotHeld(f"It is {run.status}.")
    _require_choices(run)
    return run, files.read_review_index(run), choices, locale


def _choice(
    call: Call, run: MatchRun, choices: Choices, slot: Slot, before: str | None, after: str | None
) -> list[Write]:
    """Return the writes of a change; the run's own counts its version, so that no two changes cross, and its lock is
    kept, so that no later run takes its place while somebody looks at it."""
    return [
        store.put_run(run, call.now),
        store.renew_lock(run, runs.lease(run, call.now), call.now),
        store.put_choices(choices, call.now),
        audit(
            call, run.programme_id, "change_pair", before=f"{run.id}:{slot.text()}:{before}",
            after=f"{run.id}:{slot.text()}:{after}",
        ),
    ]  # fmt: skip


def _changed(index: ReviewIndex, before: Choices, slot: Slot, mentor_id: str | None) -> Choices:
    by_slot = {**before.by_slot, slot: mentor_id}
    if _found(index).get(slot) == mentor_id:
        del by_slot[slot]  # back to what the run found
    if len(by_slot) > MAX_CHOICES:
        raise TooManyChoices(f"At most {MAX_CHOICES}. Stop the run, mend the settings, and run again.")
    return replace(before, by_slot=by_slot)


def _found(index: ReviewIndex) -> dict[Slot, str]:
    return {Slot(one.mentee_id, one.round): one.mentor_id for one in index.chosen}


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
    released = runs.release(run)
    if run.takes_choices:
        pairs = len(_effective(files.read_review_index(run), store.choices_of(run, choices_row)))
        released = replace(released, pairs=pairs, files=files.file_count(pairs))
    writes = [
        store.put_run(released, call.now),
        # It waits for its worker as a new one does.
        store.renew_lock(run, call.now + runs.QUEUED_LEASE, call.now),
        work_message(call, run, "release"),
        audit(
            call, programme_id, "release_match_run", before=f"{run.id}:{run.status}", after=released.status
        ),
    ]
    return commit(call, writes, written(released))


def stop(call: Call, programme_id: str, run_id: str) -> MatchRun:
    """Discard a run whose pairs are no proposals yet: held, at work, or not begun (the programme's coordinators);
    again, it does nothing.

    Raises
    ------
    NotStoppable
        If its pairs are becoming proposals, or it is over.
    """
    return again(
        lambda: _stop(call, programme_id, run_id), RunMoved,
        busy="The run keeps moving. Send the request again.",
    )  # fmt: skip


def _stop(call: Call, programme_id: str, run_id: str) -> MatchRun:
    _, run, _ = coordinated_run(call, programme_id, run_id)
    if run.status is RunStatus.STOPPED:
        return commit(call, [], run)
    if run.status not in (RunStatus.HELD, RunStatus.RUNNING, RunStatus.QUEUED):
        raise NotStoppable(f"It is {run.status}; a run can be stopped until its pairs become proposals.")
    stopped = runs.stop(progress.counted(run), call.now)
    writes: list[Write] = [
        store.put_run(stopped, call.now),
        store.free_lock(run, call.now),
        audit(call, programme_id, "stop_match_run", before=f"{run.id}:{run.status}", after=stopped.status),
    ]
    if run.in_parts and run.is_at_work:
        writes.append(work_message(call, run, "stop"))
    return commit(call, writes, written(stopped))


def effective_pairs(run: MatchRun, choices: Choices, number: int) -> tuple[ProposedPair, ...]:
    """Return one file's worth of a reviewed run's pairs as the coordinators left them, by mentee."""
    index = files.read_review_index(run)
    whole = sorted(_effective(index, choices).items())
    return _explained(run, index, whole[number * files.PER_FILE : (number + 1) * files.PER_FILE])


def _effective(index: ReviewIndex, choices: Choices) -> dict[Slot, str]:
    pairs: dict[Slot, str | None] = {**_found(index), **choices.by_slot}
    return {slot: mentor for slot, mentor in pairs.items() if mentor is not None}


def _explained(run: MatchRun, index: ReviewIndex, pairs: list[tuple[Slot, str]]) -> tuple[ProposedPair, ...]:
    options = files.options_of(run, index, [slot.mentee_id for slot, _ in pairs])

    def explained(slot: Slot, mentor_id: str) -> ProposedPair:
        found = next(pair for pair in options[slot.mentee_id].pairs if pair.mentor_id == mentor_id)
        return replace(found, round=slot.round)

    return tuple(explained(slot, mentor_id) for slot, mentor_id in pairs)


def _named(pairs: tuple[ProposedPair, ...], changed: frozenset[Slot], locale: str) -> tuple[NamedPair, ...]:
    persons = people.get_people([one for pair in pairs for one in (pair.mentee_id, pair.mentor_id)])
    return tuple(
        NamedPair(
            pair,
            persons.get(pair.mentee_id),
            persons.get(pair.mentor_id),
            Slot(pair.mentee_id, pair.round) in changed,
            locale,
        )
        for pair in pairs
    )
