"""Why feedback on an activity is not taken: one class a reason."""

from chalicelib.kernel.errors import Conflict, Invalid


class ActivityFeedbackNotAsked(Conflict):
    """It is not over, the time to answer is, or whoever answers was not there."""

    code = "activity-feedback-not-asked"
    title = "You are not asked for feedback on this now"


class ActivityFeedbackStands(Conflict):
    """The time to correct it is over."""

    code = "activity-feedback-stands"
    title = "This feedback can no longer be corrected"


class ActivityFeedbackMoved(Conflict):
    """The same person sent it from elsewhere at the same moment."""

    code = "activity-feedback-moved"
    title = "This feedback was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then correct it if that is still needed.")


class ActivityCommentIdentifies(Invalid):
    code = "activity-comment-identifies"
    title = "The comment may identify somebody"


REFUSALS = (
    ActivityFeedbackNotAsked,
    ActivityFeedbackStands,
    ActivityFeedbackMoved,
    ActivityCommentIdentifies,
)
"""What giving feedback may be answered with, whatever room asks for it."""
