"""What `make mail-event` plays is what the service reads of SES."""

import pytest

from chalicelib.notifications.provider_events import read_event
from chalicelib.people.model import MailStopReason
from infra.local import mail_event

MAILS = [
    {"id": "2", "to": ["Amina@example.org"], "tags": {"message_id": "LATER"}},
    {"id": "1", "to": ["amina@example.org"], "tags": {"message_id": "EARLIER"}},
]


@pytest.mark.parametrize(
    ("word", "stops"),
    [
        ("bounce", MailStopReason.BOUNCE),
        ("complaint", MailStopReason.COMPLAINT),
        ("transient", None),
        ("not-spam", None),
    ],
)
def test_each_word_is_read_as_what_it_plays(word: str, stops: MailStopReason | None) -> None:
    event = mail_event.event_of(word, "amina@example.org", MAILS, "crossward-local-mail")
    told = read_event(event["detail"], "message_id")
    assert told is not None
    assert told.tag == "LATER"
    assert told.suppress == ((("amina@example.org", stops),) if stops else ())
    assert event["detail"]["mail"]["tags"]["ses:configuration-set"] == ["crossward-local-mail"]


def test_an_address_that_has_had_no_mail_can_be_played_too() -> None:
    told = read_event(mail_event.event_of("bounce", "new@example.org", MAILS, "set")["detail"], "message_id")
    assert told is not None
    assert (told.tag, len(told.suppress)) == (None, 1)


def test_every_word_is_played() -> None:
    assert set(mail_event.PLAYED) == {"bounce", "transient", "complaint", "not-spam"}


@pytest.mark.parametrize("words", [[], ["bounce"], ["delivery", "a@b.org"], ["bounce", "nobody"]])
def test_what_is_no_event_is_refused(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_event.sys, "argv", ["mail_event", *words])
    assert mail_event.main() == 2
