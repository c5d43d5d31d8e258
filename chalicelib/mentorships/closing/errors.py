"""Why something of a closing conversation is not taken: one class a reason."""

from chalicelib.kernel.errors import Conflict


class NotTimeToClose(Conflict):
    """The mentorship goes on for longer, or has been over for too long."""

    code = "not-time-to-close"
    title = "The closing conversation is not open now"


class ClosingMoved(Conflict):
    """What somebody wrote was changed after it was read."""

    code = "closing-moved"
    title = "This was changed just now"
