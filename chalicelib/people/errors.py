"""Why something cannot be done with an account or a profile: one class a reason."""

from chalicelib.kernel.errors import Conflict


class EmailTaken(Conflict):
    code = "email-taken"
    title = "This address belongs to another account"


class ProfileIncomplete(Conflict):
    code = "profile-incomplete"
    title = "The profile lacks what matching needs"


class TooManyBlocks(Conflict):
    code = "too-many-blocks"
    title = "The list of blocks is full"
