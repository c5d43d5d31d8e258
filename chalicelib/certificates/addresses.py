"""Where what is public of certificates can be read: they name it in what is signed, so it is to stay."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Addresses:
    """The addresses of an installation.

    Parameters
    ----------
    origin
        Where people find it, `https://mentors.example.org`; what is under `/v1` there is this API.
    """

    origin: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).netloc

    @property
    def issuer(self) -> str:
        return f"{self.origin}/v1/certificate-issuer"

    def key(self, key_id: str) -> str:
        return f"{self.issuer}/keys/{key_id}"

    def status_list(self, name: str) -> str:
        return f"{self.issuer}/status-lists/{name}"

    def organisation(self, organisation_id: str) -> str:
        return f"{self.issuer}#organisation-{organisation_id}"

    def achievement(self, kind: str, of_id: str, role: str) -> str:
        """Return the name of what is achieved: by a `programme`'s mentorships, or another kind of activity."""
        return f"{self.issuer}#{kind}-{of_id}-{role}"

    def certificate(self, certificate_id: str) -> str:
        return f"{self.origin}/v1/certificates/{certificate_id}"

    def page(self, certificate_id: str) -> str:
        return f"{self.certificate(certificate_id)}/page"
