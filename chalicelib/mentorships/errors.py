"""Why something cannot be done with a proposal, a mentorship, or a task about one: one class a reason."""

from chalicelib.kernel.errors import Conflict, Forbidden


class ProposalExpired(Conflict):
    code = "proposal-expired"
    title = "The time to answer this proposal is over"


class ProposalClosed(Conflict):
    code = "proposal-closed"
    title = "This proposal has its final answer"


class ProposalMoved(Conflict):
    """Somebody else moved the proposal after it was read; reading it again tells more."""

    code = "proposal-moved"
    title = "This proposal was answered just now"


class PublishedBefore(Conflict):
    """This very proposal is there: a step that is done again has nothing to do."""

    code = "published-before"
    title = "This proposal was made before"


class AlreadyProposed(Conflict):
    code = "already-proposed"
    title = "There is a proposal of this pair"


class AlreadyMentored(Conflict):
    code = "already-mentored"
    title = "This pair has a mentorship"


class MentorNotAvailable(Conflict):
    """One answer for a mentor who is full, hidden, unverified or away, and for a block, an earlier no or a private
    wish of either side, so that nobody can tell which it was."""

    code = "mentor-not-available"
    title = "This mentor cannot be asked"


class NoCommonGround(Conflict):
    """The pair lacks a language or a channel: what both open profiles show."""

    code = "no-common-ground"
    title = "A rule of matching stands against this pair"


class PartnerNotAvailable(Conflict):
    """One answer for whatever befell the other side since the proposal was made."""

    code = "partner-not-available"
    title = "This pair can no longer be made"


class NotMenteeLed(Conflict):
    code = "not-mentee-led"
    title = "Mentees do not ask mentors in this programme"


class NotPaused(Conflict):
    code = "not-paused"
    title = "This mentorship is not paused"


class MentorNotVerified(Conflict):
    code = "mentor-not-verified"
    title = "Nothing verifies the mentor at this moment"


class OwnMentorship(Forbidden):
    code = "own-mentorship"
    title = "Nobody decides on a mentorship of their own"


class MentorshipNotUnderWay(Conflict):
    code = "mentorship-not-under-way"
    title = "This mentorship is not under way"


class MentorshipMoved(Conflict):
    """Somebody else moved the mentorship after it was read."""

    code = "mentorship-moved"
    title = "This mentorship was changed just now"


class StandingMoved(Conflict):
    """The mentor's standing, or what it is judged by, changed after it was read."""

    code = "standing-moved"
    title = "The mentor's standing was changed just now"


class MentorshipOver(Conflict):
    """It is closing or closed."""

    code = "mentorship-over"
    title = "This mentorship is coming to its end, or is over"


class StillUnderWay(Conflict):
    """It is neither closing nor closed."""

    code = "still-under-way"
    title = "This mentorship has not come to its end"


class AlreadyPaused(Conflict):
    """A coordinator has paused it; that its mentor is not verified is another matter."""

    code = "already-paused"
    title = "A coordinator has paused this mentorship"


class NoExtensionAsked(Conflict):
    code = "no-extension-asked"
    title = "Nobody has asked for more time"


class NoEnd(Conflict):
    """It was made before mentorships had a last day."""

    code = "no-end"
    title = "This mentorship has no last day"


class TaskIsDone(Conflict):
    code = "task-is-done"
    title = "This task is done"


class TaskFollows(Conflict):
    """It is done when its mentorship moves, and by nothing else."""

    code = "task-follows"
    title = "This task is done by what becomes of its mentorship"
