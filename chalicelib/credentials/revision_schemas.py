"""The wordings of a credential on the wire, with what differs between them."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field

from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.rewording import Difference, Wording, differences
from chalicelib.platform.web.shapes import Answer, Instant, instant


class DifferenceView(Answer):
    """What one field said in the wording before, and says in this one; null where it says nothing."""

    field: Annotated[str, Field(description="By its name in a wording, `issued_on` say")]
    before: str | None
    after: str | None

    @classmethod
    def of(cls, one: Difference) -> Self:
        return cls(field=one.field, before=one.before, after=one.after)


class RevisionView(Answer):
    """A wording of a claim, with its person as they stood."""

    revision: int
    kind: Kind
    authority_id: str | None
    authority: str
    number: str | None
    name_on_document: str
    country: str
    issued_on: Annotated[str, Field(json_schema_extra={"format": "date"})]
    expires_on: Annotated[str | None, Field(json_schema_extra={"format": "date"})]
    person_name: str
    profession: str | None
    replaced_at: Annotated[
        Instant | None, Field(description="When another took its place; null of the present one")
    ]
    differences: Annotated[
        tuple[DifferenceView, ...], Field(description="From the one before in this list; none of the first")
    ]

    @classmethod
    def of(cls, one: Wording, before: Wording | None) -> Self:
        claim = one.claim
        changed = differences(before, one) if before is not None else ()
        return cls(
            revision=one.revision, kind=claim.kind, authority_id=claim.authority_id, authority=claim.authority,
            number=claim.number or None, name_on_document=claim.name_on_document, country=claim.country,
            issued_on=claim.issued_on.isoformat(),
            expires_on=claim.expires_on.isoformat() if claim.expires_on else None,
            person_name=one.person_name, profession=one.profession, replaced_at=instant(one.replaced_at),
            differences=tuple(DifferenceView.of(difference) for difference in changed),
        )  # fmt: skip


class RevisionsView(Answer):
    items: tuple[RevisionView, ...]

    @classmethod
    def of(cls, wordings: tuple[Wording, ...]) -> Self:
        pairs = pairwise((None, *wordings))
        return cls(items=tuple(RevisionView.of(one, before) for before, one in pairs if one is not None))
