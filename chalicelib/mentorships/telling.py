"""Telling a programme's coordinators of mentors who are not verified any more as it asks, and of what follows.

What runs out by itself is told once a day, all of a programme's in one mail: each is noted by who brings it about, and
its note is struck out in the transaction that writes the mails. What a reviewer refused is told at once.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby

from chalicelib.credentials.kinds import Loss
from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.clock import to_text
from chalicelib.mentorships import mails, task_store
from chalicelib.mentorships.running import Mentorship
from chalicelib.mentorships.task_store import Mark, ToldBefore, Untold
from chalicelib.organisations import service as organisations
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes

_MOST_COORDINATORS = 40
_MOST_MARKS = 50  # of one mail; a transaction takes both


def verification_ended(
    call: Call,
    person_id: str,
    concerned: Collection[str],
    theirs: Sequence[Mentorship],
    loss: Loss,
    at: datetime,
) -> None:
    """Tell of a mentor, or note it, in each programme that is concerned. Again, it does nothing.

    Parameters
    ----------
    theirs
        The mentor's mentorships in these programmes.
    at
        The instant of the loss, by which a repeat is known.
    """
    for programme_id in sorted(concerned):
        if loss is Loss.REFUSED:
            paused = sum(one.programme_id == programme_id for one in theirs)
            writes = mails.to_coordinators(
                _coordinators(programme_id), programme_id, f"{person_id}:{to_text(at)}", call.now,
                mentors=[person_id], paused=paused,
            )  # fmt: skip
        else:
            mark = Mark(programme_id, Untold.MENTOR, person_id, at)
            writes = [task_store.mark_once(mark, call.now)]
        with suppress(ToldBefore, outbox.WrittenBefore):
            commit(call, writes, None)


def tell_coordinators(now: datetime) -> int:
    """Tell the coordinators of each programme what they have not been told yet; return of how many things.

    A turn that comes twice, or is cut off, tells nothing twice; after a missed one all is told together.
    """
    call = job_call("tell_coordinators", now)
    found = 0
    for programme_id, marks in groupby(task_store.untold(), key=lambda one: one.programme_id):
        left = list(marks)
        while left:
            part, left = left[:_MOST_MARKS], left[_MOST_MARKS:]
            with suppress(ToldBefore):
                _tell(call, programme_id, part)
                found += len(part)
    return found


def _tell(call: Call, programme_id: str, marks: Sequence[Mark]) -> None:
    about = {what: [one.about for one in marks if one.what is what] for what in Untold}
    writes = mails.to_coordinators(
        _coordinators(programme_id), programme_id, call.new_id(), call.now,
        mentors=about[Untold.MENTOR], paused=len(about[Untold.PAUSED]), ready=len(about[Untold.READY]),
    )  # fmt: skip
    commit(call, [*(task_store.told(one, call.now) for one in marks), *writes], None)


def _coordinators(programme_id: str) -> list[str]:
    programme = programmes.get_programme(programme_id)
    found = organisations.coordinators_of(programme.organisation_id) if programme else []
    return found[:_MOST_COORDINATORS]
