"""A server on the other end that does what it should not: each time a precise reason, within the time given."""

import gzip
import logging
import time
from collections.abc import Callable, Iterator

import pytest
import trustme

from chalicelib.platform.outgoing.exchange import Limits
from chalicelib.platform.outgoing.failures import OutgoingFailed, Reason
from tests.platform.outgoing.server import (
    HOST,
    JSON,
    QUICK,
    URL,
    Behaviour,
    Server,
    Visit,
    client_of,
    reach_of,
)

MARGIN = 10
"""Seconds that a busy machine may add to the time given: the server lets one without limits wait for 20."""
Start = Callable[..., Server]


@pytest.fixture
def start() -> Iterator[Start]:
    servers = []

    def begin(*behaviours: Behaviour, **how: object) -> Server:
        servers.append(Server(behaviours, **how))  # type: ignore[arg-type]
        return servers[-1]

    yield begin
    for server in servers:
        server.close()


def failure(server: Server, **how: object) -> OutgoingFailed:
    """Return how a request fails, and see that it does within its time."""
    client = client_of(server, **how)  # type: ignore[arg-type]
    began = time.monotonic()
    with pytest.raises(OutgoingFailed) as caught:
        client.get(URL, accept=JSON)
    assert time.monotonic() - began < client.limits.total + MARGIN
    return caught.value


def redirecting(location: str, status: str = "302 Found") -> Behaviour:
    return lambda visit: visit.answer(b"", status, f"Location: {location}")


def test_a_good_answer_comes_back(start: Start) -> None:
    server = start(lambda visit: visit.answer(b'{"a": 1}'))
    answer = client_of(server).get(URL, accept=JSON)
    assert (answer.status, answer.body) == (200, b'{"a": 1}')


def test_what_is_sent_tells_nothing_but_the_question(start: Start) -> None:
    server = start(lambda visit: visit.answer(b"{}"))
    client_of(server).get(URL, accept=JSON)
    first, *rest = server.heads[0].split("\r\n")
    assert first == "GET /api/?number=1 HTTP/1.1"
    named = {line.partition(":")[0].lower() for line in rest if line}
    assert named == {"host", "accept", "accept-encoding", "connection", "user-agent"}
    assert f"Host: {HOST}" in rest


def test_a_packed_answer_is_unpacked(start: Start) -> None:
    server = start(lambda visit: visit.answer(gzip.compress(b"{}"), "200 OK", "Content-Encoding: gzip"))
    assert client_of(server).get(URL, accept=JSON).body == b"{}"


def test_headers_that_never_come(start: Start) -> None:
    assert failure(start(Visit.wait)).reason is Reason.ANSWER_TOO_SLOW


def test_headers_that_come_byte_by_byte(start: Start) -> None:
    """Each byte meets the time for one wait; the time for all of it ends the request."""

    def slowly(visit: Visit) -> None:
        visit.send(b"HTTP/1.1 200 OK\r\nX: ")
        visit.dribble(b"a")

    assert failure(start(slowly)).reason is Reason.TOOK_TOO_LONG


def test_a_body_that_stops(start: Start) -> None:
    def stopping(visit: Visit) -> None:
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
        visit.wait()

    assert failure(start(stopping)).reason is Reason.ANSWER_TOO_SLOW


def test_a_body_that_comes_byte_by_byte(start: Start) -> None:
    def slowly(visit: Visit) -> None:
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n")
        visit.dribble(b" ")

    assert failure(start(slowly)).reason is Reason.TOOK_TOO_LONG


def test_a_hundred_continues_without_end(start: Start) -> None:
    assert failure(start(lambda visit: visit.dribble(b"HTTP/1.1 100 Continue\r\n\r\n"))).reason is (
        Reason.TOOK_TOO_LONG
    )


@pytest.mark.parametrize("status", ["500 Oops", "502 Bad Gateway", "503 Busy", "599 Odd"])
def test_a_server_error(start: Start, status: str) -> None:
    failed = failure(start(lambda visit: visit.answer(b"{}", status)))
    assert (failed.reason, failed.status) == (Reason.SERVER_ERROR, int(status[:3]))


@pytest.mark.parametrize("status", ["400 Bad", "403 No", "404 None", "204 Empty", "206 Part", "304 Same"])
def test_a_refusal_is_not_tried_again(start: Start, status: str) -> None:
    server = start(lambda visit: visit.answer(b"", status))
    failed = failure(server, tries=3)
    assert (failed.reason, failed.status) == (Reason.REFUSED, int(status[:3]))
    assert len(server.heads) == 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\xff\xfe garbage\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 300 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: 9\r\n\r\nno gzip.."[:-1],
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip, gzip\r\n"
        b"Content-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: br\r\n\r\n{}",
    ],
    ids=["no-http", "status", "long-header", "many-headers", "chunk", "cut-short", "no-gzip", "twice", "br"],
)  # fmt: skip
def test_garbage(start: Start, garbage: bytes) -> None:
    assert failure(start(lambda visit: visit.send(garbage))).reason is Reason.ANSWER_BROKEN


def test_a_server_that_hangs_up(start: Start) -> None:
    assert failure(start(lambda visit: None)).reason is Reason.CONNECTION_FAILED


def test_nobody_listens(start: Start) -> None:
    server = start(Visit.wait)
    gone = reach_of(server)
    server.close()
    assert failure(server, reach=gone).reason is Reason.CONNECTION_FAILED


def test_a_body_without_end(start: Start) -> None:
    def endless(visit: Visit) -> None:
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            visit.send(b" " * 65_536)

    assert failure(start(endless)).reason is Reason.ANSWER_TOO_LARGE


def test_a_body_that_says_it_is_too_large_is_not_read(start: Start) -> None:
    def large(visit: Visit) -> None:
        visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n")
        visit.wait()

    assert failure(start(large)).reason is Reason.ANSWER_TOO_LARGE


def test_a_gzip_bomb_is_not_unpacked(start: Start) -> None:
    """A megabyte of noughts a kilobyte; what is unpacked ends a chunk past the limit."""
    import tracemalloc

    bomb = gzip.compress(b"\0" * 40_000_000)
    assert len(bomb) < QUICK.max_bytes
    server = start(lambda visit: visit.answer(bomb, "200 OK", "Content-Encoding: gzip"))
    tracemalloc.start()
    failed = failure(server)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert failed.reason is Reason.ANSWER_TOO_LARGE
    assert peak < 4_000_000


def test_redirects_that_go_round(start: Start) -> None:
    server = start(redirecting("/api/?number=1"))
    assert failure(server, tries=3).reason is Reason.REDIRECTED_TOO_OFTEN
    assert len(server.heads) == QUICK.redirects + 1


def test_a_redirect_on_the_same_host_is_followed(start: Start) -> None:
    server = start(redirecting("/new?number=1"), lambda visit: visit.answer(b"{}"))
    assert client_of(server).get(URL, accept=JSON).body == b"{}"
    assert server.heads[1].startswith("GET /new?number=1 ")


@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.test/", "http://register.test/", "//elsewhere.test/", "https://127.0.0.1/",
        "https://register.test:8443/", "https://register.test@elsewhere.test/", "https://register.test./",
        "https://a:b@register.test/", "file:///etc/passwd", "https://[::1]/", "https://[", "ftp://register.test/",
        "https://other.test/",
    ],
)  # fmt: skip
def test_a_redirect_elsewhere_is_not_followed(start: Start, location: str) -> None:
    server = start(redirecting(location))
    # Another host of the list is elsewhere, too.
    allowed = reach_of(server, hosts=frozenset({HOST, "other.test"}))
    assert failure(server, reach=allowed).reason is Reason.REDIRECTED_ELSEWHERE
    assert len(server.heads) == 1


def test_a_certificate_of_another_host(start: Start) -> None:
    server = start(lambda visit: visit.answer(b"{}"), name="elsewhere.test")
    assert failure(server, tries=3).reason is Reason.CERTIFICATE_OF_ANOTHER_HOST
    assert server.heads == []


def test_an_expired_certificate(start: Start) -> None:
    server = start(lambda visit: visit.answer(b"{}"), expired=True)
    assert failure(server).reason is Reason.CERTIFICATE_EXPIRED
    assert server.heads == []


def test_a_certificate_of_an_unknown_authority(start: Start) -> None:
    server = start(lambda visit: visit.answer(b"{}"), issuer=trustme.CA())
    assert failure(server).reason is Reason.CERTIFICATE_NOT_TRUSTED
    assert server.heads == []


@pytest.mark.parametrize("media_type", ["text/html", "", "application/json5", "text/plain; application/json"])
def test_another_content_type(start: Start, media_type: str) -> None:
    server = start(lambda visit: visit.answer(b"{}", media_type=media_type))
    assert failure(server).reason is Reason.ANSWER_OF_ANOTHER_TYPE


def test_a_media_type_with_parameters_is_the_same(start: Start) -> None:
    server = start(lambda visit: visit.answer(b"{}", media_type="Application/JSON; charset=utf-8"))
    assert client_of(server).get(URL, accept=JSON).body == b"{}"


def test_malformed_headers_put_no_address_into_the_log(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    odd = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n: odd\r\nContent-Length: 2\r\n\r\n{}"
    server = start(lambda visit: visit.send(odd))
    with caplog.at_level(logging.WARNING):
        assert client_of(server).get(URL, accept=JSON).status == 200
    assert "number=1" not in caplog.text


def test_limits_add_up() -> None:
    """What one try may wait for fits the whole, or the finer limits would never be met."""
    limits = Limits()
    assert limits.connect + limits.read < limits.total
