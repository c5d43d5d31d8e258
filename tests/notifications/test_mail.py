"""The provider's client: one call a mail, and what each kind of failure says of the mail. Against a server of our own
on this machine, so that what counts is what went over the wire."""

import base64
import email
import email.policy
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from chalicelib.platform import mail
from chalicelib.platform.mail import CalendarPart, InDoubt, Mail, MailFailure, NotTaken, Refused
from chalicelib.platform.settings import settings

PLAIN = Mail("amina@example.org", "Bonjour\u00a0: été", "text é\n", "<p>é</p>", "fr", "abc123")


@dataclass
class Provider:
    """Answers each call as told, and keeps what it was sent."""

    status: int = 200
    answer: dict[str, Any] = field(default_factory=lambda: {"MessageId": "m-1"})
    code: str = ""
    hang_up: bool = False
    calls: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.calls.append({"path": self.path, **json.loads(body)})
            if told.hang_up:
                self.close_connection = True
                return
            content = json.dumps(told.answer).encode()
            self.send_response(told.status)
            if told.code:
                self.send_header("x-amzn-ErrorType", told.code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    _point_at(monkeypatch, f"http://127.0.0.1:{server.server_port}")
    yield told
    server.shutdown()
    server.server_close()
    thread.join()
    mail._ses.cache_clear()
    settings.cache_clear()


def _point_at(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    monkeypatch.setenv("MAIL_FROM", "no-reply@crossward.example")
    monkeypatch.setenv("MAIL_CONFIGURATION_SET", "crossward-test-mail")
    settings.cache_clear()
    mail._ses.cache_clear()


def test_a_mail_goes_out_with_all_that_it_needs(provider: Provider) -> None:
    assert mail.send(PLAIN) == "m-1"
    [call] = provider.calls
    assert call["path"] == "/v2/email/outbound-emails"
    assert call["FromEmailAddress"] == "Crossward <no-reply@crossward.example>"
    assert call["Destination"] == {"ToAddresses": ["amina@example.org"]}
    assert call["ConfigurationSetName"] == "crossward-test-mail"
    assert call["EmailTags"] == [{"Name": "message_id", "Value": "abc123"}]
    content = call["Content"]["Simple"]
    assert content["Subject"] == {"Data": "Bonjour\u00a0: été", "Charset": "UTF-8"}
    assert content["Body"]["Text"]["Data"] == "text é\n"
    assert content["Body"]["Html"]["Data"] == "<p>é</p>"
    headers = {one["Name"]: one["Value"] for one in content["Headers"]}
    assert headers == {"Content-Language": "fr", "Auto-Submitted": "auto-generated"}


def test_a_mail_with_a_calendar_file_is_mime_with_the_file_twice(provider: Provider) -> None:
    """Among the alternatives, where mailboxes look for an invitation, and attached, for those that look there."""
    file = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Séance\r\n d'été\r\nEND:VCALENDAR\r\n"
    link = "https://api.example/v1/unsubscribe/" + "A" * 130
    mail.send(replace(PLAIN, calendar=CalendarPart("REQUEST", file), unsubscribe=link))
    [call] = provider.calls
    assert call["Destination"] == {"ToAddresses": ["amina@example.org"]}
    assert call["ConfigurationSetName"] == "crossward-test-mail"
    assert call["EmailTags"] == [{"Name": "message_id", "Value": "abc123"}]
    assert set(call["Content"]) == {"Raw"}
    raw = base64.b64decode(call["Content"]["Raw"]["Data"])
    assert f"List-Unsubscribe: <{link}>\r\n".encode() in raw, "in one line and in plain letters"
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert {name: message[name] for name in ("From", "To", "Subject", "Content-Language", "Auto-Submitted")} == {
        "From": "Crossward <no-reply@crossward.example>", "To": "amina@example.org", "Subject": PLAIN.subject,
        "Content-Language": "fr", "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    *_, text, html, calendar, attached = message.walk()
    assert (text.get_content(), html.get_content()) == ("text é\r\n", "<p>é</p>\r\n")
    assert (calendar.get_param("method"), calendar.get_content_charset()) == ("REQUEST", "utf-8")
    assert calendar.get_payload(decode=True) == attached.get_payload(decode=True) == file.encode()
    assert attached.get_filename() == "invitation.ics"


@pytest.mark.parametrize(
    ("status", "code", "message", "meaning"),
    [
        (400, "BadRequestException", "Local address contains control or whitespace", Refused),
        (400, "MessageRejected", "Transaction failed", Refused),
        (400, "MessageRejected", "Email address is not verified. The following identities …", NotTaken),
        (429, "TooManyRequestsException", "Maximum sending rate exceeded.", NotTaken),
        (400, "LimitExceededException", "Daily message quota exceeded.", NotTaken),
        (400, "SendingPausedException", "Email sending is disabled", NotTaken),
        (400, "AccountSuspendedException", "", NotTaken),
        (400, "MailFromDomainNotVerifiedException", "", NotTaken),
        (404, "NotFoundException", "Configuration set does not exist", NotTaken),
        (403, "AccessDeniedException", "not authorized to perform ses:SendEmail", NotTaken),
        (403, "ExpiredTokenException", "", NotTaken),
        (500, "InternalFailure", "", InDoubt),
        (503, "ServiceUnavailable", "", InDoubt),
    ],
)
def test_each_refusal_is_told_apart_and_asked_once(
    provider: Provider, status: int, code: str, message: str, meaning: type[MailFailure]
) -> None:
    provider.status, provider.code, provider.answer = (
        status,
        code,
        {"message": f"{message} amina@example.org"},
    )
    with pytest.raises(meaning) as failure:
        mail.send(PLAIN)
    assert failure.value.code == code
    assert len(provider.calls) == 1
    _says_no_address(failure.value)


def test_a_connection_that_breaks_after_the_request_is_in_doubt_and_not_repeated(provider: Provider) -> None:
    provider.hang_up = True
    with pytest.raises(InDoubt) as failure:
        mail.send(PLAIN)
    assert len(provider.calls) == 1
    _says_no_address(failure.value)


def test_a_provider_that_cannot_be_reached_took_nothing(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    _point_at(monkeypatch, "http://127.0.0.1:9")  # the discard port: nobody listens
    with pytest.raises(NotTaken) as failure:
        mail.send(PLAIN)
    assert failure.value.code == "EndpointConnectionError"


def test_a_domain_in_letters_of_the_world_is_sent_in_ascii(provider: Provider) -> None:
    mail.send(replace(PLAIN, to="amina@santé.example"))
    assert provider.calls[0]["Destination"] == {"ToAddresses": ["amina@xn--sant-epa.example"]}


@pytest.mark.parametrize("address", ["amina@" + "a" * 64 + ".example", "amina@a..example"])
def test_a_domain_that_cannot_be_written_is_refused_before_the_wire(provider: Provider, address: str) -> None:
    with pytest.raises(Refused):
        mail.send(replace(PLAIN, to=address))
    assert provider.calls == []


@pytest.mark.parametrize("name", ["to", "subject", "tag", "language"])
@pytest.mark.parametrize("bad", ["a\r\nBcc: x@example.org", "a\nb", "a\x00b", "a\u2028b"])
def test_no_header_takes_a_control_character(name: str, bad: str) -> None:
    with pytest.raises(ValueError, match="control"):
        replace(PLAIN, **{name: bad})


def _says_no_address(error: BaseException) -> None:
    """What a trace would print of the error, with its causes, holds no address."""
    import traceback

    assert "amina" not in "".join(traceback.format_exception(error))
