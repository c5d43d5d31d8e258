"""Why something cannot be done with a certificate: one class a reason."""

from chalicelib.kernel.errors import Conflict, Forbidden


class CertificateNotDue(Conflict):
    code = "certificate-not-due"
    title = "This mentorship has not come to what the programme asks for"


class NoCertificates(Conflict):
    code = "no-certificates"
    title = "This programme issues no certificates"

    def __init__(self) -> None:
        super().__init__("Ask the programme's coordinators.")


class CertificateUnsigned(Conflict):
    code = "certificate-unsigned"
    title = "This certificate is not signed yet"


class CertificateRevoked(Conflict):
    code = "certificate-revoked"
    title = "This certificate is revoked"


class OwnCertificate(Forbidden):
    code = "own-certificate"
    title = "Nobody decides on a certificate of their own"

    def __init__(self) -> None:
        super().__init__("Ask another coordinator of the organisation.")


class OrderedBefore(Conflict):
    """There is a certificate of this mentorship and side, or activity and person, already."""

    code = "ordered-before"


class PlaceTaken(Conflict):
    """Another certificate has this place in the status list."""

    code = "place-taken"


class CertificateMoved(Conflict):
    """The certificate was changed after it was read."""

    code = "certificate-moved"
    title = "This certificate was changed just now"
