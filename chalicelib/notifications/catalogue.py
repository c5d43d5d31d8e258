"""The catalogue of the mails: for each kind to whom, when and why, and what its reader may choose.

What the codes say to a person stands in `catalogue_words.py`. What a kind is written from stands in `subjects/`, how in
its template; everything else that differs from kind to kind stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.notifications.model import Kind


class Whom(StrEnum):
    """Who gets it."""

    HOLDER = "holder"
    INVITED = "invited"
    CLAIMANT = "claimant"
    HOLDER_OF_CERTIFICATE = "holder-of-certificate"
    TO_ANSWER = "to-answer"
    BOTH_SIDES = "both-sides"
    OTHER_SIDE = "other-side"
    WHOSE_GOAL = "whose-goal"
    OTHER_OF_THE_TWO = "other-of-the-two"
    WHO_DID_IT = "who-did-it"
    WHO_PROPOSED = "who-proposed"
    WHO_HAS_SAID_NOTHING = "who-has-said-nothing"
    WHO_HAS_NOT_SIGNED = "who-has-not-signed"
    MENTEE = "mentee"
    TO_BE_MET = "to-be-met"
    BOTH_INTRODUCED = "both-introduced"
    WHO_HAS_NOT_ANSWERED = "who-has-not-answered"
    ORGANISATION_COORDINATORS = "organisation-coordinators"
    PROGRAMME_COORDINATORS = "programme-coordinators"
    ADMINS = "admins"
    WHO_RAISED_IT = "who-raised-it"
    WHO_CHOSE_IT = "who-chose-it"
    WHO_TAKES_PART = "who-takes-part"
    PRESENTER = "presenter"
    WHO_ANSWERS_FOR_IT = "who-answers-for-it"
    WHO_IS_IN_IT = "who-is-in-it"
    WHO_IS_ASKED = "who-is-asked"


class When(StrEnum):
    """What makes it due."""

    AT_ONCE = "at-once"
    TWO_DAYS_BEFORE = "two-days-before"
    WEEK_BEFORE = "week-before"
    BEFORE_SESSION = "before-session"
    DAY_BEFORE = "day-before"
    DAY_BEFORE_DUE = "day-before-due"
    DAY_AFTER = "day-after"
    FOUR_WEEKS_BEFORE = "four-weeks-before"
    AFTER_THREE_DAYS = "after-three-days"
    THREE_DAYS_AFTER_SESSION = "three-days-after-session"
    WHEN_IT_BEGINS = "when-it-begins"
    AFTER_SESSIONS = "after-sessions"
    DAY_IS_OVER = "day-is-over"
    BEFORE_EXPIRY = "before-expiry"
    AT_EXPIRY = "at-expiry"
    DAILY = "daily"
    AT_CADENCE = "at-cadence"
    START_MIDDLE_END = "start-middle-end"
    EVERY_FOUR_HOURS = "every-four-hours"
    WEEKLY = "weekly"
    AROUND_SERIES = "around-series"
    AFTER_SIMULATION = "after-simulation"
    WHEN_CLOSED = "when-closed"


class Why(StrEnum):
    """What it is good for."""

    SAFETY = "safety"
    INVITATION = "invitation"
    STANDING = "standing"
    ANSWER_WANTED = "answer-wanted"
    AGREEMENT = "agreement"
    OUTCOME = "outcome"
    RUNNING = "running"
    GOAL = "goal"
    SESSION = "session"
    NETWORK = "network"
    HELP = "help"
    FEEDBACK = "feedback"
    STAFF = "staff"
    PROTECTION = "protection"
    ONCE = "once"
    OVERSIGHT = "oversight"
    CASE = "case"


@dataclass(frozen=True)
class Entry:
    """What holds for a kind of mail.

    Attributes
    ----------
    switchable
        Whether its reader may switch it off. What somebody must know to keep their account, their standing or their
        word is not.
    weekly
        Whether its reader may have it put off to their weekly mail: nobody waits for them meanwhile, and what it tells
        of is mostly still so within the week.
    urgent
        Whether it is sent in quiet hours, too: its reader waits for it at this very moment.
    urgent_if_near
        Whether it is where what it is about begins too soon after them.
    important
        Whether mailboxes are told that it is: it cannot wait until its reader comes by.
    confidential
        Whether there being such a mail is known to its reader alone, and to who may see what it is about.
    """

    whom: Whom
    when: When
    why: Why
    switchable: bool = False
    weekly: bool = False
    urgent: bool = False
    urgent_if_near: bool = False
    important: bool = False
    confidential: bool = False


_CREDENTIAL = Entry(Whom.CLAIMANT, When.AT_ONCE, Why.STANDING)
_MENTORSHIP = Entry(Whom.BOTH_SIDES, When.AT_ONCE, Why.RUNNING)
_SESSION = Entry(Whom.OTHER_OF_THE_TWO, When.AT_ONCE, Why.SESSION, urgent_if_near=True)
_CONCERN = Entry(Whom.ADMINS, When.AT_ONCE, Why.PROTECTION, urgent=True, important=True, confidential=True)
_INVITATION = Entry(Whom.INVITED, When.AT_ONCE, Why.INVITATION, switchable=True)

CATALOGUE: Mapping[Kind, Entry] = {
    Kind.ACCOUNT_EXISTS: Entry(Whom.HOLDER, When.AT_ONCE, Why.SAFETY, urgent=True),
    Kind.ROSTER_INVITATION: _INVITATION,
    Kind.ENROLMENT_INVITATION: _INVITATION,
    Kind.CREDENTIAL_VERIFIED: _CREDENTIAL,
    Kind.CREDENTIAL_REJECTED: _CREDENTIAL,
    Kind.CREDENTIAL_MORE_WANTED: _CREDENTIAL,
    Kind.CREDENTIAL_REVOKED: _CREDENTIAL,
    Kind.CREDENTIAL_EXPIRING: Entry(Whom.CLAIMANT, When.BEFORE_EXPIRY, Why.STANDING),
    Kind.CREDENTIAL_EXPIRED: Entry(Whom.CLAIMANT, When.AT_EXPIRY, Why.STANDING),
    Kind.EVIDENCE_REJECTED: _CREDENTIAL,
    Kind.REVIEWS_OVERDUE: Entry(
        Whom.ORGANISATION_COORDINATORS, When.DAILY, Why.STAFF, switchable=True, weekly=True
    ),
    Kind.PROPOSAL_MADE: Entry(Whom.TO_ANSWER, When.AT_ONCE, Why.ANSWER_WANTED),
    Kind.PROPOSAL_ACCEPTED: Entry(Whom.TO_ANSWER, When.AT_ONCE, Why.ANSWER_WANTED, switchable=True),
    Kind.PROPOSAL_AGREED: Entry(Whom.BOTH_SIDES, When.AT_ONCE, Why.AGREEMENT),
    Kind.PROPOSAL_DECLINED: Entry(Whom.OTHER_SIDE, When.AT_ONCE, Why.OUTCOME, switchable=True, weekly=True),
    Kind.PROPOSAL_EXPIRING: Entry(
        Whom.TO_ANSWER, When.TWO_DAYS_BEFORE, Why.ANSWER_WANTED, switchable=True
    ),
    Kind.PROPOSAL_EXPIRED: Entry(Whom.BOTH_SIDES, When.AT_ONCE, Why.OUTCOME, switchable=True, weekly=True),
    Kind.MENTORSHIP_IN_GRACE: _MENTORSHIP,
    Kind.MENTORSHIP_PAUSED: _MENTORSHIP,
    Kind.MENTORSHIP_RESUMED: _MENTORSHIP,
    Kind.MENTORSHIP_HELD: _MENTORSHIP,
    Kind.EXTENSION_ASKED: Entry(Whom.TO_ANSWER, When.AT_ONCE, Why.RUNNING),
    Kind.MENTORSHIP_EXTENDED: _MENTORSHIP,
    Kind.MENTORSHIP_ENDS_SOON: Entry(
        Whom.BOTH_SIDES, When.FOUR_WEEKS_BEFORE, Why.RUNNING, switchable=True, weekly=True
    ),
    Kind.MENTORSHIP_ENDING: _MENTORSHIP,
    Kind.MENTORSHIP_CLOSED: _MENTORSHIP,
    Kind.MENTORS_UNVERIFIED: Entry(
        Whom.PROGRAMME_COORDINATORS, When.DAILY, Why.STAFF, switchable=True, weekly=True
    ),
    Kind.GOAL_DUE: Entry(Whom.WHOSE_GOAL, When.WEEK_BEFORE, Why.GOAL, switchable=True, weekly=True),
    Kind.GOAL_OVERDUE: Entry(Whom.WHOSE_GOAL, When.DAY_IS_OVER, Why.GOAL, switchable=True, weekly=True),
    Kind.PULSE_DUE: Entry(
        Whom.WHO_HAS_NOT_ANSWERED, When.AT_CADENCE, Why.FEEDBACK, switchable=True, weekly=True
    ),
    Kind.SURVEY_DUE: Entry(
        Whom.WHO_HAS_NOT_ANSWERED, When.START_MIDDLE_END, Why.FEEDBACK, switchable=True, weekly=True
    ),
    Kind.AGREEMENT_UNSIGNED: Entry(
        Whom.WHO_HAS_NOT_SIGNED, When.AFTER_THREE_DAYS, Why.AGREEMENT, switchable=True, weekly=True
    ),
    Kind.AGREEMENT_CHANGED: Entry(Whom.WHO_HAS_NOT_SIGNED, When.AT_ONCE, Why.AGREEMENT),
    Kind.SESSION_BOOKED: _SESSION,
    Kind.SESSION_PROPOSED: Entry(Whom.TO_ANSWER, When.AT_ONCE, Why.SESSION, urgent_if_near=True),
    Kind.SESSION_MOVED: _SESSION,
    Kind.SESSION_CANCELLED: _SESSION,
    Kind.SESSION_DECLINED: Entry(Whom.WHO_PROPOSED, When.AT_ONCE, Why.SESSION),
    Kind.SESSION_PLACE: _SESSION,
    Kind.CALENDAR_ENTRY: Entry(Whom.WHO_DID_IT, When.AT_ONCE, Why.SESSION, switchable=True, urgent=True),
    Kind.SESSION_REMINDER: Entry(
        Whom.BOTH_SIDES, When.BEFORE_SESSION, Why.SESSION, switchable=True, urgent_if_near=True
    ),
    Kind.SESSION_UNSAID: Entry(
        Whom.WHO_HAS_SAID_NOTHING, When.DAY_AFTER, Why.SESSION, switchable=True, weekly=True
    ),
    Kind.INTRODUCTION_OFFERED: Entry(Whom.MENTEE, When.AT_ONCE, Why.NETWORK, switchable=True),
    Kind.INTRODUCTION_ASKED: Entry(Whom.TO_BE_MET, When.AT_ONCE, Why.NETWORK, switchable=True),
    Kind.INTRODUCTION_MADE: Entry(Whom.BOTH_INTRODUCED, When.AT_ONCE, Why.NETWORK),
    Kind.MENTORSHIP_NUDGE: Entry(
        Whom.BOTH_SIDES, When.WHEN_IT_BEGINS, Why.HELP, switchable=True, weekly=True
    ),
    Kind.REVIEW_DUE: Entry(Whom.BOTH_SIDES, When.AFTER_SESSIONS, Why.GOAL, switchable=True, weekly=True),
    Kind.NOTES_MISSING: Entry(
        Whom.BOTH_SIDES, When.THREE_DAYS_AFTER_SESSION, Why.HELP, switchable=True, weekly=True
    ),
    Kind.AGREEMENT_SIGNED: Entry(Whom.BOTH_SIDES, When.AT_ONCE, Why.AGREEMENT, switchable=True, weekly=True),
    Kind.CERTIFICATE_REVOKED: Entry(Whom.HOLDER_OF_CERTIFICATE, When.AT_ONCE, Why.STANDING),
    Kind.CERTIFICATE_AWARDED: Entry(
        Whom.HOLDER_OF_CERTIFICATE, When.AT_ONCE, Why.OUTCOME, switchable=True, weekly=True
    ),
    Kind.ADMIN_ADDED: Entry(Whom.ADMINS, When.AT_ONCE, Why.OVERSIGHT, urgent=True, important=True),
    Kind.CONCERN_RAISED: _CONCERN,
    Kind.CONCERN_WAITING: replace(_CONCERN, when=When.EVERY_FOUR_HOURS),
    Kind.CONCERN_UNDONE: _CONCERN,
    Kind.SERIES_INVITATION: _INVITATION,
    Kind.SERIES_SESSION: Entry(Whom.WHO_TAKES_PART, When.DAY_BEFORE, Why.SESSION, switchable=True),
    Kind.SERIES_SESSION_CANCELLED: Entry(Whom.WHO_TAKES_PART, When.AT_ONCE, Why.SESSION, urgent=True),
    Kind.SERIES_CASE: Entry(Whom.PRESENTER, When.AT_ONCE, Why.CASE),
    Kind.SERIES_RECOMMENDATIONS_DUE: Entry(Whom.WHO_ANSWERS_FOR_IT, When.DAY_BEFORE_DUE, Why.CASE, switchable=True),
    Kind.CONCERN_CLOSED: replace(_CONCERN, whom=Whom.WHO_RAISED_IT, important=False),
    Kind.WEEKLY_DIGEST: Entry(Whom.WHO_CHOSE_IT, When.WEEKLY, Why.ONCE, switchable=True),
    Kind.PROGRAMME_DIGEST: Entry(Whom.PROGRAMME_COORDINATORS, When.WEEKLY, Why.STAFF, switchable=True),
    Kind.SERIES_CASE_DUE: Entry(Whom.PRESENTER, When.AFTER_THREE_DAYS, Why.CASE, switchable=True, weekly=True),
    Kind.SERIES_EVALUATION_DUE: Entry(
        Whom.WHO_IS_ASKED, When.AROUND_SERIES, Why.FEEDBACK, switchable=True, weekly=True
    ),
    Kind.SIMULATION_REMINDER: Entry(Whom.WHO_IS_IN_IT, When.DAY_BEFORE, Why.SESSION, switchable=True),
    Kind.SIMULATION_ANSWERS_DUE: Entry(
        Whom.WHO_IS_ASKED, When.AFTER_SIMULATION, Why.FEEDBACK, switchable=True, weekly=True
    ),
    Kind.SIMULATION_PLANNED: Entry(Whom.INVITED, When.AT_ONCE, Why.SESSION, switchable=True),
    Kind.CIRCLE_PLACE: Entry(Whom.TO_ANSWER, When.AT_ONCE, Why.ANSWER_WANTED),
    Kind.CIRCLE_SEAT_FREE: Entry(Whom.TO_ANSWER, When.AT_ONCE, Why.ANSWER_WANTED),
    Kind.CIRCLE_NEWS: Entry(Whom.WHO_IS_IN_IT, When.AT_ONCE, Why.SESSION),
    Kind.CIRCLE_WITHOUT_LEAD: Entry(Whom.PROGRAMME_COORDINATORS, When.AT_ONCE, Why.STAFF, switchable=True),
    Kind.CIRCLE_MEETING: Entry(Whom.WHO_IS_IN_IT, When.DAY_BEFORE, Why.SESSION, switchable=True),
    Kind.CIRCLE_MEETING_CHANGED: Entry(Whom.WHO_IS_IN_IT, When.AT_ONCE, Why.SESSION, urgent=True),
    Kind.EVENT_PLACE: Entry(Whom.WHO_IS_IN_IT, When.AT_ONCE, Why.SESSION, switchable=True),
    Kind.EVENT_TIMETABLE: Entry(Whom.WHO_IS_IN_IT, When.AT_ONCE, Why.SESSION, switchable=True),
    Kind.EVENT_CHANGED: Entry(Whom.WHO_IS_IN_IT, When.AT_ONCE, Why.SESSION, urgent=True),
    Kind.EVENT_REMINDER: Entry(Whom.WHO_IS_IN_IT, When.DAY_BEFORE, Why.SESSION, switchable=True),
    Kind.EVENT_MUTUAL: Entry(Whom.BOTH_SIDES, When.AT_ONCE, Why.ANSWER_WANTED),
    Kind.ACTIVITY_FEEDBACK_DUE: Entry(
        Whom.WHO_IS_ASKED, When.WHEN_CLOSED, Why.FEEDBACK, switchable=True, weekly=True
    ),
}  # fmt: skip


def is_confidential(kind: str) -> bool:
    """Tell whether a kind of message is a mail of which others are not to know that it is there."""
    return kind in set(Kind) and CATALOGUE[Kind(kind)].confidential
