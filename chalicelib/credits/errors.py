"""Why something cannot be done with credits: one class a reason."""

from chalicelib.kernel.errors import Conflict


class CreditClaimed(Conflict):
    """An activity is claimed under one scheme, once."""

    code = "credit-claimed"
    title = "You have claimed this under another scheme"

    def __init__(self) -> None:
        super().__init__(
            "An activity counts under one scheme, and a claim stays. Your activities say under which."
        )


class NoRuleOfDay(Conflict):
    code = "no-credit-rule-of-day"
    title = "The scheme has no rule for that day"

    def __init__(self) -> None:
        super().__init__(
            "What was on a day is judged by the rule of that day. Claim it under another scheme."
        )


class ActivityMoved(Conflict):
    """The activity was written by another at the same moment."""

    code = "activity-moved"
    title = "This activity was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then claim it.")


class SchemeMoved(Conflict):
    """Somebody else changed the scheme after it was read."""

    code = "credit-scheme-moved"
    title = "This scheme was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then send your rule if it is still needed.")


class RuleNotAhead(Conflict):
    """A rule would judge days that were judged by another."""

    code = "credit-rule-not-ahead"
    title = "A further rule begins on a day to come"

    def __init__(self) -> None:
        super().__init__("Give a day that has begun nowhere yet, after that of the rule before it.")
