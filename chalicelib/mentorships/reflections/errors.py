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


class ReflectionMoved(Conflict):
    """The reflection was changed after it was read."""

    code = "reflection-moved"
    title = "This reflection was changed just now"
