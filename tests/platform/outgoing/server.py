"""A real HTTPS server on loopback that misbehaves as it is told to, under a certificate authority made for the test."""

import functools
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import trustme

from chalicelib.platform.outgoing.circuits import Circuit
from chalicelib.platform.outgoing.client import Client, Retries
from chalicelib.platform.outgoing.exchange import Limits
from chalicelib.platform.outgoing.targets import Reach

HOST = "register.test"
URL = f"https://{HOST}/api/?number=1"
JSON = "application/json"
QUICK = Limits(connect=1, read=0.3, total=1, max_bytes=64 * 1024, redirects=3)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
Behaviour = Callable[["Visit"], None]


@functools.cache
def authority() -> trustme.CA:
    return trustme.CA()


@functools.cache
def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority().configure_trust(context)
    return context


@dataclass
class Visit:
    """One connection: what was asked, and how to answer."""

    connection: ssl.SSLSocket
    head: str
    ended: threading.Event

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.connection.sendall(part)

    def answer(self, body: bytes, status: str = "200 OK", *headers: str, media_type: str = JSON) -> None:
        lines = [
            f"HTTP/1.1 {status}",
            f"Content-Type: {media_type}",
            f"Content-Length: {len(body)}",
            *headers,
        ]
        self.send("\r\n".join([*lines, "", ""]).encode(), body)

    def wait(self) -> None:
        """Say nothing until the test is over."""
        self.ended.wait(20)

    def dribble(self, part: bytes) -> None:
        """Send the same bytes again and again, each well within the time for one wait."""
        while not self.ended.wait(0.03):
            self.send(part)


@dataclass
class Server:
    """Listens until `close`; behaves as `behaviours` say, one a connection, the last one for all that follow."""

    behaviours: Sequence[Behaviour]
    name: str = HOST
    expired: bool = False
    issuer: trustme.CA = field(default_factory=authority)
    heads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        dates = {"not_before": LONG_AGO, "not_after": LONG_AGO.replace(year=2021)} if self.expired else {}
        self.issuer.issue_cert(self.name, **dates).configure_cert(self._context)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._ended = threading.Event()
        self._count = 0
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        if self._ended.is_set():
            return
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        # The client hangs up on what it refuses: no error of the server's.
        with suppress(OSError), connection, self._context.wrap_socket(connection, server_side=True) as secure:
            secure.settimeout(5)
            head = b""
            while b"\r\n\r\n" not in head:
                head += secure.recv(4096)
            self.heads.append(head.decode("ascii"))
            behave = self.behaviours[min(self._count, len(self.behaviours) - 1)]
            self._count += 1
            behave(Visit(secure, self.heads[-1], self._ended))


@dataclass
class Left:
    """A breaker that lets all through and remembers how it went."""

    went: list[bool] = field(default_factory=list)

    def enter(self, host: str) -> Circuit:
        return Circuit(host)

    def leave(self, circuit: Circuit, *, well: bool) -> None:
        self.went.append(well)


def reach_of(server: Server, **how: object) -> Reach:
    """Return a reach in which the name leads to the server: loopback is let through here and nowhere else."""
    known = {
        "hosts": frozenset({HOST}), "port": server.port, "look_up": lambda host, port: ["127.0.0.1"],
        "is_permitted": lambda address: address.is_loopback, "context": trusting,
    }  # fmt: skip
    return Reach(**{**known, **how})  # type: ignore[arg-type]


def client_of(server: Server, *, tries: int = 1, limits: Limits = QUICK, **how: object) -> Client:
    """Return a client of the server alone that pauses without sleeping."""
    known = {
        "breaker": Left(),
        "reach": reach_of(server),
        "sleep": lambda seconds: None,
        "chance": lambda: 1.0,
    }
    return Client(limits=limits, retries=Retries(tries=tries), **{**known, **how})  # type: ignore[arg-type]
