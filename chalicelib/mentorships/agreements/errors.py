"""Why an agreement is not made, changed or signed."""

from chalicelib.kernel.errors import Conflict


class AgreementRewritten(Conflict):
    """The version that somebody means to sign is no longer the present one."""

    code = "agreement-rewritten"
    title = "There is another version of this agreement"


class AgreementIncomplete(Conflict):
    code = "agreement-incomplete"
    title = "The agreement is not complete yet"


class AgreementMoved(Conflict):
    """Somebody else wrote to the agreement after it was read."""

    code = "agreement-moved"
    title = "This agreement was changed just now"
