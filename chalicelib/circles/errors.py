"""Why something cannot be done with a circle: one class a reason."""

from chalicelib.kernel.errors import Conflict, Forbidden


class CircleRoleRefused(Forbidden):
    """To somebody who has another part in the circle."""

    code = "circle-role-refused"
    title = "Your part in this circle does not allow this"

    def __init__(
        self, detail: str = "Who leads the circle may do this, and the programme's coordinators."
    ) -> None:
        super().__init__(detail)


class NoCirclePlan(Conflict):
    code = "circle-plan-missing"
    title = "The programme has not said how its circles are"

    def __init__(self) -> None:
        super().__init__("Set the plan first: PUT /v1/programmes/{programme_id}/circle-plan.")


class FormingNotSo(Conflict):
    code = "circle-forming-state"
    title = "The state of this forming does not allow this"

    def __init__(self, detail: str = "Form circles first.") -> None:
        super().__init__(detail)


class FormingMoved(Conflict):
    """Somebody else formed or published at the same moment."""

    code = "circle-forming-moved"
    title = "This forming was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then decide.")


class FormedBefore(Conflict):
    """This very circle has been made: a worker begins again."""

    code = "circle-formed-before"
    title = "This circle is there already"

    def __init__(self) -> None:
        super().__init__("Nothing is left to do.")


class CircleNotSo(Conflict):
    code = "circle-state"
    title = "The state of this circle does not allow this"

    def __init__(self, detail: str = "It is closed.") -> None:
        super().__init__(detail)


class CircleMoved(Conflict):
    """Somebody else changed the circle after it was read."""

    code = "circle-moved"
    title = "This circle was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then decide.")


class CircleFull(Conflict):
    code = "circle-full"
    title = "There is no free seat in this circle"

    def __init__(self, detail: str = "Wait for one, or free one first.") -> None:
        super().__init__(detail)


class PlaceNotSo(Conflict):
    code = "circle-place-state"
    title = "The state of this place does not allow this"

    def __init__(self, detail: str = "It was given up.") -> None:
        super().__init__(detail)


class PlaceMoved(Conflict):
    """Somebody else changed the same place at the same moment."""

    code = "circle-place-moved"
    title = "This place was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then send your change if it still holds.")


class NotEligible(Conflict):
    """It says no more than what a coordinator may know."""

    code = "circle-not-eligible"
    title = "This person cannot have a place in this circle now"

    def __init__(
        self,
        detail: str = "They need a free place in the programme, whoever leads has to be verified, and nobody in the "
        "circle may be somebody with whom they are not to be brought together.",
    ) -> None:
        super().__init__(detail)


class SeatedElsewhere(NotEligible):
    """To a forming alone: they have got a circle since it was worked out."""


class MeetingMoved(Conflict):
    """Somebody else changed the meeting after it was read."""

    code = "circle-meeting-moved"
    title = "This meeting was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then decide.")


class MeetingNotSo(Conflict):
    code = "circle-meeting-state"
    title = "The state of this meeting does not allow this"

    def __init__(self, detail: str = "It is planned.") -> None:
        super().__init__(detail)


class MeetingNotOpen(Conflict):
    code = "circle-meeting-not-open"
    title = "The meeting cannot be joined now"

    def __init__(
        self, detail: str = "It opens half an hour before it begins, and closes when it ends."
    ) -> None:
        super().__init__(detail)


class AgendaFull(Conflict):
    code = "circle-agenda-full"
    title = "The agenda is full"

    def __init__(self, detail: str = "Take something off it first.") -> None:
        super().__init__(detail)
