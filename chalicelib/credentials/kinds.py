"""What sorts of credentials there are, and of ways to lose what one verified: for those who ask nothing else of them.

Other capabilities name these where the API loads; the rules of claims and files, and the list of authorities, stay out.
"""

from enum import StrEnum


class Kind(StrEnum):
    LICENCE = "licence"
    REGISTRATION = "registration"
    DEGREE = "degree"
    BOARD_CERTIFICATION = "board_certification"
    FELLOWSHIP = "fellowship"
    GOOD_STANDING = "good_standing"


class Loss(StrEnum):
    """How it came that something does not verify a person any more.

    EXPIRED: with the last day that counted. SUSPENDED: a coordinator has it reviewed again and not count meanwhile, or
    its person took it back while it was. REFUSED: a reviewer revoked what was verified, also once its person had taken
    it back, or rejected it when it was reviewed again. UNMET: nothing of theirs was lost, but a programme asks for
    something else; no credential's news says so.
    """

    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REFUSED = "refused"
    UNMET = "unmet"
