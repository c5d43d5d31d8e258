"""Exports of trails on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.credentials.exporting import FileLink
from chalicelib.credentials.exports import Export, ExportStatus
from chalicelib.credentials.order_schemas import Day
from chalicelib.credentials.trail_files import Scope
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, instant

_DATE = Field(json_schema_extra={"format": "date"})


class ExportBody(Body):
    organisation_id: Annotated[
        Identifier | None, Field(description="Whose credentials; without, the whole installation's")
    ] = None
    first_day: Annotated[Day | None, Field(description="Rows from this day on, UTC")] = None
    last_day: Annotated[Day | None, Field(description="Rows up to this day's end, UTC")] = None

    def to_model(self) -> Scope:
        return Scope(self.organisation_id, self.first_day, self.last_day)


class ExportView(Answer):
    """An export with its progress."""

    id: str
    organisation_id: str | None
    first_day: Annotated[str | None, _DATE]
    last_day: Annotated[str | None, _DATE]
    status: ExportStatus
    created_at: Instant
    created_by: str
    trails: Annotated[int, Field(description="How many are in the file so far")]
    rows: int
    left_out: Annotated[
        int,
        Field(
            description="How many trails are not in it, since whoever ordered it may not read them: of their own "
            "credentials, and of people they have or had a mentorship with"
        ),
    ]
    digest: Annotated[
        str | None,
        Field(description="Of the file, as its check prints it: a file that was made anew has another"),
    ]
    finished_at: Instant | None
    kept_until: Annotated[Instant | None, Field(description="Up to when the file can be fetched")]

    @classmethod
    def of(cls, export: Export) -> Self:
        scope, is_done = export.scope, export.status is ExportStatus.DONE
        return cls(
            id=export.id, organisation_id=scope.organisation_id,
            first_day=scope.first_day.isoformat() if scope.first_day else None,
            last_day=scope.last_day.isoformat() if scope.last_day else None,
            status=export.status, created_at=instant(export.created_at), created_by=export.created_by,
            trails=export.trails, rows=export.rows, left_out=export.left_out,
            digest=export.digest if is_done else None,
            finished_at=instant(export.finished_at), kept_until=instant(export.kept_until),
        )  # fmt: skip


class ExportFileView(Answer):
    """A link to an export's file."""

    url: str
    file_name: str
    digest: str
    expires_in: Annotated[int, Field(description="Seconds")]

    @classmethod
    def of(cls, link: FileLink) -> Self:
        return cls(url=link.url, file_name=link.file_name, digest=link.digest, expires_in=link.expires_in)
