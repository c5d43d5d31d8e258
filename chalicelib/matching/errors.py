"""Why something cannot be done with a run, a pair of it or proposed weights: one class a reason."""

from chalicelib.kernel.errors import Conflict


class RunUnderWay(Conflict):
    code = "run-under-way"
    title = "A match run of this programme is under way"


class RunNotHeld(Conflict):
    code = "run-not-held"
    title = "The pairs of this run are not held for review"


class RunMoved(Conflict):
    """The run was moved by somebody else; its worker has nothing more to do with it."""

    code = "run-moved"
    title = "This run was changed just now"


class NotStoppable(Conflict):
    code = "not-stoppable"
    title = "This run cannot be stopped any more"


class NotRetriable(Conflict):
    code = "not-retriable"
    title = "This run cannot be taken up again"


class EngineChanged(Exception):
    """A run in parts was begun by another version of the engine than the one that is asked for its next step."""


class RunTooLarge(Conflict):
    """No mentee's other pairs are kept of a run in parts, so there is nothing to choose from."""

    code = "run-too-large"
    title = "Single pairs of a run this large are not changed"


class NotAdmissible(Conflict):
    code = "not-admissible"
    title = "These two cannot be paired in this run"


class MentorFull(Conflict):
    code = "mentor-full"
    title = "Other pairs of this run take all places of this mentor"


class TooManyChoices(Conflict):
    code = "too-many-choices"
    title = "Too many pairs of this run were changed"


class WeightsNotOpen(Conflict):
    code = "weights-not-open"
    title = "These weights do not wait for a decision"


class WeightsChanged(Conflict):
    code = "weights-changed"
    title = "The programme's weights have changed since these were learnt"
