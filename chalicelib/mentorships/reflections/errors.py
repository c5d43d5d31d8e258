"""Why something cannot be done with a reflection: one class a reason."""

from chalicelib.kernel.errors import Conflict


class FinalReflectionWritten(Conflict):
    code = "final-reflection-written"
    title = "You have written your final reflection"

    def __init__(self) -> None:
        super().__init__("There is one of each person. Change it, or delete it and write another one.")


class NotTimeToReflect(Conflict):
    """The mentorship is not in a state in which this is written, or shown to the other."""

    code = "not-time-to-reflect"
    title = "This cannot be written or shared now"


class TooManyReflections(Conflict):
    code = "too-many-reflections"
    title = "You have written as many reflections as are kept"


class CannotShare(Conflict):
    """One of the two has blocked the other; neither is told which."""

    code = "cannot-share"
    title = "You two cannot share with each other"

    def __init__(self) -> None:
        super().__init__("Keep it for yourself, or ask a coordinator of the programme how to go on.")


class ReflectionMoved(Conflict):
    """The reflection was changed after it was read."""

    code = "reflection-moved"
    title = "This reflection was changed just now"
