"""Writes what mentorships from earlier releases lack, with the operator's own rights on the tables.

    python -m infra.mend_mentorships --stage prod

That is the tie of the two, which keeps each from deciding on the other's credentials, the row by which the daily look
finds the mentorship, and those by which it finds that there is no agreement, that its health is to be looked at, and
that it is time to ask for feedback. Run it once after a deployment that brings these; again, it changes nothing.
"""

import argparse
import sys
from contextlib import suppress

from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.pages import every
from chalicelib.mentorships import running_store, store
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.agreements import due_store
from chalicelib.mentorships.errors import MentorshipMoved
from chalicelib.mentorships.feedback import due_store as feedback_due
from chalicelib.mentorships.health import due_store as health_due_store
from chalicelib.mentorships.health import store as health_store
from chalicelib.mentorships.model import Pair, PairStanding
from chalicelib.mentorships.running import Mentorship
from chalicelib.organisations import store as organisations_store
from chalicelib.people import store as people_store
from chalicelib.platform import tables
from chalicelib.platform.settings import work_on
from chalicelib.programmes import store as programmes_store


def mend() -> int:
    """Tie the two of every mentorship, and have each looked at that is not; return how many mentorships there are."""
    now, found = system_clock(), 0
    for organisation in every(organisations_store.list_organisations):
        for programme in every(lambda page, of=organisation.id: programmes_store.programmes_of(of, page)):
            for pair in store.pairs_in(programme.id):
                if pair.standing is not PairStanding.MENTORED:
                    continue
                tables.transact([people_store.put_tie(pair.mentee_id, pair.mentor_id, now)], new_id(now))
                found += 1
                mentorship = _mentorship_of(pair)
                if mentorship is None:
                    continue
                if mentorship.renewal is None and not _is_looked_at(mentorship):
                    _look_from_now_on(mentorship)
                if mentorships.agreement_for(mentorship.id) is None:
                    due = due_store.put_due(mentorship.id, mentorship.started_at, now)
                    tables.transact([due], new_id(now))
                if not _has_health(mentorship):
                    tables.transact([health_due_store.put_due(mentorship.id, now, now)], new_id(now))
                if mentorship.ending is None and not _is_asked(mentorship):
                    _ask_from_now_on(mentorship)
    return found


def _mentorship_of(pair: Pair) -> Mentorship | None:
    proposal = store.get_proposal(pair.mentee_id, pair.proposal_id or "")
    return running_store.get_mentorship(pair.mentee_id, proposal.mentorship_id or "") if proposal else None


def _is_looked_at(mentorship: Mentorship) -> bool:
    return tables.get(*running_store.look_key(mentorship.id)) is not None


def _has_health(mentorship: Mentorship) -> bool:
    """Tell whether the health of a mentorship was looked at, or is going to be."""
    keys = [health_store.health_key(mentorship.id), health_due_store.due_key(mentorship.id)]
    return any(row is not None for row in tables.get_many(keys))


def _look_from_now_on(mentorship: Mentorship) -> None:
    now = system_clock()
    writes = [running_store.put_look(mentorship, now, now), running_store.check_unmoved(mentorship)]
    with suppress(MentorshipMoved):  # whatever moves it at this moment says when to look next
        tables.transact(writes, new_id(now))


def _is_asked(mentorship: Mentorship) -> bool:
    return tables.get(*feedback_due.ask_key(mentorship.id)) is not None


def _ask_from_now_on(mentorship: Mentorship) -> None:
    now = system_clock()
    asked = feedback_due.put_ask(mentorship.id, mentorship.programme_id, now, now)
    with suppress(MentorshipMoved):  # an end has it asked for the last survey
        tables.transact([asked, running_store.check_unmoved(mentorship)], new_id(now))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.mend_mentorships", description=__doc__)
    parser.add_argument("--stage", help="the stage on AWS; without it, what the environment names")
    options = parser.parse_args(arguments)
    work_on(options.stage)
    print(f"{mend()} mentorships are whole")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
