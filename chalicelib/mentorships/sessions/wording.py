"""How the two of a session meet, in the words of one of them."""

from chalicelib.mentorships.sessions.invitations import Told
from chalicelib.mentorships.sessions.place import ON_LINK, Place
from chalicelib.people.model import Channel
from chalicelib.programmes.model import Side
from chalicelib.words.formats import Formats
from chalicelib.words.lines import inset


def place_sentence(place: Place, reader: Side, partner: str, formats: Formats) -> str:
    """Say how a session is held, and what the reader does for it.

    Parameters
    ----------
    partner
        The other's name.
    """
    _ = formats.gettext
    if place.channel in ON_LINK:
        return _on_link(place, formats)
    called = {
        "name": inset(partner, formats.direction),
        "where": inset(place.contact or "", formats.direction),
    }
    is_phone, calls, known = place.channel is Channel.PHONE, place.caller is reader, bool(place.contact)
    if is_phone and calls:
        told = _("By phone: you call %(name)s at %(where)s.") if known else _(
            "By phone: you call %(name)s. Their number is not known here yet; ask them for it."
        )  # fmt: skip
    elif is_phone:
        told = _("By phone: %(name)s calls you at %(where)s.") if known else _(
            "By phone: %(name)s calls you. Tell them your number; it is not known here yet."
        )  # fmt: skip
    elif calls:
        told = _("By chat: you write to %(name)s first (%(where)s).") if known else _(
            "By chat: you write to %(name)s first. Where is not known here yet; ask them."
        )  # fmt: skip
    else:
        told = _("By chat: %(name)s writes to you first (%(where)s).") if known else _(
            "By chat: %(name)s writes to you first. Tell them where; it is not known here yet."
        )  # fmt: skip
    return told % called


def _on_link(place: Place, formats: Formats) -> str:
    _ = formats.gettext
    is_video, known = place.channel is Channel.VIDEO, place.link is not None
    if is_video:
        return _("By video, at the link.") if known else _("By video. The link is not known here yet.")
    return _("By voice over the internet, at the link.") if known else _(
        "By voice over the internet. The link is not known here yet."
    )  # fmt: skip


def told(
    place: Place | None,
    reader: Side,
    partner: str,
    programme: str,
    formats: Formats,
    url: str | None = None,
) -> Told:
    """Say what a calendar tells of a session.

    Parameters
    ----------
    programme
        In whose name; empty to leave it out.
    url
        Of the session's page, where there is one.
    """
    _ = formats.gettext
    lines = [inset(programme, formats.direction)] if programme else []
    where = ""
    if place is not None:
        said = place_sentence(place, reader, partner, formats)
        lines += [said, *((place.link,) if place.link else ())]
        where = place.link or said
    lines.append(_("Move or cancel it in Crossward: answers to this entry are not read."))
    name = inset(partner, formats.direction)
    return Told(
        _("Mentoring session with %(name)s") % {"name": name}, "\n".join(lines), where,
        place.contact if place is not None and place.caller is reader else None, url,
    )  # fmt: skip


def feed_name(formats: Formats) -> str:
    """Return what a person's feed is called."""
    return formats.gettext("Crossward: mentoring sessions")
