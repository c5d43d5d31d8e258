"""Why a request to another service came to nothing: one code a cause, and no word of what was asked."""

from datetime import timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Stable codes: they are stored beside what was asked for, and told to people."""

    HOST_NOT_ALLOWED = "host-not-allowed"
    ADDRESS_NOT_PUBLIC = "address-not-public"
    NAME_UNKNOWN = "name-unknown"
    NAME_TOO_SLOW = "name-too-slow"
    CONNECT_TOO_SLOW = "connect-too-slow"
    CONNECTION_FAILED = "connection-failed"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_OF_ANOTHER_HOST = "certificate-of-another-host"
    CERTIFICATE_NOT_TRUSTED = "certificate-not-trusted"
    TLS_FAILED = "tls-failed"
    ANSWER_TOO_SLOW = "answer-too-slow"
    TOOK_TOO_LONG = "took-too-long"
    RATE_LIMITED = "rate-limited"
    SERVER_ERROR = "server-error"
    REFUSED = "refused"
    REDIRECTED_ELSEWHERE = "redirected-elsewhere"
    REDIRECTED_TOO_OFTEN = "redirected-too-often"
    ANSWER_TOO_LARGE = "answer-too-large"
    ANSWER_OF_ANOTHER_TYPE = "answer-of-another-type"
    ANSWER_BROKEN = "answer-broken"
    CIRCUIT_OPEN = "circuit-open"


# What may be otherwise a moment later. A GET changes nothing, so it may be sent again even where it was half answered.
PASSING = frozenset(
    {
        Reason.NAME_UNKNOWN, Reason.NAME_TOO_SLOW, Reason.CONNECT_TOO_SLOW, Reason.CONNECTION_FAILED,
        Reason.ANSWER_TOO_SLOW, Reason.RATE_LIMITED, Reason.SERVER_ERROR, Reason.ANSWER_BROKEN,
    }
)  # fmt: skip
# What says nothing of the other side's health: it was not asked.
OURS = frozenset({Reason.HOST_NOT_ALLOWED, Reason.CIRCUIT_OPEN})


class OutgoingFailed(Exception):
    """A request came to nothing.

    Attributes
    ----------
    status
        The HTTP status, where the other side gave one.
    retry_after
        For how long the other side asked to be left alone, where it did.
    """

    def __init__(
        self, reason: Reason, *, status: int | None = None, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
