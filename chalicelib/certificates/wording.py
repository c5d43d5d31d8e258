"""The words of certificates, in their holder's language."""

from datetime import date

from chalicelib.certificates.badge import Wording
from chalicelib.certificates.model import Certificate, OfActivity, Status
from chalicelib.certificates.rules import Gap, Need
from chalicelib.programmes.model import CertificateRule, PairKind, Role
from chalicelib.words.formats import Formats, formats_of


def words_of(certificate: Certificate) -> Wording:
    """Return the words that are signed with a certificate."""
    formats, of = formats_of(certificate.locale), certificate.of
    if isinstance(of, OfActivity):
        return Wording(formats.language, of.title, of.description, of.criteria, labels(formats))
    return Wording(
        formats.language,
        title_of(certificate, formats),
        _what(of.kind, formats) % {"programme": formats.quoted(certificate.programme_name)},
        criteria(of.rule, formats),
        labels(formats),
    )


def title_of(certificate: Certificate, formats: Formats) -> str:
    """Name what a certificate is of; of an activity in the words that are signed, whatever the language."""
    of = certificate.of
    return of.title if isinstance(of, OfActivity) else title(of.kind.role_of(of.side), formats)


def _what(kind: PairKind, formats: Formats) -> str:
    """Say what sort of mentorship it was."""
    _ = formats.gettext
    return {
        PairKind.ONE_TO_ONE: _(
            "One-to-one mentorship of health workers across borders, in the programme %(programme)s."
        ),
        PairKind.REVERSE: _(
            "Reverse mentorship of health workers across borders, in which the junior is the mentor, in the programme "
            "%(programme)s."
        ),
        PairKind.PEER: _(
            "Peer mentorship of health workers across borders, in which each is mentor and mentee of the other, in the "
            "programme %(programme)s."
        ),
    }[kind]


def title(role: Role, formats: Formats) -> str:
    """Name what a certificate is of."""
    return {
        Role.MENTEE: formats.gettext("Mentorship completed as a mentee"),
        Role.MENTOR: formats.gettext("Mentorship completed as a mentor"),
        Role.PEER: formats.gettext("Mentorship completed as a peer mentor"),
    }[role]


def criteria(rule: CertificateRule, formats: Formats) -> str:
    """Say what a programme asks for."""
    asked = {
        Need.SESSIONS: rule.sessions,
        Need.MINUTES: rule.minutes,
        Need.GOALS_REACHED: rule.goals_reached,
        Need.FINAL_REFLECTION: int(rule.final_reflection),
    }
    parts = [_needed(need, count, formats) for need, count in asked.items() if count]
    if not parts:
        return formats.gettext("The programme asks for nothing beyond the mentorship itself.")
    return formats.gettext("The programme asks for: %(needs)s.") % {"needs": formats.listed(parts)}


def lacking(gaps: tuple[Gap, ...], formats: Formats) -> str:
    """Say what a record lacks."""
    parts = [_needed(gap.need, gap.needs - gap.has, formats) for gap in gaps]
    return formats.gettext("Still missing: %(needs)s.") % {"needs": formats.listed(parts)}


def _needed(need: Need, count: int, formats: Formats) -> str:
    if need is Need.SESSIONS:
        return formats.ngettext("%(count)s session held", "%(count)s sessions held", count) % {
            "count": formats.number(count)
        }
    if need is Need.MINUTES:
        return formats.gettext("%(duration)s in sessions") % {"duration": formats.duration(count)}
    if need is Need.GOALS_REACHED:
        return formats.ngettext("%(count)s goal reached", "%(count)s goals reached", count) % {
            "count": formats.number(count)
        }
    if need is Need.FINAL_REFLECTION:
        return formats.gettext("a final reflection")
    return formats.gettext("the end of the mentorship")


def labels(formats: Formats) -> dict[str, str]:
    """Name what a certificate tells, by its code."""
    return {
        "sessions": formats.gettext("Sessions held"),
        "hours": formats.gettext("Hours in sessions"),
        "goals": formats.gettext("Goals reached"),
    }


def page_labels(formats: Formats) -> dict[str, str]:
    """Name the fields of the public page, by their codes."""
    return {
        "holder": formats.gettext("Holder"),
        "programme": formats.gettext("Programme"),
        "activity": formats.gettext("Activity"),
        "dates": formats.gettext("From and to"),
        "issued": formats.gettext("Issued on"),
        "organisation": formats.gettext("Organisation"),
        "issuer": formats.gettext("Issuer"),
        "address": formats.gettext("Address of this certificate"),
    }


def state(status: Status, formats: Formats) -> str:
    """Say whether a certificate is valid."""
    if status is Status.REVOKED:
        return formats.gettext("This certificate was revoked. It is not valid any more.")
    return formats.gettext("This certificate is genuine and valid.")


def privacy(formats: Formats) -> str:
    """Say why a public page tells what it tells."""
    return formats.gettext(
        "The holder chose what is shown here. They can hand on the signed certificate, which can be verified without "
        "asking anybody."
    )


def code_label(formats: Formats) -> str:
    """Name the QR code to those who do not see it."""
    return formats.gettext("QR code with the address of this certificate")


def span(first: date, last: date, formats: Formats) -> str:
    """Write from which day to which."""
    return formats.gettext("%(first)s to %(last)s") % {
        "first": formats.date(first),
        "last": formats.date(last),
    }
