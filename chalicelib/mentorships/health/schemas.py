"""Health on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.mentorships.health.model import Finding, HealthReason, HealthState
from chalicelib.mentorships.health.service import ListedHealth, SeenHealth
from chalicelib.mentorships.health.wording import to_coordinators, to_the_two
from chalicelib.mentorships.model import Card
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.platform.web.shapes import Answer, Instant, Query, instant


class HealthQuery(Query):
    state: Annotated[
        HealthState | None, Field(description="Those of one state; by default all, red first")
    ] = None


class HealthReasonView(Answer):
    """Something that is amiss."""

    reason: HealthReason
    state: HealthState
    since: Instant
    figure: Annotated[
        int | None,
        Field(description="Days without a session, a goal or a signature; sessions missed; goals overdue"),
    ]
    sentence: Annotated[
        str, Field(description="In the reader's language; coordinators read another than the two")
    ]

    @classmethod
    def of_finding(cls, finding: Finding, seen: SeenHealth) -> Self:
        say = to_coordinators if seen.side is None else to_the_two
        return cls(
            reason=finding.reason, state=finding.state, since=instant(finding.since), figure=finding.figure,
            sentence=say(finding, seen.locale),
        )  # fmt: skip


class MentorshipHealthView(Answer):
    mentorship_id: str
    status: MentorshipStatus
    state: Annotated[
        HealthState | None,
        Field(description="Null for a mentorship that is paused, closing or closed: nothing is asked of it"),
    ]
    reasons: tuple[HealthReasonView, ...]

    @classmethod
    def of(cls, seen: SeenHealth) -> Self:
        return cls(
            mentorship_id=seen.mentorship_id, status=seen.status, state=seen.state,
            reasons=tuple(HealthReasonView.of_finding(one, seen) for one in seen.findings),
        )  # fmt: skip


class HealthPersonView(Answer):
    person_id: str
    name: str

    @classmethod
    def of_card(cls, card: Card) -> Self:
        return cls(person_id=card.person_id, name=card.name)


class ListedHealthView(Answer):
    """A mentorship with its health as of the last look."""

    mentorship_id: str
    mentor: HealthPersonView
    mentee: HealthPersonView
    status: MentorshipStatus
    state: HealthState
    since: Annotated[Instant, Field(description="From when on it has been in this state")]
    reasons: Annotated[
        tuple[HealthReason, ...], Field(description="Read the mentorship's health for the sentences")
    ]
    looked_at: Annotated[Instant, Field(description="Daily while something is amiss, at least weekly else")]

    @classmethod
    def of(cls, listed: ListedHealth) -> Self:
        mentorship, record = listed.mentorship, listed.record
        return cls(
            mentorship_id=mentorship.id, mentor=HealthPersonView.of_card(mentorship.mentor),
            mentee=HealthPersonView.of_card(mentorship.mentee), status=listed.status,
            state=record.state or HealthState.GREEN, since=instant(record.since), reasons=record.reasons,
            looked_at=instant(record.looked_at),
        )  # fmt: skip


class HealthCountsView(Answer):
    """How many mentorships of a programme are in each state."""

    red: int
    amber: int
    green: int

    @classmethod
    def of(cls, counts: dict[HealthState, int]) -> Self:
        return cls(**{state.value: number for state, number in counts.items()})
