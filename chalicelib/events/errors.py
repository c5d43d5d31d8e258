"""Why something cannot be done with a speed event: one class a reason."""

from chalicelib.kernel.errors import Conflict, Invalid


class EventMoved(Conflict):
    """Somebody else changed the event after it was read."""

    code = "event-moved"
    title = "This event was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then decide.")


class EventNotSo(Conflict):
    code = "event-not-so"
    title = "The state of this event does not allow this"


class PlacesClosed(Conflict):
    code = "event-places-closed"
    title = "Places of this event are not given any more"


class SeatsMoved(Conflict):
    """Somebody else took or left a seat in between; it is decided anew."""

    code = "event-seats-moved"
    title = "Seats were taken or left just now"

    def __init__(self) -> None:
        super().__init__("Send it again.")


class EventFull(Conflict):
    code = "event-full"
    title = "All seats of this side are taken"


class PlaceOtherwise(Conflict):
    code = "event-place-otherwise"
    title = "Somebody of these has a place on the other side"


class NotInProgramme(Conflict):
    code = "event-not-enrolled"
    title = "Not enrolled on this side of the programme"


class NotVerifiedHere(Conflict):
    code = "event-mentor-not-verified"
    title = "Nothing verifies this mentor in the programme now"


class EventsOverlap(Conflict):
    code = "events-overlap"
    title = "Another event is at the same time"


class NobodyMeets(Conflict):
    code = "event-nobody-meets"
    title = "In this timetable nobody meets anybody"


class TimetableMoved(Conflict):
    """It was made anew in between; it is decided anew."""

    code = "event-timetable-moved"
    title = "The timetable was made anew just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then decide.")


class QuestionsIdentify(Invalid):
    """A question has something in it that identifies somebody."""

    code = "event-questions-identify"
    title = "A question may identify a patient"


class WishStands(Conflict):
    code = "event-wish-stands"
    title = "Both of you have said that you would like to go on"


class MeetingMoved(Conflict):
    """What is kept of a meeting was changed in between; it is decided anew."""

    code = "event-meeting-moved"
    title = "This was changed just now"

    def __init__(self) -> None:
        super().__init__("Send it again.")
