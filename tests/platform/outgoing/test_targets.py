"""Where requests may go: what production lets through, and that nothing written in data can widen it."""

import ipaddress
import ssl
import threading

import pytest

from chalicelib.platform.outgoing import client as outgoing
from chalicelib.platform.outgoing.failures import OutgoingFailed, Reason
from chalicelib.platform.outgoing.targets import HOSTS, Reach, addresses, is_public, look_up, target
from tests.platform.outgoing.server import HOST, JSON, URL, Left, Server, Visit, client_of, reach_of

NPI = "https://npiregistry.cms.hhs.gov/api/?version=2.1"
PRODUCTION = Reach()


def refused(url: str) -> Reason:
    with pytest.raises(OutgoingFailed) as caught:
        target(url, PRODUCTION)
    return caught.value.reason


def test_production_speaks_to_these_hosts_and_no_others() -> None:
    assert outgoing.client().reach == PRODUCTION
    assert PRODUCTION.hosts == HOSTS == {"npiregistry.cms.hhs.gov"}
    assert PRODUCTION.port == 443
    assert PRODUCTION.is_permitted is is_public
    assert PRODUCTION.look_up is look_up
    assert target(NPI, PRODUCTION).path == "/api/?version=2.1"


def test_production_refuses_loopback() -> None:
    """Even for a host of the list whose name leads there."""
    led_astray = Reach(look_up=lambda host, port: ["127.0.0.1"])
    client = outgoing.Client(Left(), led_astray)
    with pytest.raises(OutgoingFailed) as caught:
        client.get(NPI, accept=JSON)
    assert caught.value.reason is Reason.ADDRESS_NOT_PUBLIC


@pytest.mark.parametrize(
    "url",
    [
        "http://npiregistry.cms.hhs.gov/api/", "https://npiregistry.cms.hhs.gov:443/", "ftp://npiregistry.cms.hhs.gov/",
        "https://npiregistry.cms.hhs.gov:8443/", "https://npiregistry.cms.hhs.gov./", "//npiregistry.cms.hhs.gov/",
        "https://me@npiregistry.cms.hhs.gov/", "https://me:secret@npiregistry.cms.hhs.gov/",
        "https://npiregistry.cms.hhs.gov@evil.example/", "https://npiregistry.cms.hhs.gov%40evil.example/",
        "https://npiregistry.cms.hhs.gov%2eevil.example/", "https://npiregistry.cms.hhs.gov.evil.example/",
        "https://evil.example/https://npiregistry.cms.hhs.gov/", "https://evil.example\\@npiregistry.cms.hhs.gov/",
        "https://evil.example#npiregistry.cms.hhs.gov", "https://127.0.0.1/", "https://[::1]/", "https://2130706433/",
        "https://0x7f000001/", "https://localhost/", "https://169.254.169.254/latest/meta-data/", "https://",
        "https:///api", "npiregistry.cms.hhs.gov", "", "javascript:alert(1)", "file:///etc/passwd", "https://[",
        "https://npiregistry.cms.hhs.gov/\r\nX: y", "https://npiregistry.cms.hhs.gov/a b",
        "https://npıregistry.cms.hhs.gov/",
        "https://npiregistry.cms.hhs.gov/\tx", "https://npiregistry。cms。hhs。gov/", " " + NPI,
        NPI + "&x=" + "1" * 2_000,
    ],
)  # fmt: skip
def test_an_address_of_another_form_is_refused(url: str) -> None:
    assert refused(url) is Reason.HOST_NOT_ALLOWED


def test_a_host_in_capitals_is_the_same_host() -> None:
    assert target("https://NPIREGISTRY.CMS.hhs.gov/api", PRODUCTION).host == "npiregistry.cms.hhs.gov"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "::1", "localhost", "Register.test", "a..test", "", "a.test:1", "1.2"]
)
def test_the_list_takes_names_alone(host: str) -> None:
    with pytest.raises(ValueError, match="host name"):
        Reach(hosts=frozenset({host}))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",  # noqa: S104
        "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1",
        "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
        "2001:0:0a00:1::1", "2001:0:808:808::80ff:fffe", "100::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "156.40.1.1", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2600:1f00::1"],
)
def test_what_is_public_is_let_through(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "found", [["8.8.8.8", "10.0.0.1"], ["::1"], ["8.8.8.8", "fe80::1%eth0"], ["nonsense"]]
)
def test_one_bad_address_refuses_all(found: list[str]) -> None:
    with pytest.raises(OutgoingFailed) as caught:
        addresses(HOST, Reach(look_up=lambda host, port: found), seconds=1)
    assert caught.value.reason is Reason.ADDRESS_NOT_PUBLIC


def test_a_name_that_nobody_knows() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    for look in (unknown, lambda host, port: []):
        with pytest.raises(OutgoingFailed) as caught:
            addresses(HOST, Reach(look_up=look), seconds=1)
        assert caught.value.reason is Reason.NAME_UNKNOWN


def test_a_look_up_that_does_not_end() -> None:
    ended = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        ended.wait(20)
        return []

    with pytest.raises(OutgoingFailed) as caught:
        addresses(HOST, Reach(look_up=slow), seconds=0.05)
    ended.set()
    assert caught.value.reason is Reason.NAME_TOO_SLOW


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name that leads elsewhere the second time (DNS rebinding) is never asked a second time."""
    server = Server([lambda visit: visit.answer(b"{}")])
    asked: list[str] = []

    def turning(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    try:
        answer = client_of(server, reach=reach_of(server, look_up=turning)).get(URL, accept=JSON)
    finally:
        server.close()
    assert answer.status == 200
    assert asked == [HOST]
    assert f"Host: {HOST}\r\n" in server.heads[0]


def test_the_next_address_is_tried_where_one_cannot_be_connected_to() -> None:
    server = Server([lambda visit: visit.answer(b"{}")])
    both = reach_of(server, look_up=lambda host, port: ["::1", "127.0.0.1"])
    try:
        assert client_of(server, reach=both).get(URL, accept=JSON).status == 200
    finally:
        server.close()


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server([lambda visit: visit.answer(b"{}")])
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    try:
        assert client_of(server).get(URL, accept=JSON).status == 200
    finally:
        server.close()


def test_tls_settings_that_verify_nothing_are_refused() -> None:
    def careless() -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    server = Server([Visit.wait])
    try:
        with pytest.raises(ValueError, match="verify"):
            client_of(server, reach=reach_of(server, context=careless)).get(URL, accept=JSON)
    finally:
        server.close()
