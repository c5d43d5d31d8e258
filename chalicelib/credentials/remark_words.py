"""What a remark says, in a sentence for the reviewer who reads it: what was seen, then what to look at."""

from chalicelib.credentials.remarks import Remark, RemarkCode
from chalicelib.words.catalogues import catalogue, language_of


def sentence(remark: Remark, locale: str) -> str:
    """Return a remark in words.

    Parameters
    ----------
    locale
        The reader's, BCP-47; one without a catalogue gets the language of the texts.
    """
    _ = catalogue(language_of(locale)).gettext
    told = {
        RemarkCode.OTHER_AUTHORITY: _(
            "The authority is not on our list: make sure that it exists and may issue this."
        ),
        RemarkCode.AUTHORITY_LISTED: _("The list has this authority: {name} ({id})."),
        RemarkCode.NUMBER_UNUSUAL: _(
            "The number is written otherwise than those of this authority that we know of, such as {example}. The "
            "authority has not confirmed how its numbers are written."
        ),
        RemarkCode.KIND_NOT_NAMED: _(
            "Our sources do not name this kind among those that the authority issues."
        ),
        RemarkCode.PROFESSION_NOT_NAMED: _(
            "Our sources do not name the person's profession among those of the authority."
        ),
        RemarkCode.NO_LICENCE: _("What this authority issues is not a licence to practise."),
        RemarkCode.EXPIRY_MISSING: _("No last day is given: see whether the document names one."),
        RemarkCode.EXPIRY_UNUSUAL: _("Such a document seldom ends: see whether it names that day."),
        RemarkCode.NAME_DIFFERS: _(
            "The name on the document is far from the account's: {score} of 100. See whether both are the same "
            "person's, as after a marriage."
        ),
        RemarkCode.NUMBER_CLAIMED: _(
            "Another person claims the same number of this authority. Look at their case, and make sure whose number "
            "it is."
        ),
        RemarkCode.NUMBER_CLAIMED_ELSEWHERE: _(
            "Another person claims the same number of this authority, in a case that you may not open. Ask the "
            "authority whose number it is."
        ),
        RemarkCode.CHECKS_OUTDATED: _(
            "Registers were looked at for an earlier wording alone. What they said is no check of this one: look "
            "again."
        ),
    }
    return told[remark.code].format(**remark.facts)
