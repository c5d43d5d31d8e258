"""Where the service may send a request: named hosts over https, at public addresses that were checked.

An address in somebody's data can never move a request. Three things together see to that: the host must be one of
the list in the code, the name must lead to public addresses alone, and the connection is made to the very address that
was looked at, so that a name which changes its mind between look-up and connection (DNS rebinding) gains nothing.
"""

import ipaddress
import queue
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from chalicelib.platform.outgoing.failures import OutgoingFailed, Reason

HOSTS = frozenset({"npiregistry.cms.hhs.gov"})
"""Every host that this service ever speaks to, AWS and the user pool apart. A host is added here, by review."""

MAX_URL = 2_000
_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
_WRITTEN = re.compile(r"[\x21-\x5b\x5d-\x7e]+")  # ASCII without spaces, controls and the backslash
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE = ipaddress.IPv6Network("::/96")  # RFC 4291, 2.5.5.1

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet, and so does every IPv4 address inside an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None or address.is_site_local:
            return False
        inner = _inner(address)
        if inner:
            return all(is_public(one) for one in inner)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
    )


def _inner(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64 or address in _COMPATIBLE:
        return (ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()


def look_up(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name as the system knows them; raises `OSError` where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(entry[4][0]) for entry in found]


@dataclass(frozen=True)
class Reach:
    """Where requests may go. Production has `Reach()` and nothing else; a test puts its own server in.

    Attributes
    ----------
    hosts
        Names, in lower case; an address can be none.
    is_permitted
        Whether an address may be connected to.
    context
        Makes the TLS settings; it must verify certificates and names.
    """

    hosts: frozenset[str] = HOSTS
    port: int = 443
    look_up: Callable[[str, int], Sequence[str]] = look_up
    is_permitted: Callable[[Address], bool] = is_public
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def __post_init__(self) -> None:
        for host in self.hosts:
            if not _NAME.fullmatch(host):
                raise ValueError(f"{host!r} is not a host name in lower case")


@dataclass(frozen=True)
class Target:
    """One address that may be asked: a host of the list, and the path with its query."""

    host: str
    path: str
    url: str


def target(url: str, reach: Reach) -> Target:
    """Take an address apart and see that it leads to a host of the list, over https, on the usual port.

    Raises
    ------
    OutgoingFailed
        With `HOST_NOT_ALLOWED`, whatever is wrong with it.
    """
    if len(url) > MAX_URL or not _WRITTEN.fullmatch(url):
        raise OutgoingFailed(Reason.HOST_NOT_ALLOWED)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise OutgoingFailed(Reason.HOST_NOT_ALLOWED) from None
    # The whole of it is compared: whatever carries a user, a port or a trailing dot is no name of the list.
    host = parts.netloc.lower()
    if parts.scheme != "https" or host not in reach.hosts:
        raise OutgoingFailed(Reason.HOST_NOT_ALLOWED)
    return Target(host, _path(parts), url)


def addresses(host: str, reach: Reach, *, seconds: float) -> tuple[str, ...]:
    """Return the addresses of a host, each checked.

    One address that is not public refuses them all: no register publishes such a one, and an attacker would.

    Raises
    ------
    OutgoingFailed
    """
    found = dict.fromkeys(_within(seconds, lambda: reach.look_up(host, reach.port)))
    if not found:
        raise OutgoingFailed(Reason.NAME_UNKNOWN)
    for text in found:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            raise OutgoingFailed(Reason.ADDRESS_NOT_PUBLIC) from None
        if not reach.is_permitted(address):
            raise OutgoingFailed(Reason.ADDRESS_NOT_PUBLIC)
    return tuple(found)


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _within(seconds: float, ask: Callable[[], Iterable[str]]) -> Iterable[str]:
    # The system's look-up takes no time-out. A thread that waits on is a daemon: it ends with the process.
    answers: queue.SimpleQueue[Iterable[str] | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(ask())
        except (OSError, UnicodeError):
            answers.put(None)

    threading.Thread(target=work, daemon=True).start()
    try:
        found = answers.get(timeout=seconds)
    except queue.Empty:
        raise OutgoingFailed(Reason.NAME_TOO_SLOW) from None
    if found is None:
        raise OutgoingFailed(Reason.NAME_UNKNOWN)
    return found
