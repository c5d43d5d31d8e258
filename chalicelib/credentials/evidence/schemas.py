"""Evidence on the wire."""

from typing import Annotated, Any, Self

from pydantic import Field

from chalicelib.credentials.evidence.findings import EvidenceType
from chalicelib.credentials.evidence.model import By, State
from chalicelib.credentials.evidence.service import FileSeen, Link, Opened, Overdue, Wish
from chalicelib.credentials.registries.schemas import CheckView
from chalicelib.credentials.schemas import ReviewView
from chalicelib.credentials.showing import CaseSeen
from chalicelib.platform.web.shapes import Answer, Body, Instant, Line, instant


class EvidenceBody(Body):
    name: Annotated[Line, Field(description="The file's own name, without a path", examples=["licence.pdf"])]
    type: EvidenceType
    size: Annotated[
        int | None, Field(ge=1, description="In bytes; then the upload takes a file of this size alone")
    ] = None

    def to_model(self) -> Wish:
        return Wish(self.name, self.type, self.size)


class FileView(Answer):
    """A file of evidence."""

    id: str
    name: Annotated[str, Field(description="As its sender called it; empty once the file is gone")]
    type: EvidenceType
    state: Annotated[
        State,
        Field(
            description="`checking` until content and malware scan are both through; `overdue` where the scanner is "
            "silent; `lapsed` where nothing was sent in time; `deleted` by the organisation's policy"
        ),
    ]
    reason: Annotated[str | None, Field(description="A stable code: why it was rejected")]
    reason_text: Annotated[str | None, Field(description="In the language of your account")]
    size: Annotated[int | None, Field(description="In bytes; null until it has arrived")]
    sha256: str | None
    pages: Annotated[int | None, Field(description="Of an accepted PDF")]
    width: Annotated[int | None, Field(description="In pixels, of an accepted image")]
    height: int | None
    revision: Annotated[int, Field(description="The wording of the claim with which it came")]
    added_at: Instant
    arrived_at: Instant | None
    settled_at: Annotated[Instant | None, Field(description="When it was accepted or rejected")]
    gone_at: Annotated[Instant | None, Field(description="When it was removed or deleted")]

    @classmethod
    def of(cls, seen: FileSeen) -> Self:
        return cls.model_validate(_fields(seen))


class FilesView(Answer):
    items: tuple[FileView, ...]

    @classmethod
    def of(cls, files: tuple[FileSeen, ...]) -> Self:
        return cls(items=tuple(FileView.of(one) for one in files))


class EvidenceUploadView(Answer):
    """An HTML form POST to `url`: the fields as they are and no others, then the file as `file`."""

    url: str
    fields: dict[str, str]
    max_bytes: int
    expires_in: Annotated[int, Field(description="Seconds")]


class OpenedView(Answer):
    file: FileView
    upload: EvidenceUploadView

    @classmethod
    def of(cls, opened: Opened) -> Self:
        return cls.model_validate({"file": FileView.of(opened.seen), "upload": opened.upload})


class CaseFileView(FileView):
    """A file of evidence as reviewers see it."""

    sent_by: Annotated[By, Field(description="The credential's owner, or a reviewer")]
    added_by: str

    @classmethod
    def of(cls, seen: FileSeen) -> Self:
        return cls.model_validate({**_fields(seen), "sent_by": seen.file.by, "added_by": seen.file.added_by})


class LinkView(Answer):
    """A link that opens a file, as an attachment; compare what you get with its hash."""

    url: str
    expires_in: Annotated[int, Field(description="Seconds; after that the store refuses the link")]
    file_name: str
    media_type: str
    size: int
    sha256: str

    @classmethod
    def of(cls, link: Link) -> Self:
        checked = link.file.checked
        return cls(
            url=link.url, expires_in=link.expires_in, file_name=link.file_name,
            media_type=link.file.type.media_type, size=checked.size if checked else 0,
            sha256=(checked.sha256 if checked else None) or "",
        )  # fmt: skip


class OverdueView(Answer):
    """A credential of which files wait for their malware scan past its time."""

    credential_id: str
    files: int
    since: Annotated[Instant, Field(description="When the first of them arrived")]

    @classmethod
    def of(cls, overdue: Overdue) -> Self:
        since = min((one.arrived_at for one in overdue.files if one.arrived_at is not None), default=None)
        return cls(
            credential_id=overdue.evidence.credential_id, files=len(overdue.files), since=instant(since)
        )


class CaseView(ReviewView):
    """A case with its evidence and the latest checks at its source."""

    evidence: tuple[CaseFileView, ...]
    checks: Annotated[tuple[CheckView, ...], Field(description="The latest fifty, latest first")]

    @classmethod
    def of(cls, case: CaseSeen) -> Self:  # type: ignore[override]
        return cls.model_validate(
            {
                **ReviewView.of(case.seen, case.remarks).model_dump(),
                "evidence": tuple(CaseFileView.of(one) for one in case.files),
                "checks": tuple(CheckView.of(one) for one in case.checks),
            }
        )


def _fields(seen: FileSeen) -> dict[str, Any]:
    one, checked = seen.file, seen.file.checked
    return {
        "id": one.id, "name": one.name, "type": one.type, "state": seen.state, "reason": one.reason,
        "reason_text": seen.why,
        "size": checked.size if checked else None, "sha256": checked.sha256 if checked else None,
        "pages": checked.pages if checked else None, "width": checked.width if checked else None,
        "height": checked.height if checked else None, "revision": one.revision,
        "added_at": instant(one.added_at), "arrived_at": instant(one.arrived_at),
        "settled_at": instant(one.settled_at), "gone_at": instant(one.gone_at),
    }  # fmt: skip
