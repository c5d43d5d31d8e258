"""What a reviewer is told of a claim before they look: none of it is wrong by itself, and none decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.credentials import numbers
from chalicelib.credentials.claims import NEEDS, REGISTERED, Claim, Expiry, hint_of
from chalicelib.credentials.model import Status
from chalicelib.credentials.registries.model import Comparison
from chalicelib.people import codes

NAMES_ALIKE = 75
"""From this score on the name on the document is not remarked on.

`registries/names.py` says how names are scored. Of the pairs that its tests hold it to, one person's name in other
spelling, order or script scores 85 and more, two persons' names 66 and less; this is the middle of what lies between. A
remark too many costs a look, one too few a name that nobody compared, and the checklist asks for that anyway.
"""


class RemarkCode(StrEnum):
    OTHER_AUTHORITY = "other_authority"
    AUTHORITY_LISTED = "authority_listed"
    NUMBER_UNUSUAL = "number_unusual"
    KIND_NOT_NAMED = "kind_not_named"
    PROFESSION_NOT_NAMED = "profession_not_named"
    NO_LICENCE = "no_licence"
    EXPIRY_MISSING = "expiry_missing"
    EXPIRY_UNUSUAL = "expiry_unusual"
    NAME_DIFFERS = "name_differs"
    NUMBER_CLAIMED = "number_claimed"
    NUMBER_CLAIMED_ELSEWHERE = "number_claimed_elsewhere"
    CHECKS_OUTDATED = "checks_outdated"


@dataclass(frozen=True)
class OtherClaim:
    """Another person's claim to the same number, in a case that the reader may open.

    Attributes
    ----------
    revision
        The wording that claims it.
    is_current
        Whether that is the wording which the case's reviewers have now, and not one from before.
    """

    credential_id: str
    person_id: str
    person_name: str
    organisation_id: str
    status: Status
    revision: int
    is_current: bool


@dataclass(frozen=True)
class Remark:
    """One thing worth a look; `remark_words.sentence` says it.

    Attributes
    ----------
    facts
        What its sentence names.
    comparison
        Of the name on the document with the account's, where they are far apart.
    claims
        Of others, where they are to the same number.
    """

    code: RemarkCode
    facts: Mapping[str, str] = field(default_factory=dict)
    comparison: Comparison | None = None
    claims: tuple[OtherClaim, ...] = ()


def remarks_on(claim: Claim, profession: str | None, person_name: str) -> tuple[Remark, ...]:
    """Return what is worth a reviewer's look in a claim by itself.

    Parameters
    ----------
    profession
        The person's, ISCO-08, or None.
    person_name
        The account's.
    """
    return (*_on_authority(claim, profession), *_on_expiry(claim), *_on_name(claim, person_name))


def _on_name(claim: Claim, person_name: str) -> tuple[Remark, ...]:
    # It loads the transliteration of all scripts.
    from chalicelib.credentials.registries.names import compare

    found = compare(claim.name_on_document, person_name)
    if found.score >= NAMES_ALIKE:
        return ()
    return (Remark(RemarkCode.NAME_DIFFERS, {"score": str(found.score)}, comparison=found),)


def _on_expiry(claim: Claim) -> tuple[Remark, ...]:
    expiry = NEEDS[claim.kind].expiry
    if expiry is Expiry.EXPECTED and claim.expires_on is None:
        return (Remark(RemarkCode.EXPIRY_MISSING),)
    if expiry is Expiry.NONE and claim.expires_on is not None:
        return (Remark(RemarkCode.EXPIRY_UNUSUAL),)
    return ()


def _on_authority(claim: Claim, profession: str | None) -> tuple[Remark, ...]:
    listed = claim.listed
    if listed is None:
        found = [Remark(RemarkCode.OTHER_AUTHORITY)]
        hint = hint_of(claim)
        if hint is not None:
            found.append(Remark(RemarkCode.AUTHORITY_LISTED, {"name": hint.name, "id": hint.id}))
        return tuple(found)
    found = []
    form = listed.number
    compared = form is not None and not form.confirmed and claim.number and claim.kind in REGISTERED
    if form is not None and compared and numbers.misfit(claim.number, form) is not None:
        found.append(Remark(RemarkCode.NUMBER_UNUSUAL, {"example": form.example}))
    if claim.kind not in listed.kinds:
        found.append(Remark(RemarkCode.KIND_NOT_NAMED))
    known = profession is not None and codes.profession(profession) is not None
    if known and listed.professions and profession not in listed.professions:
        found.append(Remark(RemarkCode.PROFESSION_NOT_NAMED))
    if not listed.licenses:
        found.append(Remark(RemarkCode.NO_LICENCE))
    return tuple(found)
