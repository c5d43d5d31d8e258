"""Why something cannot be done with a credential: one class a reason."""

from datetime import datetime

from chalicelib.kernel.clock import to_text
from chalicelib.kernel.errors import Conflict, Forbidden


class AlreadySubmitted(Conflict):
    code = "credential-already-submitted"
    title = "This credential waits for its review"


class TooManyOpen(Conflict):
    code = "too-many-open-credentials"
    title = "Too many credentials wait for their review"


class AlreadyDecided(Conflict):
    code = "credential-already-decided"
    title = "This credential was decided"


class CredentialWithdrawn(Conflict):
    code = "credential-withdrawn"
    title = "The person has withdrawn this credential"

    def __init__(self) -> None:
        super().__init__("It was withdrawn: there is nothing left to do with it.")


class WrongState(Conflict):
    code = "credential-state"
    title = "The credential's state does not allow this"


class UnderReview(Conflict):
    code = "credential-under-review"
    title = "A reviewer looks at this credential just now"

    def __init__(self, until: datetime | None = None) -> None:
        till = f" until {to_text(until)}, if they do not renew it" if until else ""
        super().__init__(
            f"They hold it{till}. Send the other wording after that, if "
            "nothing is decided by then; or withdraw the credential, and submit another one."
        )


class TooManyRevisions(Conflict):
    code = "too-many-revisions"
    title = "This credential has had as many wordings as it may"

    def __init__(self) -> None:
        super().__init__("All of them are kept. Submit it as another credential.")


class RevisionNotSeen(Conflict):
    code = "revision-not-seen"
    title = "You have not seen this wording of the credential"

    def __init__(self, revision: int | None = None) -> None:
        stands = f"It stands as revision {revision}. " if revision else ""
        super().__init__(f"{stands}Claim the case, which shows it to you, look, and then decide.")


class CaseMoved(Conflict):
    """Somebody else's change came in between; the service reads anew and tries again before anybody sees this."""

    code = "case-moved"
    title = "Others are changing this person's credentials"

    def __init__(self) -> None:
        super().__init__("Nothing was changed. Send the request again.")


class HasExpired(Conflict):
    code = "credential-expired"
    title = "The document has expired"


class OwnCredential(Forbidden):
    code = "own-credential"
    title = "Nobody decides their own credential"

    def __init__(self) -> None:
        super().__init__("Another reviewer of the organisation has to decide this one.")


class ClaimNeeded(Conflict):
    code = "claim-needed"
    title = "Claim the case first"

    def __init__(self) -> None:
        super().__init__("Nobody works on this case: claim it, look at it, then decide.")


class ClaimLapsed(Conflict):
    code = "claim-lapsed"
    title = "Your claim on this case has lapsed"

    def __init__(self) -> None:
        super().__init__(
            "It was over before this came. Claim the case again and look whether anything has changed."
        )


class ClaimedByAnother(Conflict):
    code = "claimed-by-another"
    title = "Another reviewer works on this case"

    def __init__(self, until: datetime | None = None) -> None:
        till = f" until {to_text(until)}, if they do not renew it" if until else ""
        super().__init__(f"They hold it{till}. Take another case.")


class NothingToClaim(Conflict):
    code = "nothing-to-claim"
    title = "No case is free"

    def __init__(self) -> None:
        super().__init__("Nothing that fits waits for a reviewer now, or others work on all of it.")


class SharesMentorship(Forbidden):
    code = "shares-mentorship"
    title = "Nobody reviews for somebody they share a mentorship with"

    def __init__(self) -> None:
        super().__init__(
            "You have or had a mentorship with this person. This one is for another reviewer to read and decide."
        )


class SecondPersonNeeded(Forbidden):
    code = "second-person-needed"
    title = "A second person has to decide"

    def __init__(self) -> None:
        super().__init__(
            "You have said what you think of this case. The next word on it is another person's."
        )


class AdminSettles(Forbidden):
    code = "admin-settles"
    title = "An admin of the installation settles this case"

    def __init__(self) -> None:
        super().__init__("Two reviewers came to different decisions. An admin has the last word.")


class ExportOfAnother(Forbidden):
    """A file leaves out what the admin who ordered it may not read, and has what another may not."""

    code = "trail-export-of-another"
    title = "Another admin ordered this export"

    def __init__(self) -> None:
        super().__init__("Its file leaves out what they may not read, and you may. Order one of your own.")


class ExportNotThere(Conflict):
    """The file is not written yet, or not kept any more."""

    code = "trail-export-not-there"
    title = "There is no file of this export"
