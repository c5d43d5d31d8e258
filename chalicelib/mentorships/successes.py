"""What a mentorship has to show: goals that were reached, and introductions that were made."""

from chalicelib.kernel.call import Call
from chalicelib.mentorships import access
from chalicelib.mentorships.goals import store as goals
from chalicelib.mentorships.goals.model import Status
from chalicelib.mentorships.introductions import store as introductions
from chalicelib.mentorships.story import Success, SuccessKind


def read(call: Call, mentorship_id: str) -> tuple[Success, ...]:
    """Return the successes of a mentorship to its two people, the latest first."""
    access.own(call, mentorship_id)
    return successes_of(mentorship_id)


def successes_of(mentorship_id: str) -> tuple[Success, ...]:
    """Return the successes of a mentorship, the latest first; whoever asks has seen to it that they may."""
    found = [
        Success(SuccessKind.GOAL, one.ending.at, one.title, one.ending.note)
        for one in goals.goals_of(mentorship_id)
        if one.status is Status.REACHED and one.ending is not None
    ]
    found += [Success(SuccessKind.INTRODUCTION, at) for at in introductions.successes_of(mentorship_id)]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))
