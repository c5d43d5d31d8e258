"""Why something cannot be done with evidence: one class a reason."""

from chalicelib.kernel.errors import Conflict, Forbidden


class TooMuchEvidence(Conflict):
    code = "too-much-evidence"
    title = "This credential has as many files as it may"


class EvidenceNeeded(Conflict):
    code = "evidence-needed"
    title = "The organisation wants evidence of this kind"

    def __init__(self, *, is_checking: bool = False, is_new: bool = False, may_send: bool = True) -> None:
        if not may_send:
            super().__init__(
                "No file of it is accepted and kept: submit it as another credential, with a file. "
                "This one stays as it was."
            )
        elif is_new:
            super().__init__("Keep it as a draft, add a file, and submit it once the file is accepted.")
        elif is_checking:
            super().__init__("A file is still being checked: submit it in a moment, when it is accepted.")
        else:
            super().__init__("No file of it is accepted: add one with POST …/evidence, then submit it.")


class EvidenceHandedIn(Conflict):
    code = "evidence-handed-in"
    title = "The reviewers have this file"

    def __init__(self) -> None:
        super().__init__(
            "It came to them with the credential, and stays until the organisation's time for files is over."
        )


class EvidenceSealed(Forbidden):
    code = "evidence-sealed"
    title = "The files of a withdrawn credential are sealed"

    def __init__(self) -> None:
        super().__init__("They are kept for their time, and an admin of the installation alone opens them.")


class EvidenceNotAccepted(Conflict):
    code = "evidence-not-accepted"
    title = "There is no file to open"
