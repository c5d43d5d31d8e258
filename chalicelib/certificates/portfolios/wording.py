"""The words of a portfolio's page, in its holder's language."""

from chalicelib.words.formats import Formats


def labels(formats: Formats) -> dict[str, str]:
    """Name what a page tells, by its codes."""
    return {
        "title": formats.gettext("Portfolio"),
        "holder": formats.gettext("Holder"),
        "issuer": formats.gettext("Issuer"),
        "issued": formats.gettext("Issued on"),
        "programme": formats.gettext("Programme"),
        "organisation": formats.gettext("Organisation"),
        "dates": formats.gettext("From and to"),
        "since": formats.gettext("Since"),
        "with": formats.gettext("With"),
        "sessions": formats.gettext("Sessions held"),
        "hours": formats.gettext("Hours in sessions"),
        "goals": formats.gettext("Goals"),
        "introductions": formats.gettext("Introductions made"),
        "reflections": formats.gettext("Reflections"),
        "final": formats.gettext("Final reflection"),
        "happened": formats.gettext("What happened"),
        "learned": formats.gettext("What I learned"),
        "will_change": formats.gettext("What I will change"),
        "adapted": formats.gettext("How I adapted it"),
        "certificates": formats.gettext("Certificates"),
        "activity": formats.gettext("Activity"),
        "role": formats.gettext("Role"),
        "nothing": formats.gettext("There is no mentorship in it."),
        "note": formats.gettext(
            "This page is for reading. What is signed is the file beside it: whoever gets that can verify it without "
            "asking anybody."
        ),
    }


def mentorship_title(role: str, formats: Formats) -> str:
    """Name a mentorship by the role of the holder."""
    return {
        "mentor": formats.gettext("Mentorship as a mentor"),
        "mentee": formats.gettext("Mentorship as a mentee"),
        "peer": formats.gettext("Mentorship among peers"),
    }[role]


def activity(kind: str, formats: Formats) -> str:
    """Name a kind of activity; one that has no name here by its code, as rooms above may have more."""
    named = {
        "series": formats.gettext("Tele-mentoring series"),
        "simulation": formats.gettext("Clinical simulation by chat"),
        "circle": formats.gettext("Mentoring circle"),
        "speed_event": formats.gettext("Speed mentoring"),
    }
    return named.get(kind, kind)


def role(code: str, formats: Formats) -> str:
    """Name a role in an activity; see `activity`."""
    _ = formats.gettext
    named = {
        "owner": _("owner of the series"),
        "facilitator": _("facilitator"),
        "expert": _("subject expert"),
        "support": _("programme support"),
        "member": _("member of the series"),
        "guest": _("guest of the series"),
        "participant": _("participant"),
        "circle_lead": _("lead of the circle"),
        "circle_member": _("member of the circle"),
        "moderator": _("moderator"),
        "mentor": _("mentor"),
        "mentee": _("mentee"),
    }
    return named.get(code, code)


def other(profession: str | None, country: str | None, formats: Formats) -> str:
    """Say of the other of a pair what is told of them: never a name."""
    parts = [
        formats.profession(profession) if profession else formats.gettext("a colleague"),
        formats.country(country) if country else "",
    ]
    return ", ".join(one for one in parts if one)


def status(code: str, formats: Formats) -> str:
    """Name the state of a goal."""
    return {
        "open": formats.pgettext("goal", "open"),
        "reached": formats.pgettext("goal", "reached"),
        "dropped": formats.pgettext("goal", "dropped"),
    }[code]
