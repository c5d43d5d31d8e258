"""The catalogue of the mails in sentences, and the page of the link that switches a kind off."""

from collections.abc import Mapping
from enum import StrEnum
from html import escape

from chalicelib.notifications.catalogue import CATALOGUE, When, Whom, Why
from chalicelib.notifications.model import Kind
from chalicelib.words.catalogues import catalogue, language_of
from chalicelib.words.formats import Formats


def what_sentence(kind: Kind, locale: str) -> str:
    """Return what a kind of mail tells, in the reader's language."""
    _ = catalogue(language_of(locale)).gettext
    told: Mapping[Kind, str] = {
        Kind.ACCOUNT_EXISTS: _("Somebody tried to sign up with the address of your account."),
        Kind.ROSTER_INVITATION: _("An organisation invites you to Crossward and to one of its programmes."),
        Kind.ENROLMENT_INVITATION: _("An organisation invites you to one of its programmes."),
        Kind.CREDENTIAL_VERIFIED: _("A credential of yours has been verified."),
        Kind.CREDENTIAL_REJECTED: _("A credential of yours has not been accepted."),
        Kind.CREDENTIAL_MORE_WANTED: _("A reviewer needs more for a credential of yours."),
        Kind.CREDENTIAL_REVOKED: _("The verification of a credential of yours has been revoked."),
        Kind.CREDENTIAL_EXPIRING: _("A credential of yours is about to expire."),
        Kind.CREDENTIAL_EXPIRED: _("A credential of yours has expired."),
        Kind.EVIDENCE_REJECTED: _("A file that you sent as evidence could not be accepted."),
        Kind.REVIEWS_OVERDUE: _("Credentials of your organisation wait longer for a review than they should."),
        Kind.PROPOSAL_MADE: _("A mentor or a mentee is proposed to you."),
        Kind.PROPOSAL_ACCEPTED: _("The other side has said yes to a proposal and waits for your answer."),
        Kind.PROPOSAL_AGREED: _("You both said yes, and your mentorship begins."),
        Kind.PROPOSAL_DECLINED: _("The other side has declined a proposal or taken it back."),
        Kind.PROPOSAL_EXPIRING: _("A proposal that waits for your answer is about to expire."),
        Kind.PROPOSAL_EXPIRED: _("A proposal has expired because an answer was missing."),
        Kind.MENTORSHIP_IN_GRACE: _("The verification of the mentor in your mentorship is being renewed."),
        Kind.MENTORSHIP_PAUSED: _("Your mentorship is paused until the verification of its mentor is renewed."),
        Kind.MENTORSHIP_RESUMED: _("Your mentorship goes on."),
        Kind.MENTORSHIP_HELD: _("Your mentorship is paused until a coordinator has it go on."),
        Kind.EXTENSION_ASKED: _("The other side asks for more time for your mentorship."),
        Kind.MENTORSHIP_EXTENDED: _("Your mentorship has more time."),
        Kind.MENTORSHIP_ENDS_SOON: _("The last day of your mentorship is near."),
        Kind.MENTORSHIP_ENDING: _("Your mentorship comes to its end, with time for a closing conversation."),
        Kind.MENTORSHIP_CLOSED: _("Your mentorship has come to its end."),
        Kind.MENTORS_UNVERIFIED: _("Mentors of your programme are no longer verified."),
        Kind.GOAL_DUE: _("The day of a goal of yours is near."),
        Kind.GOAL_OVERDUE: _("The day of a goal of yours is over."),
        Kind.PULSE_DUE: _("A few questions on how your mentorship is going wait for you."),
        Kind.SURVEY_DUE: _("A survey on your mentorship waits for you."),
        Kind.SESSION_BOOKED: _("A session with you has been booked."),
        Kind.SESSION_PROPOSED: _("A time for a session is proposed to you."),
        Kind.SESSION_MOVED: _("A session of yours has been moved."),
        Kind.SESSION_CANCELLED: _("A session of yours has been cancelled."),
        Kind.SESSION_DECLINED: _("The time that you proposed for a session has been declined."),
        Kind.SESSION_PLACE: _("How you meet for a session has been changed."),
        Kind.CALENDAR_ENTRY: _("What you changed yourself, as a file for your calendar."),
        Kind.SESSION_REMINDER: _("A session of yours is near."),
        Kind.SESSION_UNSAID: _("Nobody has said yet how a session went."),
        Kind.MENTORSHIP_NUDGE: _("Something of your mentorship wants mending, such as a month without a session."),
        Kind.REVIEW_DUE: _("It is time to review goals of your mentorship."),
        Kind.NOTES_MISSING: _("Nothing is noted yet of a session that you held."),
        Kind.AGREEMENT_UNSIGNED: _("The agreement of your mentorship waits for your signature."),
        Kind.AGREEMENT_CHANGED: _("The agreement that you had signed has been changed."),
        Kind.INTRODUCTION_OFFERED: _("Your mentor would like to introduce you to somebody."),
        Kind.INTRODUCTION_ASKED: _("A mentor would like to introduce their mentee to you."),
        Kind.INTRODUCTION_MADE: _("You both said yes to an introduction, and can write to each other."),
        Kind.ADMIN_ADDED: _("Somebody was made an admin of Crossward."),
        Kind.CONCERN_RAISED: _("Something waits for an admin."),
        Kind.CONCERN_WAITING: _("Something still waits for an admin."),
        Kind.CONCERN_UNDONE: _("Something that an admin has seen to was changed by somebody else."),
        Kind.CONCERN_CLOSED: _("There is an answer for you in Crossward."),
        Kind.CERTIFICATE_REVOKED: _("A certificate of yours was taken back."),
        Kind.CERTIFICATE_AWARDED: _("You have earned a certificate."),
        Kind.SERIES_INVITATION: _("An organisation invites you to a tele-mentoring series."),
        Kind.SERIES_SESSION: _("A session of a series in which you take part is near."),
        Kind.SERIES_SESSION_CANCELLED: _("A session of a series in which you take part is cancelled."),
        Kind.SERIES_CASE: _("There is news of a case that you present in a series."),
        Kind.SERIES_RECOMMENDATIONS_DUE: _("Written recommendations on a case of a series are due."),
        Kind.SERIES_CASE_DUE: _("A case that you are to present in a series is not written yet."),
        Kind.SERIES_EVALUATION_DUE: _("A series asks how confident you are."),
        Kind.SIMULATION_REMINDER: _("A simulation in which you take part is near."),
        Kind.SIMULATION_ANSWERS_DUE: _("A simulation asks what it has changed."),
        Kind.SIMULATION_PLANNED: _("An organisation has given you a place in a simulation."),
        Kind.CIRCLE_PLACE: _("You are offered a place in a circle."),
        Kind.CIRCLE_SEAT_FREE: _("A seat is free in a circle for which you have waited."),
        Kind.CIRCLE_NEWS: _("Your circle is complete, held, goes on or is closed."),
        Kind.CIRCLE_WITHOUT_LEAD: _("Nobody leads a circle of your programme any more."),
        Kind.CIRCLE_MEETING: _("A meeting of your circle is near."),
        Kind.CIRCLE_MEETING_CHANGED: _("A meeting of your circle was moved or is cancelled."),
        Kind.EVENT_PLACE: _("You have a place at speed mentoring, or stand on the list for one."),
        Kind.EVENT_TIMETABLE: _("You read whom you meet at speed mentoring."),
        Kind.EVENT_CHANGED: _("A speed mentoring event is at another time, or cancelled."),
        Kind.EVENT_REMINDER: _("A speed mentoring event at which you have a seat is near."),
        Kind.EVENT_MUTUAL: _("Somebody whom you met at speed mentoring would like to go on, as you would."),
        Kind.ACTIVITY_FEEDBACK_DUE: _("You are asked how speed mentoring or a meeting of your circle was."),
        Kind.AGREEMENT_SIGNED: _("Both of you have signed the agreement of your mentorship."),
        Kind.WEEKLY_DIGEST: _("What you have chosen to hear of once a week, in one mail."),
        Kind.PROGRAMME_DIGEST: _("How your programme stands: what waits for you, and which mentorships need help."),
    }  # fmt: skip
    return told[kind]


def whom_sentence(kind: Kind, locale: str) -> str:
    """Return to whom a kind of mail goes."""
    _ = catalogue(language_of(locale)).gettext
    told: Mapping[StrEnum, str] = {
        Whom.HOLDER: _("To the holder of the account."),
        Whom.INVITED: _("To whom an organisation invites."),
        Whom.CLAIMANT: _("To the one whose credential it is."),
        Whom.HOLDER_OF_CERTIFICATE: _("To the one whose certificate it is."),
        Whom.TO_ANSWER: _("To the side whose answer is missing."),
        Whom.BOTH_SIDES: _("To mentee and mentor."),
        Whom.OTHER_SIDE: _("To the side that did not decline it."),
        Whom.WHOSE_GOAL: _("To the one whose goal it is."),
        Whom.OTHER_OF_THE_TWO: _("To the one of the two who did not do it."),
        Whom.WHO_DID_IT: _("To the one who did it."),
        Whom.WHO_PROPOSED: _("To the side that proposed the time."),
        Whom.WHO_HAS_SAID_NOTHING: _("To the side that has not said how it went."),
        Whom.WHO_HAS_NOT_SIGNED: _("To the side that has not signed the present version."),
        Whom.MENTEE: _("To the mentee."),
        Whom.TO_BE_MET: _("To the one whom the mentee is to meet."),
        Whom.BOTH_INTRODUCED: _("To the two who are introduced."),
        Whom.WHO_HAS_NOT_ANSWERED: _("To mentee and mentor, each for themselves."),
        Whom.ORGANISATION_COORDINATORS: _("To the coordinators of the organisation."),
        Whom.PROGRAMME_COORDINATORS: _("To the coordinators of the programme."),
        Whom.ADMINS: _("To the admins who may see to it."),
        Whom.WHO_TAKES_PART: _("To all who take part in the series."),
        Whom.PRESENTER: _("To the one who presents the case."),
        Whom.WHO_ANSWERS_FOR_IT: _("To the owners, facilitators and experts of the series."),
        Whom.WHO_IS_IN_IT: _("To all who have a place in it."),
        Whom.WHO_IS_ASKED: _("To whoever has not answered yet."),
        Whom.WHO_RAISED_IT: _("To the one who asked for it."),
        Whom.WHO_CHOSE_IT: _("To whoever chose to hear of some things once a week."),
    }
    return told[CATALOGUE[kind].whom]


def when_sentence(kind: Kind, locale: str) -> str:
    """Return when a kind of mail is sent."""
    _ = catalogue(language_of(locale)).gettext
    told: Mapping[StrEnum, str] = {
        When.AT_ONCE: _("As soon as it happens."),
        When.TWO_DAYS_BEFORE: _("Two days before the time to answer is over."),
        When.WEEK_BEFORE: _("A week before the day."),
        When.BEFORE_SESSION: _("A day before it begins, and an hour before."),
        When.DAY_BEFORE: _("A day before it begins."),
        When.DAY_BEFORE_DUE: _("A day before they are due."),
        When.DAY_AFTER: _("Once, a day after it."),
        When.FOUR_WEEKS_BEFORE: _("Four weeks before the last day."),
        When.AFTER_THREE_DAYS: _("Once, when three days have gone by."),
        When.THREE_DAYS_AFTER_SESSION: _("Once, three days after the session."),
        When.WHEN_IT_BEGINS: _("Once, when it begins, and again only if it was mended in between."),
        When.AFTER_SESSIONS: _("Once, after as many sessions as the programme asks for."),
        When.DAY_IS_OVER: _("Once, when the day is over."),
        When.BEFORE_EXPIRY: _("90, 60, 30 and 7 days before the last day on which it counts."),
        When.AT_EXPIRY: _("When the last day on which it counts is over."),
        When.AT_CADENCE: _("Every few weeks, as the programme says."),
        When.START_MIDDLE_END: _("At the start of a mentorship, in its middle and at its end."),
        When.DAILY: _("Once a day at most, when there is something new."),
        When.EVERY_FOUR_HOURS: _("Every four hours until somebody sees to it."),
        When.AROUND_SERIES: _("A day before the first session, and after the last one that is planned."),
        When.AFTER_SIMULATION: _("A day after its debrief has begun, and six weeks after it was closed."),
        When.WHEN_CLOSED: _("Once, when it is closed."),
        When.WEEKLY: _(
            "At the beginning of the week, at eight in the morning where you are, when there is something."
        ),
    }
    return told[CATALOGUE[kind].when]


def why_sentence(kind: Kind, locale: str) -> str:
    """Return what a kind of mail is good for."""
    _ = catalogue(language_of(locale)).gettext
    told: Mapping[StrEnum, str] = {
        Why.SAFETY: _("So that you notice when somebody else uses your address."),
        Why.INVITATION: _("So that you can say whether you take part."),
        Why.STANDING: _("Whether you count as verified depends on it."),
        Why.ANSWER_WANTED: _("Somebody waits for your answer, and a place is held for you meanwhile."),
        Why.AGREEMENT: _("From now on you count on each other."),
        Why.OUTCOME: _("So that you do not wait in vain."),
        Why.RUNNING: _("It changes what you can do together."),
        Why.GOAL: _("You chose the day, and a reminder helps to keep it in mind."),
        Why.SESSION: _("Somebody has set the time aside for you."),
        Why.NETWORK: _("You decide who gets your address, and nobody has it before you say yes."),
        Why.HELP: _("A small thing mended early keeps a mentorship going."),
        Why.FEEDBACK: _("So that it shows in time where help is wanted, and what mentoring changes."),
        Why.STAFF: _("Somebody waits for what only coordinators can do."),
        Why.CASE: _("A patient waits for what comes of it."),
        Why.PROTECTION: _(
            "So that everybody is safe here. What it is about is told to you alone, after you sign in."
        ),
        Why.ONCE: _("What can wait comes together, and you choose what that is."),
        Why.OVERSIGHT: _("So that nobody becomes an admin unseen."),
    }
    return told[CATALOGUE[kind].why]


def unsubscribe_page(kind: Kind, locale: str, *, is_off: bool) -> str:
    """Return the page of the link that switches a kind off: a button that does it, or that it has been done.

    It loads nothing, names nobody, and is not to be indexed or told on as a referrer.
    """
    language = language_of(locale)
    _ = catalogue(language).gettext
    direction = Formats(language).direction
    title = _("Mails that you no longer get") if is_off else _("Get no more of these mails?")
    undone, button = (
        _("Sign in to Crossward and open “Mails” to get them again."), _("Send me no more of these")
    )  # fmt: skip
    if is_off:
        rest = f"<p>{escape(undone)}</p>"
    else:
        # The form names no address: it goes to that of the page, whatever stands before the path.
        rest = (
            '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
            f"<button>{escape(button)}</button></form>"
        )
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
        f"<p>{escape(what_sentence(kind, locale))}</p>\n{rest}\n</main>\n</body>\n</html>\n"
    )
