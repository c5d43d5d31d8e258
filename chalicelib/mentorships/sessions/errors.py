"""Why something cannot be done with a session: one class a reason."""

from chalicelib.kernel.errors import Conflict


class SessionMoved(Conflict):
    """Somebody else changed the session after it was read."""

    code = "session-moved"
    title = "This session was changed just now"


class CannotMeet(Conflict):
    """One of the two has blocked the other; neither is told which."""

    code = "cannot-meet"
    title = "You two cannot book time with each other"

    def __init__(self) -> None:
        super().__init__("Ask a coordinator of the programme how to go on.")


class OutsideAvailability(Conflict):
    code = "outside-availability"
    title = "At this time one of you cannot be met"


class PastLastDay(Conflict):
    code = "past-last-day"
    title = "Your mentorship is over before this time"


class SessionCancelled(Conflict):
    code = "session-cancelled"
    title = "This session is cancelled"

    def __init__(self) -> None:
        super().__init__("Book another one.")


class SessionBegun(Conflict):
    code = "session-begun"
    title = "This session has begun, or is over"

    def __init__(self) -> None:
        super().__init__(
            "It can be neither moved nor cancelled any more. Say with PUT …/attendance how it went."
        )


class SessionNotBegun(Conflict):
    code = "session-not-begun"
    title = "It is too early to say how this session went"


class NothingProposed(Conflict):
    code = "nothing-proposed"
    title = "There is no time for you to answer"


class OfferWaits(Conflict):
    code = "offer-waits"
    title = "A proposed time waits for an answer"

    def __init__(self) -> None:
        super().__init__("Accept or decline it first; then change how you meet.")


class NoSeries(Conflict):
    code = "no-series"
    title = "This session is not one of a series"

    def __init__(self) -> None:
        super().__init__("Leave `scope` out, or send `one`.")


class TooManySessions(Conflict):
    code = "too-many-sessions"
    title = "There are as many sessions ahead as there may be"


class AccountsClosed(Conflict):
    code = "accounts-closed"
    title = "It is too late to say how this session went"
