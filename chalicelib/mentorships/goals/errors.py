"""Why something cannot be done with a goal: one class a reason."""

from chalicelib.kernel.errors import Conflict, Forbidden


class GoalNotOpen(Conflict):
    code = "goal-not-open"
    title = "This goal is not open"


class GoalOpen(Conflict):
    code = "goal-open"
    title = "This goal is open"

    def __init__(self) -> None:
        super().__init__("There is nothing to reopen: change it, or note progress.")


class TooManyGoals(Conflict):
    code = "too-many-goals"
    title = "This mentorship has as many goals as it may"


class TooManyEntries(Conflict):
    code = "too-many-entries"
    title = "This goal has as many entries as it may"


class NotYourGoal(Forbidden):
    code = "not-your-goal"
    title = "This goal is the other's"

    def __init__(self) -> None:
        super().__init__(
            "Whose goal it is says that it is reached, dropped or open again. You can change its text, note progress "
            "and review it: keep or adjust."
        )


class GoalMoved(Conflict):
    """The goal was changed after it was read."""

    code = "goal-moved"
    title = "This goal was changed just now"
