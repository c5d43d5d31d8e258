"""What a reviewer answers before they verify: for every credential, by kind, and what a country adds.

Additions of countries are data with their source; where none are known, the general questions stand. An answer of
"no" verifies nothing: the reviewer asks for more, or rejects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.credentials.claims import Claim
from chalicelib.credentials.kinds import Kind
from chalicelib.kernel.errors import FieldError, Invalid


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Item:
    """One question.

    Attributes
    ----------
    may_not_apply
        Whether "not applicable" is an answer to it.
    source
        Where a country's addition is taken from: authority or law, and an address; empty for our own.
    """

    code: str
    asks: str
    may_not_apply: bool = False
    source: str = ""


GENERAL = (
    Item(
        "name_matches", "Is the name on the document the person's, allowing for spelling, order and script?"
    ),
    Item("issuer_exists", "Does the authority exist, and does it grant this kind of credential?"),
    Item("dates_match", "Are the days of issue and expiry those that the authority knows?"),
)
_REGISTER = (
    Item("in_register", "Did you find this number and name in the authority's own register, or ask the authority?"),
    Item("is_current", "Does the register show it as current, on the day that you looked?"),
    Item(
        "no_conditions",
        "Does the register show no condition, suspension or warning that bears on mentoring?",
    ),
)  # fmt: skip
BY_KIND: Mapping[Kind, tuple[Item, ...]] = {
    Kind.LICENCE: _REGISTER,
    Kind.REGISTRATION: _REGISTER,
    Kind.BOARD_CERTIFICATION: (
        *_REGISTER[:2],
        Item("specialty_matches", "Is the specialty the one that the person mentors in?"),
    ),
    Kind.DEGREE: (
        Item("institution_recognised", "Was the institution recognised in its country when it granted the degree?"),
        Item("degree_confirmed", "Has the institution, or a register of degrees, confirmed it?", may_not_apply=True),
    ),
    Kind.FELLOWSHIP: (
        Item("in_register", "Did you find the person in the college's or society's own list, or ask it?"),
        Item("is_current", "Is the fellowship in good standing, where it lapses?", may_not_apply=True),
    ),
    Kind.GOOD_STANDING: (
        Item("from_authority", "Did the certificate come from the authority itself, or could you confirm it there?"),
        Item("recent", "Was it issued within the last three months?"),
        Item("no_conditions", "Does it name no condition, suspension or open inquiry?"),
    ),
}  # fmt: skip
# By country of the authority, ISO 3166-1 alpha-2, and kind. Stored copies of the pages, read 2026-11-22.
BY_COUNTRY: Mapping[tuple[str, Kind], tuple[Item, ...]] = {
    ("GB", Kind.REGISTRATION): (
        Item(
            "licence_to_practise",
            "For doctors: does the register show a licence to practise, and not registration alone?",
            may_not_apply=True,
            source="General Medical Council, https://www.gmc-uk.org/registration-and-licensing/"
            "employers-medical-schools-and-colleges/employing-a-doctor/what-to-check",
        ),
    ),
    ("US", Kind.LICENCE): (
        Item(
            "state_board",
            "Is it the licence of a state's board? An NPI identifies a provider and is no licence.",
            source="https://npiprofile.com/resources/credentialing-npi-checklist (not the government's own page)",
        ),
    ),
    ("KE", Kind.LICENCE): (
        Item(
            "annual_licence",
            "Is the annual practice licence that of the current year?",
            source="Medical Practitioners and Dentists Board, https://medicalboard.co.ke/licensing-requirements/",
        ),
    ),
    ("ZA", Kind.REGISTRATION): (
        Item(
            "practising_card",
            "Is the annual fee paid for the year that ends on the next 31 March, as register or card shows?",
            source="Health Professions Council of South Africa, https://www.hpcsa.co.za/Registrations/Fees",
        ),
    ),
    ("DE", Kind.LICENCE): (
        Item(
            "approbation",
            "Is it an Approbation, or a temporary permit (Erlaubnis), whose restrictions cover what the person does?",
            source="Approbationsordnung für Ärzte, section 35a, https://www.gesetze-mit-links.de/äappro_2002/_35a.html",
        ),
    ),
}


def items_for(claim: Claim) -> tuple[Item, ...]:
    """Return the questions about a claim, in the order in which they are asked."""
    return (*GENERAL, *BY_KIND[claim.kind], *BY_COUNTRY.get((claim.country, claim.kind), ()))


def checked_answers(claim: Claim, answers: Mapping[str, Answer]) -> dict[str, str]:
    """Return answers that allow a claim to be verified.

    Raises
    ------
    Invalid
        With one `FieldError` for each question without an answer, or with one that does not allow it.
    """
    items = {item.code: item for item in items_for(claim)}
    errors = [
        FieldError(f"/checklist/{code}", "This is not asked about this credential; leave it out.")
        for code in sorted(set(answers) - set(items))
    ]
    errors += [
        FieldError(f"/checklist/{code}", why)
        for code, item in items.items()
        if (why := _wrong(item, answers.get(code))) is not None
    ]
    if errors:
        raise Invalid("The checklist does not allow this to be verified.", tuple(errors))
    return {code: answers[code].value for code in items}


def _wrong(item: Item, answer: Answer | None) -> str | None:
    if answer is None:
        return f"Answer this before you verify: {item.asks}"
    if answer is Answer.NO:
        return "With a no, this cannot be verified: ask for more, or reject."
    if answer is Answer.NOT_APPLICABLE and not item.may_not_apply:
        return f"Answer yes or no: {item.asks}"
    return None
