"""Why something cannot be done with a programme or a place in it: one class a reason."""

from chalicelib.kernel.errors import Conflict, Forbidden


class ProgrammeNotRunning(Conflict):
    code = "programme-not-running"
    title = "The programme is not running"


class ByInvitation(Forbidden):
    code = "by-invitation"
    title = "This programme is joined by invitation"


class NotEnrolled(Conflict):
    code = "not-enrolled"
    title = "Not enrolled in this programme"


class NoPlaceLeft(Conflict):
    code = "no-place-left"
    title = "No place is left"


class CapacityInUse(Conflict):
    code = "capacity-in-use"
    title = "More places are taken than this capacity has"


class ListedBefore(Conflict):
    """The directory has this version of the mentor's profile, or a later one."""

    code = "listed-before"
    title = "This profile is listed"


class RecountMoved(Conflict):
    """Somebody else has looked at these mentors, or the rules are others by now."""

    code = "recount-moved"
    title = "The rules, or how far they were applied, have changed"
