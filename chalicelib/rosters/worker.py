"""The import itself: from the uploaded file to people and enrolments, a transaction a row and step.

Any of it may be repeated. A row is known by the programme and its external id, else by its address; what is as the row
has it is left alone; progress is counted once, in the transaction that moves it on.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.kernel.call import Actor, Call
from chalicelib.kernel.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from chalicelib.people import service as people
from chalicelib.people.model import Claim, ClaimState, PersonStatus
from chalicelib.platform import documents, outbox, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.outbox import Message, Topic
from chalicelib.programmes import service as programmes
from chalicelib.programmes.errors import CapacityInUse, ProgrammeNotRunning
from chalicelib.programmes.model import EnrolmentStatus, Programme, Side
from chalicelib.rosters import store
from chalicelib.rosters.imports import (
    MAX_PROBLEMS_KEPT,
    OUTCOMES,
    Counts,
    Entry,
    ImportMovedOn,
    ImportStatus,
    Known,
    Outcome,
    RosterImport,
    RowRefusedError,
    Step,
    merged_guest,
    next_step,
)
from chalicelib.rosters.model import (
    HeadingProblem,
    RosterParse,
    RosterRow,
    RowProblem,
    parse_roster,
)
from chalicelib.rosters.service import upload_key, work_message

CHUNK = 100  # rows between two counts of progress; their keys fit one read
MAX_TRIES = 5
INVITATION = "roster-invitation"
"""The mail that names the programme and says how to become oneself."""
_ROW_TRIES = 5


def work(call: Call, message_id: str, has_time: Callable[[], bool]) -> RosterImport | None:
    """Carry an import on until it is done or there is no time left; then another message hands it on.

    A message that is done, or that another worker holds, is left alone.

    Parameters
    ----------
    has_time
        Whether another hundred rows may be begun.

    Returns
    -------
    RosterImport or None
        The import as this worker left it, or None if there was nothing for it to do.
    """
    claimed = outbox.take(message_id, Topic.ROSTER_IMPORT, now=call.now)
    if claimed is None:
        return None
    with outbox.given_back(claimed, lambda: call.now):
        try:
            return _carry_on(call, claimed, has_time)
        except ImportMovedOn:
            # Another worker took the message over when our claim had lapsed.
            return None


def _carry_on(call: Call, message: Message, has_time: Callable[[], bool]) -> RosterImport | None:
    roster = store.get_import(message.payload["programme_id"], message.payload["import_id"])
    if roster is None or roster.status not in (ImportStatus.QUEUED, ImportStatus.RUNNING):
        commit(call, [outbox.done(message, now=call.now)], None)
        return None
    if message.tries > MAX_TRIES:
        reason = (
            "The import could not be finished. Import the file again; if it stays, tell your administrator."
        )
        return _fail(call, message, roster, reason)
    try:
        programme = _allowed(call, roster)
        content = documents.read(upload_key(roster))
        parse = parse_roster(
            content,
            filename=roster.order.filename,
            role=roster.order.role,
            column_map=roster.order.column_map,
        )
    except (NotFound, Forbidden):
        return _fail(call, message, roster, "Whoever started this import is no longer a coordinator here.")
    except (ProgrammeNotRunning, Invalid) as refusal:
        return _fail(call, message, roster, refusal.detail)
    if any(problem.fatal for problem in parse.headings):
        return _fail(call, message, roster, "The headings do not allow it to read any row.", parse.headings)
    digest = hashlib.sha256(content).hexdigest()
    if roster.status is ImportStatus.QUEUED:
        roster = _start(call, roster, parse, digest)
    elif roster.content_digest != digest:
        return _fail(call, message, roster, "Another file was uploaded meanwhile. Start a new import for it.")
    # Whom a list calls mentor or mentee is a peer in a programme of peers.
    rows = tuple(replace(row, role=programme.kind.place_of(row.role)) for row in parse.rows)
    return _import_rows(call, message, roster, programme, rows, has_time)


def _allowed(call: Call, roster: RosterImport) -> Programme:
    """Return the programme if whoever started the import may still do so."""
    programme = programmes.require_coordinator(Call(call.now, Actor(roster.created_by)), roster.programme_id)
    if programme.is_over(call.now):
        raise ProgrammeNotRunning("The programme is over; it takes nobody in.")
    return programme


def _fail(
    call: Call, message: Message, roster: RosterImport, reason: str, headings: Sequence[HeadingProblem] = ()
) -> RosterImport:
    writes = [store.fail(roster, reason, headings, call.now), outbox.done(message, now=call.now)]
    return commit(call, writes, replace(roster, status=ImportStatus.FAILED, failure=reason))


def _start(call: Call, roster: RosterImport, parse: RosterParse, digest: str) -> RosterImport:
    kept = _keep_problems(call, roster, parse.problems)
    started = replace(
        roster,
        status=ImportStatus.RUNNING,
        rows=len(parse.rows) + len(parse.bad_rows),
        counts=Counts(refused=len(parse.bad_rows)),
        problems=len(parse.problems),
        problems_kept=kept,
        headings=parse.headings,
        notes=parse.notes,
        content_digest=digest,
    )
    return commit(call, [store.start(started, call.now)], started)


def _keep_problems(call: Call, roster: RosterImport, problems: Sequence[RowProblem]) -> int:
    """Write problems until there are as many as are kept, and return how many were added."""
    unique = list({(one.row, one.column): one for one in problems}.values())
    kept = unique[: max(MAX_PROBLEMS_KEPT - roster.problems_kept, 0)]
    for at in range(0, len(kept), CHUNK):
        commit(call, store.put_problems(roster.id, kept[at : at + CHUNK], call.now), None)
    return len(kept)


def _import_rows(
    call: Call,
    message: Message,
    roster: RosterImport,
    programme: Programme,
    rows: Sequence[RosterRow],
    has_time: Callable[[], bool],
) -> RosterImport:
    while True:
        part = rows[roster.next_row : roster.next_row + CHUNK]
        counts, problems = _import_part(call, roster, programme, part)
        kept = _keep_problems(call, roster, problems)
        next_row = roster.next_row + len(part)
        is_last = next_row >= len(rows)
        after = replace(
            roster,
            next_row=next_row,
            counts=counts,
            problems=roster.problems + len(problems),
            problems_kept=roster.problems_kept + kept,
            status=ImportStatus.DONE if is_last else ImportStatus.RUNNING,
            finished_at=call.now if is_last else None,
        )
        writes = [store.advance(roster, after, call.now)]
        stops = is_last or not has_time()
        if stops:
            writes.append(outbox.done(message, now=call.now))
            if not is_last:
                writes.append(work_message(roster.programme_id, roster.id, next_row, call))
        roster = commit(call, writes, after)
        if stops:
            return roster


def _import_part(
    call: Call, roster: RosterImport, programme: Programme, rows: Sequence[RosterRow]
) -> tuple[Counts, list[RowProblem]]:
    counts, problems = roster.counts, []
    known = _known(programme, rows)
    for row, before in zip(rows, known, strict=True):
        try:
            outcome = _Row(call, roster, programme, row).bring_in(before)
            counts = counts.plus(outcome)
        except RowRefusedError as refusal:
            problems.append(RowProblem(row.row_number, refusal.column, refusal.reason))
            counts = replace(counts, refused=counts.refused + 1)
    return counts, problems


def _known(programme: Programme, rows: Sequence[RosterRow]) -> list[Known]:
    """Read what is there of up to a hundred rows, in six round trips at most."""
    entry_rows = _get_all([store.entry_key(programme.id, row) for row in rows])
    entries = [store.entry_of(one) if one else None for one in entry_rows]
    claims = _claims(row.email for row, entry in zip(rows, entries, strict=True) if entry is None)
    held = [None if entry else claims.get(row.email) for row, entry in zip(rows, entries, strict=True)]
    ids = [
        entry.person_id if entry else claim.person_id if claim else None
        for entry, claim in zip(entries, held, strict=True)
    ]
    persons = people.get_people_and_profiles([one for one in ids if one])
    places = _get_all(
        [
            programmes.enrolment_key(programme.id, row.role, one or "-")
            for row, one in zip(rows, ids, strict=True)
        ]
    )
    invitations = _get_all([store.invitation_key(one or "-") for one in ids])
    found = []
    for entry, one, claim, place, invitation in zip(entries, ids, held, places, invitations, strict=True):
        person, profile = persons.get(one or "", (None, None))
        is_ours = store.organisation_of(invitation) == programme.organisation_id
        found.append(
            Known(
                person=person,
                profile=profile,
                enrolment=programmes.enrolment_of(place) if place else None,
                entry=entry,
                is_guest=is_ours and person is not None and person.status is PersonStatus.INVITED,
                sign_up=claim if claim and claim.state is ClaimState.PENDING else None,
            )
        )
    return found


def _claims(emails: Iterable[str]) -> dict[str, Claim]:
    wanted = list(emails)
    rows = _get_all([people.claim_key(one) for one in wanted])
    return {one: people.claim_of(row) for one, row in zip(wanted, rows, strict=True) if row}


def _get_all(keys: list[tuple[type[tables.Row], str, str]]) -> list[Any]:
    return tables.get_many(keys) if keys else []


@dataclass(frozen=True)
class _Row:
    call: Call
    roster: RosterImport
    programme: Programme
    row: RosterRow

    def bring_in(self, known: Known) -> Outcome:
        """Take the row's steps until none is left, and return what this import did for it, now or before a crash.

        Raises
        ------
        RowRefusedError
        """
        outcome: Outcome | None = None
        mails = True
        for _ in range(_ROW_TRIES):
            step = next_step(self.row, known, self.programme)
            if step is Step.NOTHING:
                return outcome or self._before(known)
            if self.roster.order.validate_only:
                return self._outcome(step, known)
            try:
                commit(self.call, self._writes(step, known, mails=mails), None)
                outcome = self._outcome(step, known)
                if step is not Step.CHANGE_GUEST:
                    return outcome  # all other steps leave nothing to do
            except CapacityInUse as refusal:
                raise RowRefusedError("capacity", refusal.detail) from refusal
            except outbox.WrittenBefore:
                mails = False  # invited to this programme before, on the other side
            except (Conflict, StaleVersion):
                pass  # somebody changed one of the rows since they were read: see what is there now
            known = _known(self.programme, [self.row])[0]
        raise RowRefusedError(
            None, "This person was being changed at the same moment. Import the file again."
        )

    def _outcome(self, step: Step, known: Known) -> Outcome:
        """Return what a step comes to: who is not ours is invited, and counts do not tell who has an account."""
        return Outcome.INVITED if step is Step.ENROL and self._only_invites(known) else OUTCOMES[step]

    def _before(self, known: Known) -> Outcome:
        mine = known.entry is not None and known.entry.import_id == self.roster.id
        return known.entry.outcome if mine and known.entry else Outcome.UNCHANGED

    def _writes(self, step: Step, known: Known, *, mails: bool) -> list[tables.Write]:
        now, row = self.call.now, self.row
        holder = known.person.id if known.person else known.sign_up.person_id if known.sign_up else None
        person_id = holder or self.call.new_id()
        writes: list[tables.Write] = []
        if step is Step.INVITE:
            # Listed at once: a second write of the same profile would not fit the transaction.
            profile = replace(row.profile, person_id=person_id, is_mentor=row.role is Side.MENTOR)
            writes += people.invite(
                person_id, row.email, row.given_name, row.family_name, row.locale, profile, known.sign_up, now
            )
            writes.append(
                store.put_invitation(person_id, self.programme.organisation_id, self.roster.id, now)
            )
            known = replace(known, profile=profile)
        elif step is Step.CHANGE_GUEST and known.person is not None and known.profile is not None:
            before = known.person, known.profile
            writes += people.change_invited(*merged_guest(row, *before), before, now)
        elif step is Step.CHANGE_PLACES and known.person is not None:
            writes.append(people.still_invited(known.person))
        if step in (Step.INVITE, Step.ENROL, Step.CHANGE_PLACES) and known.profile is not None:
            enrolment_writes, _ = programmes.enrolment_writes(
                self.programme, known.profile, row.role, row.capacity, known.enrolment, now,
                as_invited=self._only_invites(known), listed_as=f"{row.given_name} {row.family_name}", tells=mails,
            )  # fmt: skip
            writes += enrolment_writes
        if mails and (step is Step.INVITE or (step is Step.ENROL and self._is_invited(known))):
            writes.append(self._invitation(person_id))
        outcome = self._outcome(step, known)
        entry = Entry(person_id, self.roster.id, outcome, known.entry.version if known.entry else None)
        writes.append(store.put_entry(self.programme.id, row, entry, now))
        writes.append(
            tables.audit(
                "rosters", store.import_pk(self.roster.id), row_id=self.call.new_id(), at=now,
                actor=self.call.actor_id, action=f"import_row_{step}",
                after=f"{person_id}:{self.programme.id}:{row.role}", why=f"row {row.row_number}",
            )
        )  # fmt: skip
        return writes

    def _only_invites(self, known: Known) -> bool:
        """Tell whether the person, whom the programme's organisation does not know, decides for themselves to come."""
        if known.person is None:
            return False
        if known.enrolment is not None:
            return known.enrolment.status is EnrolmentStatus.INVITED
        return not programmes.knows(self.programme.organisation_id, known.person.id)

    @staticmethod
    def _is_invited(known: Known) -> bool:
        return known.person is not None and known.person.status is PersonStatus.INVITED

    def _invitation(self, person_id: str) -> tables.Write:
        """Return the invitation to the programme; one a person and programme, on whichever side."""
        payload = {"recipient": person_id, "programme_id": self.programme.id}
        message_id = f"{INVITATION}:{self.programme.id}:{person_id}"
        return outbox.message(message_id, Topic.MAIL, INVITATION, payload, now=self.call.now)
