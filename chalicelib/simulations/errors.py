"""Why something cannot be done with a simulated case or a simulation: one class a reason."""

from chalicelib.kernel.errors import Conflict, Invalid


class SheetUnreadable(Invalid):
    """The file as a whole cannot be read as a table."""

    code = "sheet-unreadable"
    title = "The spreadsheet cannot be read"


class CaseUnsound(Invalid):
    """What is wrong with a case is told place by place."""

    code = "case-unsound"
    title = "The case cannot be played as it is"


class SimulatedCaseIdentifies(Invalid):
    """A case has something in it that identifies somebody."""

    code = "simulated-case-identifies"
    title = "The case may identify a patient"


class SimulationMoved(Conflict):
    """Somebody else changed the simulation after it was read."""

    code = "simulation-moved"
    title = "This simulation was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then decide.")


class MoveRefused(Conflict):
    code = "simulation-move-refused"
    title = "The state of this simulation does not allow this"


class ModeratorsMissing(Conflict):
    code = "moderators-missing"
    title = "Some participants have no moderator"


class PlaceTaken(Conflict):
    code = "place-taken"
    title = "Somebody of these takes part in another role"


class ChatMoved(Conflict):
    """Somebody else wrote in between; the message is decided anew."""

    code = "chat-moved"
    title = "The chat went on in between"

    def __init__(self) -> None:
        super().__init__("Send it again with the same client_key.")


class RepliedMeanwhile(Conflict):
    code = "replied-meanwhile"
    title = "Another moderator has just sent this"


class NotBegun(Conflict):
    code = "case-not-begun"
    title = "This case has not begun"


class TimeOver(Conflict):
    code = "case-time-over"
    title = "The time of this case is over"


class CaseEnded(Conflict):
    code = "case-ended"
    title = "This case has come to its end"


class ClientKeyUsed(Conflict):
    code = "client-key-used"
    title = "Another message has this client_key"


class NotOver(Conflict):
    code = "case-not-over"
    title = "This case is not over"


class RatedBefore(Conflict):
    code = "rated-before"
    title = "You have rated this already"


class RatedEnough(Conflict):
    code = "rated-enough"
    title = "This has been rated by as many as are needed"


class RatingCrossed(Conflict):
    """Another rater rated in between; it is decided anew."""

    code = "rating-crossed"
    title = "Somebody else rated this just now"

    def __init__(self) -> None:
        super().__init__("Send it again.")


class AnsweredOnce(Conflict):
    code = "answered-once"
    title = "You have answered this already"


class NotAsked(Conflict):
    code = "not-asked-now"
    title = "This is not asked now"


class BeforeMissing(Conflict):
    code = "before-missing"
    title = "You have not answered before the simulation"
