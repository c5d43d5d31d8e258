"""What a claim is worth in a country, in sentences: none says more than its source does.

Names of countries stand apart from the sentences, so that no language has to inflect them.
"""

from collections.abc import Mapping

from chalicelib.credentials.recognition import Scheme, Standing, Worth
from chalicelib.words.catalogues import catalogue, language_of
from chalicelib.words.formats import country_name


def standing_sentence(standing: Standing, locale: str) -> str:
    """Return the sentence that says what a claim is worth in a country.

    Parameters
    ----------
    locale
        The reader's, BCP-47; one without a catalogue gets the language of the texts.
    """
    language = language_of(locale)
    _ = catalogue(language).gettext
    country = country_name(standing.country, language)
    if standing.scheme is not None:
        return beside(country, effect_of(standing.scheme, locale), locale)
    if standing.part is not None and standing.country == standing.home:
        country = _("%(country)s, of %(part)s only") % {"country": country, "part": standing.part}
    if standing.worth is Worth.LICENSED:
        text = _("Licence to practise, issued by %(authority)s (%(country)s).")
    elif standing.worth is Worth.REGISTERED:
        text = _(
            "Registered with %(authority)s (%(country)s). A registration does not always include a licence to "
            "practise: the register says so."
        )
    else:
        text = _("%(country)s: not a licence to practise.")
    return text % {"authority": standing.authority, "country": country}


def effect_of(scheme: Scheme, locale: str) -> str:
    """Return the sentence on what a scheme does, for all of its countries."""
    _ = catalogue(language_of(locale)).gettext
    told: Mapping[Worth, str] = {
        Worth.AUTOMATIC: _(
            "Qualifications from a member country are recognised automatically where the conditions of %(scheme)s are "
            "met, among them on nationality and training. Recognition has to be applied for, and is not yet a licence "
            "to practise."
        ),
        Worth.ENTITLED_TO_REGISTER: _(
            "Whoever is registered in one country may register in the same profession in the other (%(scheme)s). "
            "Registration has to be applied for: this is not yet a licence to practise there."
        ),
        Worth.EXAMINATION_WAIVED: _(
            "Under conditions, the examination before registration is waived (%(scheme)s). Registration still has to "
            "be applied for: this is not a licence to practise."
        ),
        Worth.ARRANGEMENT: _(
            "The %(scheme)s eases moving to another member country, by that country's own rules. It is not a licence "
            "to practise."
        ),
    }
    # Schemes are named as in their sources, which have no other languages than these two.
    name = scheme.name_fr if language_of(locale) == "fr" else scheme.name
    return told[scheme.effect] % {"scheme": name}


def elsewhere(locale: str) -> str:
    """Return what holds in all countries that no scheme names."""
    return catalogue(language_of(locale)).gettext("In every other country: not a licence to practise.")


def beside(country: str, text: str, locale: str) -> str:
    """Put a country's name before what holds there."""
    return catalogue(language_of(locale)).gettext("%(label)s: %(value)s") % {"label": country, "value": text}
