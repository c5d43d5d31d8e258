"""A register looked at by a person: where, when, and what they saw.

The address is kept as the reviewer's word and is shown as text; nothing of ours ever opens it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from chalicelib.credentials.registries.model import (
    Answer,
    Asked,
    Entry,
    Outcome,
    State,
    not_found,
    unavailable,
)
from chalicelib.credentials.registries.names import found
from chalicelib.kernel.errors import FieldError, Invalid

OLDEST = timedelta(days=14)
"""What was seen longer ago says too little of today."""
AHEAD = timedelta(minutes=5)
"""By which a reviewer's clock may be fast."""
SEEN_DOWN = "register-seen-down"


@dataclass(frozen=True)
class ManualCheck:
    """What a reviewer saw.

    Attributes
    ----------
    address
        Of the page, over https.
    name, status
        As the register shows them; the name is needed where the entry was found.
    evidence_id
        A picture or copy of the page among the credential's evidence, if one was kept.
    """

    address: str
    seen_at: datetime
    outcome: Outcome
    name: str | None = None
    status: str | None = None
    state: State = State.UNKNOWN
    evidence_id: str | None = None


def checked(check: ManualCheck, now: datetime) -> ManualCheck:
    """Return a check if it makes sense.

    Raises
    ------
    Invalid
        With one `FieldError` for each thing wrong.
    """
    errors = []
    if not _is_address(check.address):
        errors.append(
            FieldError("/address", "Give the page's address over https, without a user name in it.")
        )
    if check.seen_at > now + AHEAD:
        errors.append(FieldError("/seen_at", "This moment is still to come."))
    elif check.seen_at < now - OLDEST:
        errors.append(FieldError("/seen_at", f"This is over {OLDEST.days} days ago: look again."))
    if check.outcome is Outcome.FOUND and not check.name:
        errors.append(FieldError("/name", "Write the name as the register shows it."))
    if check.outcome is not Outcome.FOUND and (
        check.name or check.status or check.state is not State.UNKNOWN
    ):
        errors.append(
            FieldError("/outcome", "Only an entry that was found has a name, a status and a state.")
        )
    if errors:
        raise Invalid("The check needs mending.", tuple(errors))
    return check


def answer(check: ManualCheck, asked: Asked) -> Answer:
    """Return what a check comes to, its name compared as those of other sources are."""
    if check.outcome is Outcome.UNAVAILABLE:
        return unavailable(SEEN_DOWN)
    if check.outcome is Outcome.NOT_FOUND:
        return not_found(as_of=check.seen_at.date())
    entry = Entry(
        asked.number, (check.name or "",), True, check.status, check.state, as_of=check.seen_at.date()
    )
    return found(asked, entry)


def _is_address(text: str) -> bool:
    if len(text) > 2_000 or any(char.isspace() or not char.isprintable() for char in text):
        return False
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for one that is no number
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and "\\" not in text
