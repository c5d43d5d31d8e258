"""Why something cannot be done with an introduction: one class a reason."""

from chalicelib.kernel.errors import Conflict, Forbidden


class NotTheMentor(Forbidden):
    code = "not-the-mentor"
    title = "Mentors introduce their mentees"

    def __init__(self) -> None:
        super().__init__("Ask your mentor whom they could introduce you to.")


class CannotIntroduce(Conflict):
    """One answer for somebody who is not in the directory, or has left, and for a block between any two of the three,
    so that nobody can tell which it was."""

    code = "cannot-introduce"
    title = "This person cannot be introduced"

    def __init__(self) -> None:
        super().__init__(
            "Choose somebody else of the programme's directory, or give the address of one you know."
        )


class TooManyIntroductions(Conflict):
    code = "too-many-introductions"
    title = "This mentorship has as many introductions as it may"


class IntroductionOver(Conflict):
    code = "introduction-over"
    title = "Nothing can be answered any more"


class IntroductionMoved(Conflict):
    """Somebody answered after it was read."""

    code = "introduction-moved"
    title = "This introduction was answered just now"
