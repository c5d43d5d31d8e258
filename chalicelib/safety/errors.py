"""Why something cannot be done with a safety concern: one class a reason."""

from chalicelib.kernel.errors import Conflict


class ConcernMoved(Conflict):
    """Somebody else moved the concern after it was read."""

    code = "concern-moved"
    title = "This concern was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then decide.")


class ConcernNotYours(Conflict):
    code = "concern-not-yours"
    title = "You are not handling this concern"


class ConcernNotOpen(Conflict):
    code = "concern-not-open"
    title = "The state of this concern does not allow this"


class TooManyConcerns(Conflict):
    code = "too-many-concerns"
    title = "You have as many open concerns as there may be"
