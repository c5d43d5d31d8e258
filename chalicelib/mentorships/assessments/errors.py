"""Why something cannot be done with a self-assessment: one class a reason."""

from chalicelib.kernel.errors import Conflict, Forbidden


class NotAssessed(Forbidden):
    code = "not-assessed"
    title = "Who is mentored assesses themselves"

    def __init__(self) -> None:
        super().__init__("You read here what the other of you shares.")


class AssessmentSettled(Conflict):
    """Its time is over: what was said then is what later ones are compared with."""

    code = "assessment-settled"
    title = "This self-assessment stays as it is"


class AssessmentMoved(Conflict):
    """It was changed after it was read."""

    code = "assessment-moved"
    title = "This self-assessment was changed just now"
