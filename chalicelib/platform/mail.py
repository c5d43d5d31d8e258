"""Sending one mail through Amazon SES, version 2 of its API.

What matters to the caller is not that a call failed but what that says of the mail: it will never be taken, it
was not taken yet, or nobody knows.
"""

import threading
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib.platform.settings import settings

SENDER = "Crossward"
MOST_AT_ONCE = 16  # connections kept: a thread that finds none makes one and throws it away
TAG = "message_id"
# What SES says of the mail itself; all else that it says in a 4xx speaks of our account, its limits or settings.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html, read 2026-11-22.
_REFUSED = {"BadRequestException", "MessageRejected"}
_MAKING = threading.Lock()  # senders ask for the client at once, and making one is not safe in threads


@dataclass(frozen=True)
class CalendarPart:
    """A calendar file that a mail brings, and its iTIP method (RFC 6047)."""

    method: str
    text: str


@dataclass(frozen=True)
class Mail:
    """One mail to one address.

    Attributes
    ----------
    tag
        Comes back in each of the provider's events as `message_id`: ASCII letters, digits, `_`, `-`, `.` and
        `@`, at most 256.
    language
        BCP-47 tag of both bodies.
    unsubscribe
        Address at which one POST without a sign-in ends mails like this; None for a mail that must come.
    important
        Whether it says so of itself, by the header that RFC 4021 registers.
    calendar
        What the reader's calendar is to take up; None for most mails.
    """

    to: str
    subject: str
    text: str
    html: str
    language: str
    tag: str
    unsubscribe: str | None = None
    important: bool = False
    calendar: CalendarPart | None = None

    def __post_init__(self) -> None:
        headers = f"{self.to}{self.subject}{self.language}{self.tag}{self.unsubscribe}"
        if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in headers):
            raise ValueError("a header takes no control characters")


class MailFailure(Exception):
    """A mail was not acknowledged. `code` is the provider's or the client's name for the cause; neither holds
    an address, unlike the provider's message."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Refused(MailFailure):
    """The provider will not take this mail, however often it is asked. Nothing left."""


class NotTaken(MailFailure):
    """The provider does not take it now: a limit, a pause, a setting, no connection. Nothing left."""


class InDoubt(MailFailure):
    """The mail may have left or not: the answer was lost, or the provider failed while it worked."""


def send(mail: Mail) -> str:
    """Hand a mail to the provider, once, and return the provider's id for it.

    Raises
    ------
    Refused
        If it will never be taken: the address or the content is not acceptable.
    NotTaken
        If it may be taken later. Nothing left, so it can be sent again.
    InDoubt
        If it cannot be told whether it left: only the provider's events can.
    """
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectTimeoutError,
        CredentialRetrievalError,
        EndpointConnectionError,
        NoCredentialsError,
        ParamValidationError,
        ProxyConnectionError,
    )

    before_the_wire = (
        ConnectTimeoutError, CredentialRetrievalError, EndpointConnectionError, NoCredentialsError,
        ParamValidationError, ProxyConnectionError,
    )  # fmt: skip
    request = _request(mail)
    # `from None`: what these say in full may hold the address, and a trace would print it.
    with _MAKING:
        client = _ses()
    try:
        answer = client.send_email(**request)
    except ClientError as error:
        raise _meaning(error.response) from None
    except before_the_wire as error:
        raise NotTaken(type(error).__name__) from None
    except BotoCoreError as error:
        raise InDoubt(type(error).__name__) from None
    return str(answer["MessageId"])


def _request(mail: Mail) -> dict[str, Any]:
    request: dict[str, Any] = {
        "FromEmailAddress": _sender(),
        "Destination": {"ToAddresses": [_deliverable(mail.to)]},
        "Content": _simple(mail) if mail.calendar is None else {"Raw": {"Data": _raw(mail, mail.calendar)}},
        "EmailTags": [{"Name": TAG, "Value": mail.tag}],
    }
    if settings().mail_configuration_set:
        request["ConfigurationSetName"] = settings().mail_configuration_set
    return request


def _sender() -> str:
    return f"{SENDER} <{settings().mail_from}>"


def _simple(mail: Mail) -> dict[str, Any]:
    return {
        "Simple": {
            "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
            "Body": {
                "Text": {"Data": mail.text, "Charset": "UTF-8"},
                "Html": {"Data": mail.html, "Charset": "UTF-8"},
            },
            "Headers": _headers(mail),
        }
    }


def _raw(mail: Mail, calendar: CalendarPart) -> bytes:
    """Return a mail with a calendar file as MIME. SES can attach files to what it writes itself, but puts none among
    the alternatives, where mailboxes look for an invitation (RFC 6047, section 2.4). The same file is attached as well,
    for those that look there."""
    from email.message import EmailMessage
    from email.policy import SMTP

    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = _sender(), _deliverable(mail.to), mail.subject
    message.set_content(mail.text, cte="base64")
    message.add_alternative(mail.html, subtype="html", cte="base64")
    message.add_alternative(
        calendar.text, subtype="calendar", params={"method": calendar.method}, cte="base64"
    )
    message.add_attachment(
        calendar.text.encode(), maintype="application", subtype="ics", filename="invitation.ics"
    )
    # Whole lines before all others: the library would break the address of an unsubscription up into encoded words.
    lines = "".join(f"{one['Name']}: {one['Value']}\r\n" for one in _headers(mail))
    return lines.encode("ascii") + message.as_bytes()


def _headers(mail: Mail) -> list[dict[str, str]]:
    return [
        {"Name": "Content-Language", "Value": mail.language},
        # RFC 3834: no out-of-office answers to a machine.
        {"Name": "Auto-Submitted", "Value": "auto-generated"},
        *_one_click(mail.unsubscribe),
        *([{"Name": "Importance", "Value": "high"}] if mail.important else []),
    ]


def _one_click(address: str | None) -> list[dict[str, str]]:
    """Return the two headers of RFC 8058, section 3.1. That a DKIM signature covers them, as it asks, is a part of
    SES and of the sender's DKIM records (docs/deploy.md)."""
    if address is None:
        return []
    return [
        {"Name": "List-Unsubscribe", "Value": f"<{address}>"},
        {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
    ]


def _deliverable(address: str) -> str:
    """Return the address with its domain in ASCII, as SES wants it; it takes no other local part than ASCII."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise Refused("DomainNotEncodable") from None


def _meaning(response: dict[str, Any]) -> MailFailure:
    code = str(response.get("Error", {}).get("Code", "Unknown"))
    status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if status >= 500:
        return InDoubt(code)
    # SES refuses mails from a sender that it has not verified by the same code as bad mails; that is a setting.
    unverified = "not verified" in str(response.get("Error", {}).get("Message", ""))
    return Refused(code) if code in _REFUSED and not unverified else NotTaken(code)


@cache
def _ses() -> Any:
    """Return the SES client: unlike `aws.client` it never repeats a call by itself, since a call whose answer was
    lost may have sent the mail."""
    import boto3
    from botocore.config import Config

    once = Config(
        retries={"mode": "standard", "total_max_attempts": 1}, connect_timeout=2, read_timeout=8,
        max_pool_connections=MOST_AT_ONCE,
    )  # fmt: skip
    return boto3.client("sesv2", region_name=settings().region, config=once)
