"""Why feedback is not taken: one class a reason."""

from chalicelib.kernel.errors import Conflict


class RoundNotOpen(Conflict):
    code = "round-not-open"
    title = "This round is not open"


class FeedbackSettled(Conflict):
    """The time to correct it is over, or it has been compared with."""

    code = "feedback-settled"
    title = "This answer can no longer be corrected"


class FeedbackMoved(Conflict):
    """It, or what is asked, was changed after it was read."""

    code = "feedback-moved"
    title = "This was changed just now"
