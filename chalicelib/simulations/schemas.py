"""Simulated cases on the wire."""

import base64
import binascii
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, ValidationError

from chalicelib.kernel.texts import readable, readable_line
from chalicelib.platform.web.sentences import field_error
from chalicelib.platform.web.shapes import Answer, Body, Query
from chalicelib.series.cases.schemas import TraceView
from chalicelib.simulations.cases import (
    DEFAULT_MINUTES,
    CaseDocument,
    CaseOutcome,
    SimulatedCase,
    TopicKind,
    Voice,
    document_of,
    raw_of,
)
from chalicelib.simulations.service import SeenCase
from chalicelib.simulations.sheets import ReadSheet
from chalicelib.simulations.soundness import problems_of

MAX_FILE_CHARS = 240_000
"""Of a spreadsheet in base 64: 180 kB, which the body of a request can hold."""
_NAME = "abcdefghijklmnopqrstuvwxyz0123456789-_"


def _name(text: str) -> str:
    if not set(text) <= set(_NAME):
        raise ValueError("use small letters a to z, digits, - and _")
    return text


def _https(text: str) -> str:
    if not text.startswith("https://") or any(char.isspace() for char in text):
        raise ValueError("give an address that begins with https://")
    return text


Name = Annotated[
    str,
    AfterValidator(_name),
    Field(min_length=1, max_length=40, description="Small letters a to z, digits, - and _"),
]
Told = Annotated[str, AfterValidator(readable), Field(min_length=1, max_length=1200)]
Long = Annotated[str, AfterValidator(readable), Field(min_length=1, max_length=4000)]
Line = Annotated[str, AfterValidator(readable_line), Field(min_length=1, max_length=120)]
Phrase = Annotated[str, AfterValidator(readable_line), Field(min_length=1, max_length=80)]
Minutes = Annotated[int, Field(ge=1, le=120)]


class SettingShape(Body):
    key: Name
    name: Line


class HintShape(Body):
    """What is told of itself so many minutes after the scene began."""

    after_minutes: Minutes
    text: Told


class TimeOutShape(Body):
    """Where the scene goes of itself so many minutes after it began."""

    after_minutes: Minutes
    leads_to: Name


class WayShape(Body):
    """Where the scene goes once the topic was answered in it."""

    topic: Name
    leads_to: Name


class SceneShape(Body):
    """How the patient is, told when it begins; with an outcome, an end of the case."""

    key: Name
    text: Told
    by: Voice = Voice.NARRATOR
    hints: Annotated[tuple[HintShape, ...], Field(max_length=6)] = ()
    time_out: TimeOutShape | None = None
    ways: Annotated[tuple[WayShape, ...], Field(max_length=20)] = ()
    outcome: Annotated[
        CaseOutcome | None,
        Field(description="`good`: as the model answer has it; `acceptable`: it will do; `harm`"),
    ] = None


class PictureShape(Body):
    """A picture, and the same in words for whoever has a slow line or cannot see it."""

    url: Annotated[str, AfterValidator(_https), Field(max_length=300)]
    text: Annotated[str, AfterValidator(readable), Field(min_length=1, max_length=500)]


class ReplyShape(Body):
    """What is answered; where several hold, one for the scene goes before one for the setting, before one for all."""

    text: Told
    by: Voice = Voice.PATIENT
    scenes: Annotated[tuple[Name, ...], Field(max_length=30, description="Empty: in all")] = ()
    settings: Annotated[tuple[Name, ...], Field(max_length=6, description="Empty: in all")] = ()
    is_available: Annotated[
        bool, Field(description="False for “not available here”: it is told, and no way is taken")
    ] = True
    picture: PictureShape | None = None


class CaseTopicShape(Body):
    """Something to explore, with the words by which it is asked for."""

    key: Name
    kind: TopicKind
    name: Line
    phrases: Annotated[tuple[Phrase, ...], Field(min_length=1, max_length=25)]
    replies: Annotated[tuple[ReplyShape, ...], Field(min_length=1, max_length=10)]
    is_expected: Annotated[bool, Field(description="Who does not explore it has missed something")] = False


class CaseDocumentShape(Body):
    """A simulated case as a branching transcript; docs/simulations.md explains it. It holds nothing of a real patient:
    no name, date, place or number."""

    title: Line
    condition: Annotated[
        Line,
        Field(description="What it is about; confidence is asked for by this, and participants see it last"),
    ]
    language: Annotated[str, Field(min_length=2, max_length=20, description="A language tag, for example en")]
    minutes: Minutes = DEFAULT_MINUTES
    settings: Annotated[tuple[SettingShape, ...], Field(min_length=1, max_length=6)]
    opening: Annotated[Name, Field(description="The scene that it begins with")]
    scenes: Annotated[tuple[SceneShape, ...], Field(min_length=2, max_length=30)]
    topics: Annotated[tuple[CaseTopicShape, ...], Field(min_length=1, max_length=120)]
    model_answer: Long
    learning_points: Annotated[tuple[Told, ...], Field(min_length=1, max_length=12)]

    def to_model(self) -> CaseDocument:
        return document_of(self.model_dump())

    @classmethod
    def of(cls, document: CaseDocument) -> Self:
        return cls.model_validate(raw_of(document))


class CasePublishBody(Body):
    is_anonymised: Annotated[
        Literal[True],
        Field(
            description="That you have read it and nothing in it is of a real patient; who said so is kept"
        ),
    ]


class SimulatedCaseQuery(Query):
    version: Annotated[
        int | None, Field(ge=1, le=99_999, description="A published version; without it, the draft")
    ] = None


class PlaceProblemView(Answer):
    pointer: Annotated[str, Field(description="Where in the document (RFC 6901)")]
    detail: str


class SimulatedCaseSummaryView(Answer):
    id: str
    organisation_id: str
    title: str
    condition: str
    language: str
    published: Annotated[int, Field(description="The latest published version, 0 for none")]

    @classmethod
    def of(cls, case: SimulatedCase) -> Self:
        return cls(**_summary(case))


def _summary(case: SimulatedCase) -> dict[str, Any]:
    return {
        "id": case.id, "organisation_id": case.organisation_id, "title": case.title, "condition": case.condition,
        "language": case.language, "published": case.published,
    }  # fmt: skip


class SimulatedCaseView(SimulatedCaseSummaryView):
    """A case with a document: its draft, or the published version that `version` names."""

    version: int | None
    document: CaseDocumentShape
    problems: Annotated[
        tuple[PlaceProblemView, ...], Field(description="What keeps the document from being played")
    ]
    traces: Annotated[
        tuple[TraceView, ...],
        Field(
            description="What may identify somebody, of a draft; what surely does is refused when it is published"
        ),
    ]

    @classmethod
    def of(cls, seen: SeenCase) -> Self:  # type: ignore[override]
        return cls(
            **_summary(seen.case),
            version=seen.number,
            document=CaseDocumentShape.of(seen.document),
            problems=tuple(PlaceProblemView(pointer=one.pointer, detail=one.detail) for one in seen.problems),
            traces=tuple(
                TraceView.of_finding(place, one) for place, some in seen.traces.items() for one in some
            ),
        )


def _base_64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("send the file in base 64") from error
    return text


class CaseSheetBody(Body):
    file: Annotated[
        str,
        AfterValidator(_base_64),
        Field(
            min_length=1,
            max_length=MAX_FILE_CHARS,
            description="A .csv or .xlsx file in base 64, of 180 kB at most",
        ),
    ]

    def content(self) -> bytes:
        return base64.b64decode(self.file, validate=True)


class CellProblemView(Answer):
    row: Annotated[int | None, Field(description="As the spreadsheet numbers it; null for the whole case")]
    column: str
    detail: str


class CaseSheetView(Answer):
    """What a spreadsheet holds; nothing of it is kept before it is sent as a draft."""

    document: Annotated[
        CaseDocumentShape | None, Field(description="Null where a cell has to be mended before there is one")
    ]
    problems: tuple[CellProblemView, ...]
    notes: Annotated[tuple[str, ...], Field(description="What was assumed of the file")]

    @classmethod
    def of(cls, read: ReadSheet) -> Self:
        problems = [
            CellProblemView(row=one.row, column=one.column, detail=one.detail) for one in read.problems
        ]
        document = None
        try:
            document = CaseDocumentShape.model_validate(read.raw)
        except ValidationError as error:
            wrong = [field_error(one) for one in error.errors(include_url=False)]
        else:
            wrong = list(problems_of(document.to_model()))
        problems += (_at_row(one.pointer, one.detail, read) for one in wrong)
        return cls(document=None if read.problems else document, problems=tuple(problems), notes=read.notes)


def _at_row(pointer: str, detail: str, read: ReadSheet) -> CellProblemView:
    """Return what is wrong with a place of the document at the row that it was read from."""
    place = pointer.lstrip("/")
    whole = place
    while place and place not in read.rows:
        place = place.rpartition("/")[0]
    field = whole.removeprefix(place).strip("/").partition("/")[0] or "text"
    return CellProblemView(row=read.rows.get(place), column=_COLUMN_OF.get(field, field), detail=detail)


_COLUMN_OF = {
    "name": "text", "leads_to": "leads to", "after_minutes": "minutes", "time_out": "leads to", "topic": "key",
    "is_expected": "expected", "is_available": "available", "replies": "what", "model_answer": "text",
}  # fmt: skip
