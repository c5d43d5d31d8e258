"""Why something cannot be done with staff rights: one class a reason."""

from chalicelib.kernel.errors import Conflict


class LastCoordinator(Conflict):
    code = "last-coordinator"
    title = "The organisation needs a coordinator"


class StaffChanged(Conflict):
    """Whoever was to stay as coordinator left at the same moment."""

    code = "staff-changed"
    title = "The organisation's staff changed at the same moment"


class LastAdmin(Conflict):
    code = "last-admin"
    title = "The installation needs an admin"
