"""One GET over TLS to an address that was checked: bounded in time, in size and in what it may answer.

urllib3 speaks HTTP; it comes with botocore. Its connection is used, not its pools, because a pool looks the name up by
itself and bounds each read but not their sum.
"""

import logging
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException
from typing import Any

from urllib3.connection import HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)
from urllib3.response import HTTPResponse

from chalicelib.platform.outgoing.failures import OutgoingFailed, Reason
from chalicelib.platform.outgoing.targets import Target
from chalicelib.platform.version import VERSION

# It would log the address that was asked for, and with it a number of somebody's, when headers are malformed.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)

MOST_ADDRESSES = 4
_CHUNK = 16 * 1024
_SHORTEST = 0.001  # a time-out of nought would mean "do not wait at all" to a socket

# X509_V_ERR_* of OpenSSL's x509_vfy.h, docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/, read 2026-11-22.
_CERTIFICATES = {
    9: Reason.CERTIFICATE_EXPIRED,  # not yet valid
    10: Reason.CERTIFICATE_EXPIRED,
    62: Reason.CERTIFICATE_OF_ANOTHER_HOST,
    64: Reason.CERTIFICATE_OF_ANOTHER_HOST,
}


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes that a request may take.

    Attributes
    ----------
    connect
        For the name, and again for each address's connection with its TLS handshake.
    read
        For each wait on the other side.
    total
        For everything, redirects, retries and the pauses between them included.
    max_bytes
        Of the body, packed or unpacked, whichever is more.
    redirects
        How many are followed, on the same host.
    """

    connect: float = 3
    read: float = 5
    total: float = 15
    max_bytes: int = 1024 * 1024
    redirects: int = 3


class Deadline:
    """The end of the time that a request has."""

    def __init__(self, monotonic: Callable[[], float], seconds: float) -> None:
        self._monotonic = monotonic
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left.

        Raises
        ------
        OutgoingFailed
            If none are.
        """
        left = self.remaining()
        if left <= 0:
            raise OutgoingFailed(Reason.TOOK_TOO_LONG)
        return max(left, _SHORTEST)

    def remaining(self) -> float:
        """Return the seconds that are left, nought or less once the time is over."""
        return self._end - self._monotonic()


@dataclass(frozen=True)
class Answer:
    """What came back. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _PacedSocket(ssl.SSLSocket):
    """A TLS socket that waits for as long as `pace` allows, asked anew before each wait.

    A time-out of a socket is one for each wait: a server that sends a byte a second would never meet it.
    """

    pace: Callable[[], float] | None = None

    def recv_into(self, *args: Any, **how: Any) -> int:
        if self.pace is not None:
            self.settimeout(self.pace())
        return super().recv_into(*args, **how)


@cache
def _context(make: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return TLS settings, made once: reading the authorities' certificates costs more than a request."""
    context = make()
    if context.verify_mode is not ssl.CERT_REQUIRED or not context.check_hostname:
        raise ValueError("outgoing requests verify certificates and names")
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _PacedSocket
    return context


def exchange(
    target: Target,
    addresses: Sequence[str],
    port: int,
    context: Callable[[], ssl.SSLContext],
    accept: str,
    limits: Limits,
    deadline: Deadline,
) -> Answer:
    """Send one GET and return what comes back, redirects and refusals among it.

    Parameters
    ----------
    addresses
        Of the target's host, checked: one after the other is tried until one can be connected to.

    Raises
    ------
    OutgoingFailed
    """
    connection = _connected(target.host, addresses, port, _context(context), limits, deadline)
    try:
        return _exchanged(connection, target, accept, limits, deadline)
    except OutgoingFailed:
        raise
    except (TimeoutError, ReadTimeoutError):
        deadline.left()
        raise OutgoingFailed(Reason.ANSWER_TOO_SLOW) from None
    except ssl.SSLError:
        raise OutgoingFailed(Reason.TLS_FAILED) from None
    except ConnectionError:  # the far end hung up before it answered
        raise OutgoingFailed(Reason.CONNECTION_FAILED) from None
    except (HTTPError, HTTPException, DecodeError, OSError, ValueError):
        raise OutgoingFailed(Reason.ANSWER_BROKEN) from None
    finally:
        connection.close()


def _connected(
    host: str,
    addresses: Sequence[str],
    port: int,
    context: ssl.SSLContext,
    limits: Limits,
    deadline: Deadline,
) -> HTTPSConnection:
    failed = OutgoingFailed(Reason.CONNECTION_FAILED)
    for address in addresses[:MOST_ADDRESSES]:
        connection = HTTPSConnection(
            address,
            port,
            timeout=min(limits.connect, deadline.left()),
            ssl_context=context,
            server_hostname=host,  # whose certificate it must show, though the connection goes to the address
        )
        try:
            connection.connect()
            return connection
        except ssl.SSLCertVerificationError as error:
            connection.close()
            reason = _CERTIFICATES.get(error.verify_code, Reason.CERTIFICATE_NOT_TRUSTED)
            raise OutgoingFailed(reason) from None
        except ssl.SSLError:
            connection.close()
            raise OutgoingFailed(Reason.TLS_FAILED) from None
        except NewConnectionError:
            connection.close()
            failed = OutgoingFailed(Reason.CONNECTION_FAILED)
        except (ConnectTimeoutError, TimeoutError):
            connection.close()
            deadline.left()
            failed = OutgoingFailed(Reason.CONNECT_TOO_SLOW)
        except (HTTPError, OSError):
            connection.close()
            failed = OutgoingFailed(Reason.CONNECTION_FAILED)
    raise failed


def _exchanged(
    connection: HTTPSConnection, target: Target, accept: str, limits: Limits, deadline: Deadline
) -> Answer:
    if isinstance(connection.sock, _PacedSocket):
        connection.sock.pace = lambda: min(limits.read, deadline.left())
    connection.timeout = min(limits.read, deadline.left())
    headers = {
        "Host": target.host,
        "Accept": accept,
        "Accept-Encoding": "gzip",
        "Connection": "close",
        "User-Agent": f"Crossward/{VERSION}",
    }
    connection.request("GET", target.path, headers=headers, preload_content=False)
    response = connection.getresponse()
    try:
        return _read(response, limits, deadline)
    finally:
        response.close()  # it holds the socket open beside the connection


def _read(response: HTTPResponse, limits: Limits, deadline: Deadline) -> Answer:
    told = {name.lower(): value for name, value in response.headers.items()}
    if told.get("content-encoding", "identity").lower() not in ("identity", "gzip"):
        raise OutgoingFailed(Reason.ANSWER_BROKEN, status=response.status)
    if response.status != 200:
        return Answer(response.status, told, b"")  # nobody reads the body of a refusal
    length = told.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length) > limits.max_bytes:
        raise OutgoingFailed(Reason.ANSWER_TOO_LARGE)
    body = bytearray()
    # Each read unpacks no more than it was asked for, so a bomb is met a chunk past the limit.
    while chunk := response.read(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > limits.max_bytes or response.tell() > limits.max_bytes:
            raise OutgoingFailed(Reason.ANSWER_TOO_LARGE)
        deadline.left()
    return Answer(response.status, told, bytes(body))
