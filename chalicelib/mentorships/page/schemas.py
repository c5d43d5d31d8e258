"""The page of a pair on the wire."""

from typing import Annotated, Self

from pydantic import Field

from chalicelib.mentorships.agreements.schemas import AgreementView
from chalicelib.mentorships.closing.model import held_of
from chalicelib.mentorships.closing.schemas import HeldView
from chalicelib.mentorships.goals.schemas import GoalView
from chalicelib.mentorships.page.service import MOST_SESSIONS, SeenPage
from chalicelib.mentorships.schemas import MentorshipFields, mentorship_fields
from chalicelib.mentorships.sessions.schemas import AgendaView, SessionView
from chalicelib.people.schemas import MailStoppedView
from chalicelib.platform.web.shapes import Answer
from chalicelib.programmes.model import Side


class PageSessionsView(Answer):
    held: Annotated[int, Field(description="In how many the two have met, as far as both agree")]
    minutes: Annotated[int, Field(description="For how long together")]
    ahead: Annotated[
        tuple[SessionView, ...],
        Field(
            description=f"What is not over yet, the next first, {MOST_SESSIONS} at most; cancelled ones are not told"
        ),
    ]
    past: Annotated[
        tuple[SessionView, ...], Field(description=f"What is over, the last first, {MOST_SESSIONS} at most")
    ]


class PageClosingView(Answer):
    """The closing conversation, which has an address of its own."""

    offered: Annotated[bool, Field(description="The mentorship is closing, and nobody says that it was held")]
    held: HeldView | None
    shared_by: Annotated[
        tuple[Side, ...], Field(description="Who lets the other read their answers; empty to coordinators")
    ]

    @classmethod
    def of_page(cls, page: SeenPage) -> Self:
        shared = [one.side for one in page.closing if one.is_shared and not page.seen.for_coordinator]
        return cls(
            offered=page.is_closing_offered, held=HeldView.of_held(held_of(page.closing)), shared_by=tuple(shared)
        )  # fmt: skip


class MentorshipPageView(MentorshipFields):
    """A mentorship with all that the page of a pair shows."""

    agreement: Annotated[
        AgreementView | None,
        Field(description="Null while nobody has opened it: its first reading makes the draft"),
    ]
    goals: Annotated[
        tuple[GoalView, ...], Field(description="Open ones first, the soonest due first; then the others")
    ]
    sessions: PageSessionsView
    agenda: Annotated[AgendaView | None, Field(description="For the two alone; null to coordinators")]
    closing: PageClosingView
    mail_stopped: Annotated[
        dict[Side, MailStoppedView],
        Field(description="To coordinators: to whom of the two nothing is mailed. To the two it is empty"),
    ]

    @classmethod
    def of(cls, page: SeenPage) -> Self:
        return cls(
            **mentorship_fields(page.seen),
            agreement=AgreementView.of(page.agreement) if page.agreement is not None else None,
            goals=tuple(GoalView.of(one) for one in page.goals),
            sessions=PageSessionsView(
                held=page.held.sessions, minutes=page.held.minutes,
                ahead=tuple(SessionView.of(one) for one in page.ahead),
                past=tuple(SessionView.of(one) for one in page.past),
            ),
            agenda=AgendaView.of(page.agenda) if page.agenda is not None else None,
            closing=PageClosingView.of_page(page),
            mail_stopped={side: MailStoppedView.of(stop) for side, stop in page.mail_stops.items()},
        )  # fmt: skip
