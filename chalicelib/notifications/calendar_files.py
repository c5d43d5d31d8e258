"""The calendar file of a mail about a session."""

from datetime import datetime

from chalicelib.mentorships.sessions import wording
from chalicelib.mentorships.sessions.invitations import Told
from chalicelib.mentorships.sessions.place import Place
from chalicelib.notifications.letters import Letter, SessionFacts
from chalicelib.notifications.model import cleaned
from chalicelib.programmes.model import Side
from chalicelib.words.catalogues import language_of
from chalicelib.words.formats import Formats


def calendar_file(letter: Letter, organiser: str, origin: str, now: datetime) -> tuple[str, str] | None:
    """Return the method and the text of a letter's calendar file; None for one that changes no calendar.

    Parameters
    ----------
    organiser
        The address that the mail comes from: calendars take what an organiser says from that address alone.
    origin
        Of the web client, as in `rendering.write`.
    """
    facts = cleaned(letter.facts)
    if not isinstance(facts, SessionFacts) or facts.invitation is None:
        return None
    from chalicelib.mentorships.sessions import ics

    told_to, sender = cleaned(letter.recipient), facts.sender
    formats = Formats(language_of(told_to.locale), told_to.country, told_to.time_zone)
    url = (
        f"{origin.rstrip('/')}/mentorships/{facts.mentorship_id}/sessions/{facts.session_id}"
        if origin.startswith("https://")
        else None
    )

    def tell(place: Place | None) -> Told:
        name, programme = facts.partner.name, sender.programme or ""
        return wording.told(place, Side(facts.side), name, programme, formats, url)

    organising = ics.Party(sender.programme or sender.organisation, organiser)
    attending = ics.Party(told_to.name or told_to.email, told_to.email)
    return facts.invitation.method.value, ics.message(facts.invitation, organising, attending, tell, now)
