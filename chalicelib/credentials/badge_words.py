"""What a mentor's badge means, in a sentence for the one who reads it: where they may practise, and where not.

Names of countries and professions stand apart, so that none is inflected. Nothing says more than the review did: that
somebody holds a licence of one country's authority, and what the reader's country makes of such a licence.
"""

from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.recognition import recognised_in
from chalicelib.credentials.recognition_words import beside, effect_of
from chalicelib.people import codes
from chalicelib.people.model import Badge
from chalicelib.words.catalogues import catalogue, language_of
from chalicelib.words.formats import country_name


def meaning(badge: Badge, locale: str, country: str | None) -> str:
    """Return what a badge is worth at home, and in a reader's country if that is another.

    Parameters
    ----------
    locale
        The reader's, BCP-47; one without a catalogue gets the language of the texts.
    country
        The reader's, alpha-2; None if it is not known.
    """
    language = language_of(locale)
    at_home = _at_home(badge, language)
    if country is None or country == badge.country:
        return at_home
    scheme = recognised_in(badge, country)
    name = country_name(country, language)
    if scheme is not None:
        return f"{at_home} {beside(name, effect_of(scheme, language), language)}"
    if not _may_license(badge):
        return at_home
    _ = catalogue(language).gettext
    there = _("Not a licence to practise: %(country)s.") % {"country": name}
    return f"{at_home} {there}"


def _may_license(badge: Badge) -> bool:
    return badge.licenses and badge.kind in (Kind.LICENCE, Kind.REGISTRATION)


def _at_home(badge: Badge, language: str) -> str:
    _ = catalogue(language).gettext
    if not _may_license(badge):
        return _("Not a licence to practise by itself.")
    place = {"place": _place(badge, language)}
    if badge.kind == Kind.LICENCE:
        return _("Licence to practise: %(place)s.") % place
    return _("Registered: %(place)s. Whether that includes a licence to practise, the register says.") % place


def _place(badge: Badge, language: str) -> str:
    """Return where, of what part, and as what."""
    found = codes.profession(badge.profession) if badge.profession else None
    profession = catalogue(language).pgettext("profession", found.title) if found else ""
    apart = [one for one in (badge.part, profession) if one]
    place = country_name(badge.country, language)
    return f"{place} ({', '.join(apart)})" if apart else place
