"""Rosters on the wire."""

from typing import Annotated, Any, Self

from pydantic import Field

from chalicelib.platform.web.shapes import Answer, Body, Instant, Line, Query, instant
from chalicelib.programmes.model import Side
from chalicelib.rosters.imports import MAX_COLUMN_MAP, ImportStatus, Order, RosterImport
from chalicelib.rosters.model import RowProblem
from chalicelib.rosters.service import ImportSeen, TemplateFormat, TemplateLink


class ImportBody(Body):
    filename: Annotated[Line, Field(examples=["mentors 2026.xlsx"])]
    role: Annotated[
        Side | None,
        Field(description="What the whole file is of; by default each row says it in its role column"),
    ] = None
    column_map: Annotated[
        dict[Line, Line],
        Field(
            max_length=MAX_COLUMN_MAP,
            description="From headings of the file to columns of a roster, or to `ignore`",
            examples=[{"Service e-mail": "email", "Remarks": "ignore"}],
        ),
    ] = {}  # noqa: RUF012 - pydantic copies it
    validate_only: Annotated[bool, Field(description="Report what would be done, and do none of it")] = False

    def to_model(self) -> Order:
        return Order(self.filename, self.role, dict(self.column_map), self.validate_only)


class UploadView(Answer):
    """An HTML form POST to `url`: the fields as they are, then the file as `file`."""

    url: str
    fields: dict[str, str]
    max_bytes: int
    expires_in: int


class CountsView(Answer):
    """How many rows came out how, or would with `validate_only`."""

    invited: int
    enrolled: int
    changed: int
    unchanged: int
    refused: int


class HeadingView(Answer):
    heading: str
    reason: str
    nearest: Annotated[str | None, Field(description="The column that it looks like")]
    fatal: Annotated[bool, Field(description="No row can be read until this is mended")]


class ImportView(Answer):
    id: str
    programme_id: str
    status: ImportStatus
    filename: str
    role: Side | None
    validate_only: bool
    created_by: str
    created_at: Instant
    finished_at: Instant | None
    rows: Annotated[int | None, Field(description="Of the file, good and bad; null until it has been read")]
    rows_done: int
    counts: CountsView
    problems: Annotated[int, Field(description="How many; `…/problems` lists them")]
    problems_kept: Annotated[int, Field(description="How many of them can be read")]
    headings: list[HeadingView]
    notes: list[str]
    failure: str | None

    @classmethod
    def of(cls, roster: RosterImport) -> Self:
        return cls.model_validate(_fields(roster))


class ImportSeenView(ImportView):
    upload: Annotated[
        UploadView | None, Field(description="Where the file goes, as long as it is waited for")
    ]

    @classmethod
    def of(cls, seen: ImportSeen) -> Self:  # type: ignore[override]
        return cls.model_validate({**_fields(seen.roster), "upload": seen.upload})


class ProblemView(Answer):
    row: Annotated[int, Field(description="As a spreadsheet shows it")]
    column: str | None
    reason: str
    value_excerpt: Annotated[
        str | None, Field(description="Of codes and the like; never what names a person")
    ]

    @classmethod
    def of(cls, problem: RowProblem) -> Self:
        return cls.model_validate(problem)


class TemplateQuery(Query):
    role: Side
    format: TemplateFormat = TemplateFormat.XLSX


class TemplateView(Answer):
    url: str
    file_name: str
    media_type: str
    expires_in: int

    @classmethod
    def of(cls, link: TemplateLink) -> Self:
        return cls.model_validate(link)


def _fields(roster: RosterImport) -> dict[str, Any]:
    return {
        "id": roster.id, "programme_id": roster.programme_id, "status": roster.status,
        "filename": roster.order.filename, "role": roster.order.role, "validate_only": roster.order.validate_only,
        "created_by": roster.created_by, "created_at": instant(roster.created_at),
        "finished_at": instant(roster.finished_at), "rows": roster.rows, "rows_done": roster.counts.done,
        "counts": roster.counts, "problems": roster.problems, "problems_kept": roster.problems_kept,
        "headings": list(roster.headings), "notes": list(roster.notes), "failure": roster.failure,
    }  # fmt: skip
