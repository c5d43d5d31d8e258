"""An agreement in sentences, for whoever reads it, in their language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.mentorships.agreements.model import (
    Boundary,
    Confidence,
    DocumentPlace,
    OutOfScope,
    Rhythm,
    Rules,
    Terms,
)
from chalicelib.people.model import Channel
from chalicelib.programmes.model import PairKind
from chalicelib.words.formats import Formats


@dataclass(frozen=True)
class Section:
    """What is agreed on one thing; `about` names the field of the terms."""

    about: str
    heading: str
    sentences: tuple[str, ...]


def sections(terms: Terms, formats: Formats, kind: PairKind = PairKind.ONE_TO_ONE) -> list[Section]:
    """Write terms in sentences, in the order in which a pair speaks of them; what is open yet has none."""
    names = headings(formats)
    found = [
        ("channels", _ways(terms, formats)),
        ("rhythm", _rhythm(terms, formats)),
        ("response_days", _response(terms, formats)),
        ("languages", _languages(terms, formats)),
        *rule_sections(terms, formats, kind),
    ]
    return [Section(about, names[about], tuple(said)) for about, said in found if said]


def rule_sections(
    rules: Rules, formats: Formats, kind: PairKind = PairKind.ONE_TO_ONE
) -> list[tuple[str, list[str]]]:
    """Write what stands in lists of codes, with the notes beside them."""
    limits, confidences, scopes = boundaries(formats), confidentiality(formats), out_of_scope(formats, kind)
    return [
        ("boundaries", [*(limits[one] for one in rules.boundaries), *_note(rules.boundaries_note)]),
        (
            "confidentiality",
            [*(confidences[one] for one in rules.confidentiality), *_note(rules.confidentiality_note)],
        ),
        ("documents", [documents(formats)[rules.documents], *_note(rules.documents_note)]),
        ("out_of_scope", [*(scopes[one] for one in rules.out_of_scope), *_note(rules.out_of_scope_note)]),
    ]


def headings(formats: Formats) -> dict[str, str]:
    """Return what each part of the terms is called, by its field."""
    _ = formats.gettext
    return {
        "channels": _("How we meet"),
        "fallback": _("Where the line is poor"),
        "rhythm": _("How often we meet"),
        "meeting_minutes": _("How long we meet"),
        "response_days": _("How soon we answer"),
        "languages": _("Languages"),
        "boundaries": _("What we keep to"),
        "confidentiality": _("Confidentiality"),
        "documents": _("Where we share documents"),
        "out_of_scope": _("What this mentorship is not for"),
    }


def choices(formats: Formats) -> dict[str, dict[str, str]]:
    """Return what each code can be chosen for and says, by the field of the terms that holds it."""
    often = {
        Rhythm.WEEKLY: formats.pgettext("how often two meet", "every week"),
        Rhythm.FORTNIGHTLY: formats.pgettext("how often two meet", "every two weeks"),
        Rhythm.EVERY_THREE_WEEKS: formats.pgettext("how often two meet", "every three weeks"),
        Rhythm.MONTHLY: formats.pgettext("how often two meet", "every month"),
    }
    return {
        "channels": {one: formats.sentence(formats.channel(one)) for one in Channel},
        "rhythm": {one: formats.sentence(said) for one, said in often.items()},
        "boundaries": _by_code(boundaries(formats)),
        "confidentiality": _by_code(confidentiality(formats)),
        "documents": _by_code(documents(formats)),
        "out_of_scope": _by_code(out_of_scope(formats)),
    }


def boundaries(formats: Formats) -> dict[Boundary, str]:
    _ = formats.gettext
    return {
        Boundary.AGREED_TIMES: _("We contact each other in the ways and at the times that we agreed on."),
        Boundary.MAY_SAY_NO: _("Either of us may say no to a question or to a task, and need not say why."),
        Boundary.NO_MONEY: _("We ask each other for no money, gifts or loans."),
        Boundary.NO_FAVOURS: _("We ask each other for no posts and no favours."),
        Boundary.LOCAL_PRACTICE: _(
            "What is usual in one country need not be right in the other: we ask how it is done there."
        ),
    }


def confidentiality(formats: Formats) -> dict[Confidence, str]:
    _ = formats.gettext
    return {
        Confidence.BETWEEN_US: _("What we tell each other stays between us."),
        Confidence.ASK_FIRST: _("Before one of us tells others of it, we ask each other."),
        Confidence.NO_RECORDING: _("We do not record our conversations."),
        Confidence.SAFETY_FIRST: _(
            "Where somebody is in danger, each of us may raise a safety concern with the admins, or speak to the "
            "coordinators of the programme."
        ),
    }


def documents(formats: Formats) -> dict[DocumentPlace, str]:
    _ = formats.gettext
    return {
        DocumentPlace.NOWHERE: _("We share no documents."),
        DocumentPlace.EMAIL: _("We share documents by e-mail."),
        DocumentPlace.CHAT: _("We share documents in our chat."),
        DocumentPlace.SHARED_FOLDER: _("We share documents in a folder of ours."),
        DocumentPlace.EMPLOYER_SYSTEM: _("We share documents in a system of an employer of ours."),
    }


def out_of_scope(formats: Formats, kind: PairKind = PairKind.ONE_TO_ONE) -> dict[OutOfScope, str]:
    """Return what it is not for. The mentee of a reverse pair may be the mentor's superior, so neither assesses the
    other; nor do peers."""
    _ = formats.gettext
    one_way = _("The mentor does not assess the mentee for an employer or a school.")
    both_ways = _("Neither of us assesses the other for an employer or a school.")
    return {
        OutOfScope.PATIENT_DATA: _(
            "We share nothing by which a patient can be told: no name, number, picture, record or file."
        ),
        OutOfScope.CARE_DECISIONS: _(
            "Decisions on a patient’s care stay with those who care for the patient."
        ),
        OutOfScope.ASSESSMENT: one_way if kind is PairKind.ONE_TO_ONE else both_ways,
        OutOfScope.CRISIS: _("It is no help in an emergency: for that there are services on the spot."),
    }


def _ways(terms: Terms, formats: Formats) -> list[str]:
    _ = formats.gettext
    said = []
    if terms.channels:
        ways = [formats.channel(one) for one in terms.channels]
        said.append(_("In this order: %(ways)s.") % {"ways": formats.listed(ways)})
    if terms.fallback is not None:
        said.append(_("Where the line is poor: %(way)s.") % {"way": formats.channel(terms.fallback)})
    return said


def _rhythm(terms: Terms, formats: Formats) -> list[str]:
    _ = formats.gettext
    often = {
        Rhythm.WEEKLY: _("We meet every week for %(time)s."),
        Rhythm.FORTNIGHTLY: _("We meet every two weeks for %(time)s."),
        Rhythm.EVERY_THREE_WEEKS: _("We meet every three weeks for %(time)s."),
        Rhythm.MONTHLY: _("We meet every month for %(time)s."),
    }
    return [often[terms.rhythm] % {"time": formats.duration(terms.meeting_minutes)}]


def _response(terms: Terms, formats: Formats) -> list[str]:
    text = formats.ngettext(
        "We answer each other within a day.",
        "We answer each other within %(days)s days.",
        terms.response_days,
    )
    return [text % {"days": formats.number(terms.response_days)}]


def _languages(terms: Terms, formats: Formats) -> list[str]:
    if not terms.languages:
        return []
    names = [formats.language_name(one) for one in terms.languages]
    if len(names) == 1:
        return [formats.gettext("We speak %(language)s.") % {"language": names[0]}]
    return [formats.gettext("In this order: %(ways)s.") % {"ways": formats.listed(names)}]


def _note(note: str) -> list[str]:
    return [note] if note else []


def _by_code(said: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): words for code, words in said.items()}
