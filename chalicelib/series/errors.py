"""Why something cannot be done with a series: one class a reason."""

from chalicelib.kernel.errors import Conflict, FieldError, Forbidden, Invalid


class SeriesRoleRefused(Forbidden):
    """To somebody who takes part in another role."""

    code = "series-role-refused"
    title = "Your role in this series does not allow this"

    def __init__(self, detail: str = "In this series it takes one of these roles: owner.") -> None:
        super().__init__(detail)


class NotJoinable(Conflict):
    code = "series-not-joinable"
    title = "This role is given by invitation"

    def __init__(self, detail: str = "Join as a member or a guest, or ask the hub to invite you.") -> None:
        super().__init__(detail)


class SiteUnknown(Conflict):
    code = "site-unknown"
    title = "The series has no such site"

    def __init__(self) -> None:
        super().__init__("Choose one of its sites, or have it added.")


class SiteAnswered(Conflict):
    code = "site-answered"
    title = "Answers were given from this site"

    def __init__(self) -> None:
        super().__init__(
            "They count for the income of its country. Leave that, and add a site in the other country."
        )


class SiteInUse(Conflict):
    code = "site-in-use"
    title = "This site is in use"

    def __init__(self, detail: str = "Give its people another site first.") -> None:
        super().__init__(detail)


class MembershipMoved(Conflict):
    """Somebody else changed the same place at the same moment."""

    code = "membership-moved"
    title = "This place was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then send your change if it still holds.")


class SessionMoved(Conflict):
    """Somebody else moved the session after it was read."""

    code = "session-moved"
    title = "This session was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then decide.")


class SessionNotSo(Conflict):
    code = "session-state"
    title = "The state of this session does not allow this"

    def __init__(self, detail: str = "It is planned.") -> None:
        super().__init__(detail)


class NotOpenForJoining(Conflict):
    code = "not-open-for-joining"
    title = "The session cannot be joined now"

    def __init__(
        self, detail: str = "It opens half an hour before it begins, and closes when it ends."
    ) -> None:
        super().__init__(detail)


class GuestsFull(Conflict):
    code = "guests-full"
    title = "There is no place for another guest"

    def __init__(self, detail: str = "As many guests as there may be have joined this session.") -> None:
        super().__init__(detail)


class VisitsUsed(Conflict):
    code = "visits-used"
    title = "You have visited this series as often as a guest may"

    def __init__(self) -> None:
        super().__init__("Join the series as a member to go on.")


class CaseMoved(Conflict):
    """Somebody else moved the case after it was read."""

    code = "case-moved"
    title = "This case was changed just now"

    def __init__(self) -> None:
        super().__init__("Read it again, then decide.")


class CaseNotSo(Conflict):
    code = "case-state"
    title = "The state of this case does not allow this"

    def __init__(self, detail: str = "It is assigned.") -> None:
        super().__init__(detail)


class CaseNotYours(Forbidden):
    code = "case-not-yours"
    title = "This is for another person to do"

    def __init__(self, detail: str = "Only its presenter writes a case; somebody else reviews it.") -> None:
        super().__init__(detail)


class CaseIdentifies(Invalid):
    """A case has something in it that identifies its patient."""

    code = "case-identifies"
    title = "The case may identify its patient"

    def __init__(
        self,
        detail: str = "Take out what is pointed at, then hand it in again.",
        errors: tuple[FieldError, ...] = (),
    ) -> None:
        super().__init__(detail, errors)


class SeriesNotOver(Conflict):
    code = "series-not-over"
    title = "The certificates of this series cannot be awarded yet"

    def __init__(self, detail: str = "None of its sessions was held.") -> None:
        super().__init__(detail)


class EvaluationBegun(Conflict):
    code = "evaluation-begun"
    title = "Somebody has answered already"

    def __init__(self) -> None:
        super().__init__("What is asked stays, so that answers before and after are of the same.")


class EvaluationNotSo(Conflict):
    code = "evaluation-state"
    title = "This cannot be answered so now"

    def __init__(self, detail: str = "It asks 5 questions. Answer each.") -> None:
        super().__init__(detail)


class AnsweredAlready(Conflict):
    code = "answered-already"
    title = "You have answered this"

    def __init__(self) -> None:
        super().__init__("Each is answered once before and once after, and stays.")


class PreMissing(Conflict):
    code = "pre-missing"
    title = "There is no answer from before"

    def __init__(self) -> None:
        super().__init__(
            "What came after says something only beside what was before. There is nothing to add."
        )
