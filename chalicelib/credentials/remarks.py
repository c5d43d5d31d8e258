"""What a reviewer is told of a claim before they look: none of it is wrong by itself, and none decides."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.credentials import numbers
from chalicelib.credentials.claims import NEEDS, REGISTERED, Claim, Expiry, hint_of
from chalicelib.people import codes


class RemarkCode(StrEnum):
    OTHER_AUTHORITY = "other_authority"
    AUTHORITY_LISTED = "authority_listed"
    NUMBER_UNUSUAL = "number_unusual"
    KIND_NOT_NAMED = "kind_not_named"
    PROFESSION_NOT_NAMED = "profession_not_named"
    NO_LICENCE = "no_licence"
    EXPIRY_MISSING = "expiry_missing"
    EXPIRY_UNUSUAL = "expiry_unusual"


@dataclass(frozen=True)
class Remark:
    code: RemarkCode
    text: str


def remarks_on(claim: Claim, profession: str | None) -> tuple[Remark, ...]:
    """Return what is worth a reviewer's look in a claim by a person of a profession (ISCO-08, or none)."""
    return (*_on_authority(claim, profession), *_on_expiry(claim))


def _on_expiry(claim: Claim) -> tuple[Remark, ...]:
    expiry = NEEDS[claim.kind].expiry
    if expiry is Expiry.EXPECTED and claim.expires_on is None:
        return (
            Remark(RemarkCode.EXPIRY_MISSING, "No last day is given: see whether the document names one."),
        )
    if expiry is Expiry.NONE and claim.expires_on is not None:
        return (
            Remark(RemarkCode.EXPIRY_UNUSUAL, "Such a document seldom ends: see whether it names that day."),
        )
    return ()


def _on_authority(claim: Claim, profession: str | None) -> tuple[Remark, ...]:
    listed = claim.listed
    if listed is None:
        found = [
            Remark(
                RemarkCode.OTHER_AUTHORITY,
                "The authority is not on our list: make sure that it exists and may issue this.",
            )
        ]
        hint = hint_of(claim)
        if hint is not None:
            found.append(Remark(RemarkCode.AUTHORITY_LISTED, f"The list has {hint.name} as {hint.id}."))
        return tuple(found)
    found = []
    form = listed.number
    if form is not None and claim.number and claim.kind in REGISTERED and not form.confirmed:
        unusual = numbers.misfit(claim.number, form)
        if unusual is not None:
            found.append(
                Remark(RemarkCode.NUMBER_UNUSUAL, f"{unusual} The format is not confirmed by the authority.")
            )
    if claim.kind not in listed.kinds:
        found.append(
            Remark(
                RemarkCode.KIND_NOT_NAMED,
                "Our sources do not name this kind among those that the authority issues.",
            )
        )
    known = profession is not None and codes.profession(profession) is not None
    if known and listed.professions and profession not in listed.professions:
        found.append(
            Remark(
                RemarkCode.PROFESSION_NOT_NAMED,
                "Our sources do not name the person's profession among those of the authority.",
            )
        )
    if not listed.licenses:
        found.append(
            Remark(RemarkCode.NO_LICENCE, "What this authority issues is not a licence to practise.")
        )
    return tuple(found)
