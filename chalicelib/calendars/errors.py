"""Why time cannot be booked."""

from chalicelib.kernel.errors import Conflict


class TimeTaken(Conflict):
    code = "time-taken"
    title = "One of the people has something else at this time"

    def __init__(self) -> None:
        super().__init__("Choose another time of GET …/times.")


class CalendarMoved(Conflict):
    """Somebody else booked or freed time after a calendar was read."""

    code = "calendar-moved"
    title = "A calendar was changed just now"
