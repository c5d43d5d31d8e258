"""Registers and checks on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field

from chalicelib.credentials.registries.checks import CheckSeen
from chalicelib.credentials.registries.loading import LoadSeen
from chalicelib.credentials.registries.loads import Load, LoadStatus, Order
from chalicelib.credentials.registries.manual import ManualCheck
from chalicelib.credentials.registries.model import Answer as RegisterAnswer
from chalicelib.credentials.registries.model import Means, Outcome, State
from chalicelib.credentials.registries.name_views import NameComparisonView
from chalicelib.credentials.registries.reasons import SENTENCES
from chalicelib.credentials.registries.register_files import Columns, DayOrder
from chalicelib.credentials.schemas import AuthorityId, Day
from chalicelib.kernel.texts import readable_line
from chalicelib.platform.web.shapes import Answer, Body, Identifier, Instant, Line, instant


def _moment(text: str) -> str:
    try:
        if datetime.fromisoformat(text).tzinfo is not None:
            return text
    except ValueError:
        pass
    raise ValueError("write a moment with its offset, for example 2026-11-22T09:00:00Z")


Moment = Annotated[
    str,
    AfterValidator(_moment),
    Field(max_length=40, json_schema_extra={"format": "date-time"}, examples=["2026-11-22T09:00:00Z"]),
]
PageAddress = Annotated[str, AfterValidator(readable_line), Field(min_length=1, max_length=2000)]


class ColumnsBody(Body):
    """Which heading of the file means what; headings are compared without regard to case."""

    number: Line
    names: Annotated[
        tuple[Line, ...],
        Field(min_length=1, max_length=5, description="Whose cells make up the name, in this order"),
    ]
    status: Line | None = None
    valid_until: Line | None = None
    current: Annotated[
        tuple[Line, ...],
        Field(max_length=50, description="Words of the status column by which somebody may practise"),
    ] = ()
    not_current: Annotated[
        tuple[Line, ...], Field(max_length=50, description="Those by which they may not")
    ] = ()
    listed_is_current: Annotated[
        bool, Field(description="For a file without a status that lists only who may practise")
    ] = False
    day_order: DayOrder = DayOrder.YMD
    digits: Annotated[
        int | None, Field(ge=2, le=20, description="Fill shorter numbers up with noughts to so many digits")
    ] = None


class RegisterBody(Body):
    authority_id: AuthorityId
    as_of: Annotated[Day, Field(description="The day of which the file tells, as the authority says")]
    columns: ColumnsBody
    accepts_fewer: Annotated[
        bool, Field(description="That it has less than half of the entries of the one before is right")
    ] = False

    def to_model(self) -> Order:
        columns = Columns(**self.columns.model_dump())
        return Order(self.authority_id, columns, self.as_of, self.accepts_fewer)


class AskRegisterBody(Body):
    authority_id: Annotated[
        AuthorityId | None,
        Field(
            description="Whose register is to be asked; may be left out where the claim names its authority"
        ),
    ] = None


class ManualBody(Body):
    address: Annotated[PageAddress, Field(description="Of the page that you saw, over https")]
    seen_at: Moment
    outcome: Outcome
    name: Annotated[Line | None, Field(description="As the register shows it")] = None
    status: Annotated[Line | None, Field(description="As the register shows it")] = None
    state: Annotated[State, Field(description="What that status comes to")] = State.UNKNOWN
    evidence_id: Annotated[
        Identifier | None, Field(description="A copy of the page among the evidence, if you kept one")
    ] = None
    revision: Annotated[
        int | None,
        Field(
            ge=1, le=1_000_000,
            description="The wording of the claim that you had before you; by default the one that stood at `seen_at`",
        ),
    ] = None  # fmt: skip

    def to_model(self) -> ManualCheck:
        return ManualCheck(
            self.address,
            datetime.fromisoformat(self.seen_at),
            self.outcome,
            self.name,
            self.status,
            self.state,
            self.evidence_id,
        )


class RegisterUploadView(Answer):
    """An HTML form POST to `url`: the fields as they are, then the file as `file`."""

    url: str
    fields: dict[str, str]
    max_bytes: int
    expires_in: int


class RegisterProblemView(Answer):
    row: Annotated[int, Field(description="As a spreadsheet shows it")]
    column: str | None
    reason: str


class RegisterView(Answer):
    """One file of a register."""

    id: str
    organisation_id: str
    authority_id: str
    as_of: Annotated[str, Field(json_schema_extra={"format": "date"})]
    status: LoadStatus
    created_by: str
    created_at: Instant
    finished_at: Instant | None
    entries: Annotated[int | None, Field(description="That the file has; null until it has been read")]
    entries_done: int
    bad_rows: int | None
    notes: tuple[str, ...]
    failure: str | None

    @classmethod
    def of(cls, load: Load) -> Self:
        return cls.model_validate(_load_fields(load))


class RegisterSeenView(RegisterView):
    problems: Annotated[
        tuple[RegisterProblemView, ...], Field(description="Of the bad rows, the first two hundred")
    ]
    upload: Annotated[
        RegisterUploadView | None, Field(description="Where the file goes, as long as it is waited for")
    ]

    @classmethod
    def of(cls, seen: LoadSeen) -> Self:  # type: ignore[override]
        fields = {**_load_fields(seen.load), "problems": seen.load.problems, "upload": seen.upload}
        return cls.model_validate(fields)


class RegisterLicenceView(Answer):
    what: str
    number: str | None
    of: Annotated[str | None, Field(description="The state or body that it is of")]
    is_primary: bool


class RegisterEntryView(Answer):
    """What a register holds under the number."""

    number: str
    names: tuple[str, ...]
    is_person: bool
    status: Annotated[str | None, Field(description="In the register's own words")]
    state: State
    licences: Annotated[
        tuple[RegisterLicenceView, ...],
        Field(description="As told to the register; it may not have checked them"),
    ]
    valid_until: Annotated[str | None, Field(json_schema_extra={"format": "date"})]


class CheckView(Answer):
    id: str
    credential_id: str
    revision: Annotated[int, Field(description="The wording of the claim that was asked about")]
    is_current: Annotated[
        bool,
        Field(
            description="Whether that is the wording of now. What a register said of an earlier one is no check of this"
        ),
    ]
    means: Means
    authority_id: str | None
    address: str | None
    seen_at: Instant | None
    evidence_id: str | None
    asked_by: str
    asked_at: Instant
    answered_at: Instant | None
    outcome: Annotated[Outcome | None, Field(description="Null until the register has answered")]
    reason: Annotated[str | None, Field(description="A stable code: why there is nothing to see")]
    reason_text: str | None
    as_of: Annotated[str | None, Field(json_schema_extra={"format": "date"})]
    entry: RegisterEntryView | None
    comparison: NameComparisonView | None

    @classmethod
    def of(cls, seen: CheckSeen) -> Self:
        return cls.model_validate(_check_fields(seen))


class ChecksView(Answer):
    items: tuple[CheckView, ...]

    @classmethod
    def of(cls, checks: tuple[CheckSeen, ...]) -> Self:
        return cls(items=tuple(CheckView.of(one) for one in checks))


def _load_fields(load: Load) -> dict[str, Any]:
    return {
        "id": load.id, "organisation_id": load.organisation_id, "authority_id": load.order.authority_id,
        "as_of": load.order.as_of.isoformat(), "status": load.status, "created_by": load.created_by,
        "created_at": instant(load.created_at), "finished_at": instant(load.finished_at), "entries": load.entries,
        "entries_done": load.next_entry, "bad_rows": load.bad_rows, "notes": load.notes, "failure": load.failure,
    }  # fmt: skip


def _check_fields(seen: CheckSeen) -> dict[str, Any]:
    check, manual = seen.check, seen.check.manual
    return {
        "id": check.id, "credential_id": check.credential_id, "revision": check.revision,
        "is_current": seen.is_current, "means": check.means,
        "authority_id": check.authority_id, "address": manual.address if manual else None,
        "seen_at": instant(manual.seen_at) if manual else None,
        "evidence_id": manual.evidence_id if manual else None,
        "asked_by": check.asked_by, "asked_at": instant(check.asked_at), "answered_at": instant(check.answered_at),
        **_answer_fields(check.answer),
    }  # fmt: skip


def _answer_fields(answer: RegisterAnswer | None) -> dict[str, Any]:
    if answer is None:
        return dict.fromkeys(("outcome", "reason", "reason_text", "as_of", "entry", "comparison"))
    entry = answer.entry
    shown = None
    if entry is not None:
        shown = {
            "number": entry.number, "names": entry.names, "is_person": entry.is_person, "status": entry.status,
            "state": entry.state, "licences": entry.licences, "valid_until": _day(entry.valid_until),
        }  # fmt: skip
    return {
        "outcome": answer.outcome, "reason": answer.reason,
        "reason_text": SENTENCES.get(answer.reason) if answer.reason else None,
        "as_of": _day(answer.as_of), "entry": shown, "comparison": answer.comparison,
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
