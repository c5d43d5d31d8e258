"""What a reporter reads of their concern: words that tell nothing to whoever looks over their shoulder."""

from chalicelib.safety.model import ConcernStatus
from chalicelib.words.formats import formats_of


def standing(status: ConcernStatus, locale: str) -> str:
    """Say how far it is."""
    formats = formats_of(locale)
    return {
        ConcernStatus.OPEN: formats.gettext("Received. It has been passed on, and waits to be taken up."),
        ConcernStatus.HANDLED: formats.gettext("Somebody is seeing to it."),
        ConcernStatus.CLOSED: formats.gettext("Concluded."),
    }[status]


def received(locale: str, *, is_seen: bool) -> str:
    """Say where it has gone."""
    formats = formats_of(locale)
    if is_seen:
        return formats.gettext(
            "Received. It goes to the admins of this service alone, and to none who knows one of you two as a "
            "mentor or a mentee. If you are in danger now, call the emergency number of where you are."
        )
    return formats.gettext(
        "Received. No admin of this service is free to see to it at this moment, and those who run it are alerted "
        "to name one. If you are in danger now, call the emergency number of where you are."
    )
