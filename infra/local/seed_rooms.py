"""What the demo cohort does beside pairs: a series that has been running for weeks, a simulation to play now, and
circles and an event (`infra.local.seed_groups`).

All of it goes through the product's own services, each step at the instant at which it would have been taken. So it is
what the services leave, rules and all; what would have been mailed and announced by now is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from chalicelib.attendance.model import MarkKind
from chalicelib.kernel.call import Actor, Call
from chalicelib.kernel.clock import to_text
from chalicelib.people import codes
from chalicelib.platform import tables
from chalicelib.platform.outbox import OutboxRow
from chalicelib.series import service as series
from chalicelib.series.cases import service as cases
from chalicelib.series.cases.model import AgeBand, CaseMove, CaseSection, Form
from chalicelib.series.cases.service import Order
from chalicelib.series.evaluation import service as evaluation
from chalicelib.series.evaluation.model import Phase
from chalicelib.series.inviting import Invitation
from chalicelib.series.model import Entry, Limits, SeriesRole
from chalicelib.series.service import MINUTES_FINAL, Draft
from chalicelib.series.sessions import service as sessions
from chalicelib.series.sessions.model import Move, Session, Template
from chalicelib.series.sessions.service import Wish
from chalicelib.simulations import service as simulated_cases
from chalicelib.simulations.results import service as results
from chalicelib.simulations.results.model import SimulationMoment
from chalicelib.simulations.results.service import Given
from chalicelib.simulations.schemas import CaseDocumentShape
from chalicelib.simulations.sessions import service as simulations
from chalicelib.simulations.sessions.model import DEFAULT_PER_MODERATOR, Question, SimulationRole
from chalicelib.simulations.sessions.service import Plan, Wanted
from infra.local.cohort_shapes import Cohort, DemoPerson
from infra.local.seed_groups import Groups, settled

CASE_FILE = Path(__file__).parent / "cohort_data" / "ketoacidosis.json"
ZONE = "Africa/Nairobi"
MEMBERS = 7
PLAYERS = 4
AT = 15  # on Nairobi's clock
HELD = (15, 8, 1)  # so many days ago
TALKS = ("Keeping the small ones warm", "The newborn who stops breathing", "Feeding before the gut is ready")
NEXT_TALK = "Jaundice without a lamp"
NEXT_IN = 6  # days
ITEMS = (
    "Resuscitate a newborn with bag and mask",
    "Begin and keep up kangaroo mother care",
    "Treat apnoea of prematurity with what there is",
    "Decide whom to refer, and when",
)


_Step = tuple[datetime, str, MarkKind | Move]


class Rooms:
    """What is done in the rooms, by whom of the cohort.

    Parameters
    ----------
    ids
        The id of each person by address.
    """

    def __init__(self, cohort: Cohort, ids: Mapping[str, str], organisation_id: str, now: datetime) -> None:
        signs_in = cohort.sign_ins()
        self._ids, self._now, self._organisation = ids, now, organisation_id
        self._coordinator = ids[signs_in["coordinator"].email]
        self._reviewer = ids[signs_in["reviewer"].email]
        self._mentor = ids[signs_in["mentor"].email]
        self._expert = cohort.mentors[1]
        self._members = cohort.mentees[:MEMBERS]  # the one who signs in is the first
        self._groups = Groups(cohort, ids, organisation_id, now)

    def seed(self) -> dict[str, str]:
        """Do all of it; return where each thing is, by what it is called."""
        with _past_stays_quiet(self._now):
            return {
                "ECHO series": self._series(),
                "SIMBA session": self._simulation(),
                **self._groups.seed(),
            }

    def _by(self, person_id: str, at: datetime) -> Call:
        return Call(at, Actor(person_id))

    def _ago(self, **how: float) -> datetime:
        return self._now - timedelta(**how)

    # The series.

    def _series(self) -> str:
        opened = self._ago(days=25)
        owner = self._by(self._coordinator, opened)
        draft = Draft(
            "Newborn care ECHO",
            "Weekly, for those who care for newborns where there is little: a talk, a case, and what others would do.",
            ZONE,
            Entry.PUBLIC,
            Limits(),
        )
        made = series.create_series(owner, self._organisation, draft).series
        evaluation.set_items(owner, made.id, ITEMS)
        held, following = self._planned(owner, made.id)
        self._people(made.id, owner)
        for n, one in enumerate(self._members):
            before = (3, 2 + n % 2, 2, 3 - n % 2)
            evaluation.answer(
                self._by(self._ids[one.email], self._ago(days=17)), made.id, None, Phase.PRE, before
            )
        self._case_that_was_answered(made.id, held[1])
        for n, session in enumerate(held):
            self._session(made.id, session, n)
        for n, one in enumerate(self._members[:-1]):
            after = (5, 4 + n % 2, 4 - n % 3, 4)
            at = held[-1].planned_end + timedelta(hours=1, minutes=n)
            evaluation.answer(self._by(self._ids[one.email], at), made.id, None, Phase.POST, after)
        self._case_to_come(made.id, following)
        return f"/v1/series/{made.id}"

    def _planned(self, owner: Call, series_id: str) -> tuple[list[Session], Session]:
        """Plan the sessions, in time for each."""
        days = [-one for one in HELD] + [NEXT_IN]
        made: list[Session] = []
        for day, title in zip(days, (*TALKS, NEXT_TALK), strict=True):
            on = (self._now + timedelta(days=day)).date()
            wish = Wish(
                title, on, AT * 60, Template.LOW_RESOURCE, (), "https://meet.example.org/newborn", None
            )
            made += sessions.plan_sessions(owner, series_id, wish)
        return made[:-1], made[-1]

    def _people(self, series_id: str, owner: Call) -> None:
        """The hub's people by invitation, a spoke a country, its people by themselves."""
        hub = (
            Invitation("mentor@example.org", "Hélène", "Marchand", SeriesRole.FACILITATOR, "en"),
            _invitation(self._expert, SeriesRole.EXPERT),
        )
        series.invite(owner, series_id, hub)
        for person_id in (self._mentor, self._ids[self._expert.email]):
            joined = self._by(person_id, self._ago(days=23))
            series.join(joined, series_id, SeriesRole.MEMBER, None)
        sites: dict[str, str] = {}
        for n, one in enumerate(self._members):
            country = codes.country(one.profile["country"])
            assert country is not None  # noqa: S101 - the cohort's own
            if country.alpha2 not in sites:
                site = series.add_site(owner, series_id, f"District hospital, {country.name}", country.alpha2)
                sites[country.alpha2] = site.id
            call = self._by(self._ids[one.email], self._ago(days=22 - n))
            series.join(call, series_id, SeriesRole.MEMBER, sites[country.alpha2])

    def _session(self, series_id: str, session: Session, n: int) -> None:
        """Hold a session, two minutes late: somebody is away, a line drops, one is called to the ward, one shuts the
        lid without leaving."""
        begins = session.starts_at + timedelta(minutes=2)
        ends = begins + timedelta(minutes=session.minutes)
        steps: list[_Step] = []

        def was_there(person_id: str, since: datetime, until: datetime | None) -> None:
            steps.append((since, person_id, MarkKind.JOIN))
            if until is not None:
                steps.append((until, person_id, MarkKind.LEAVE))

        was_there(self._mentor, begins - timedelta(minutes=5), ends)
        was_there(self._ids[self._expert.email], begins, ends)
        for k, one in enumerate(self._members):
            person_id, since = self._ids[one.email], begins + timedelta(minutes=k)
            if k and (k + n) % 4 == 0:
                continue
            if k == 1:
                was_there(person_id, since, begins + timedelta(minutes=20))
                since = begins + timedelta(minutes=26)
            was_there(person_id, since, {2: begins + timedelta(minutes=35), 4: None}.get(k, ends))
        moves = [(begins, Move.BEGIN)]
        for block in session.blocks[:-1]:
            moves.append((moves[-1][0] + timedelta(minutes=block.minutes), Move.NEXT))
        moves += [(ends, Move.END), (ends + timedelta(minutes=40), Move.CLOSE)]
        # Of one instant marks come before moves: who leaves with the last word leaves a session that still runs.
        steps += [(at, self._mentor, move) for at, move in moves]
        for at, who, what in sorted(steps, key=_instant):
            if isinstance(what, MarkKind):
                sessions.mark(self._by(who, at), series_id, session.id, what, "page")
            else:
                sessions.move(self._by(who, at), series_id, session.id, what)
        settled(series.settle, moves[-1][0], series_id, session.id)

    def _case(self, series_id: str, presenter: str, at: datetime, form: Form, session: Session) -> str:
        """Bring a case, have it looked at and put on a session's plan; return its id."""
        case = cases.open_case(self._by(presenter, at), series_id, "neonatology", form.title, None).case
        moves: tuple[tuple[str, CaseMove, Order], ...] = (
            (presenter, CaseMove.SUBMIT, Order()),
            (self._ids[self._expert.email], CaseMove.APPROVE, Order()),
            (self._mentor, CaseMove.SCHEDULE, Order(session_id=session.id)),
        )
        cases.write_case(self._by(presenter, at), series_id, case.id, form)
        for n, (by, move, order) in enumerate(moves, start=1):
            cases.move_case(self._by(by, at + timedelta(hours=n)), series_id, case.id, move, order)
        return case.id

    def _case_that_was_answered(self, series_id: str, session: Session) -> None:
        """A case of the mentee who signs in, talked about in its order, and answered in writing."""
        presenter, member = (self._ids[one.email] for one in self._members[:2])
        expert = self._ids[self._expert.email]
        case_id = self._case(series_id, presenter, session.starts_at - timedelta(days=4), _APNOEA, session)
        at = session.starts_at + timedelta(minutes=25)

        def step(by: str, move: CaseMove, order: Order = Order()) -> None:  # noqa: B008 - frozen
            nonlocal at
            at += timedelta(minutes=2)
            cases.move_case(self._by(by, at), series_id, case_id, move, order)

        for _ in range(3):  # present, summarise, clarify
            step(self._mentor, CaseMove.STEP)
        step(member, CaseMove.SAY, Order(text="How is she kept warm at night, and who watches her then?"))
        step(self._mentor, CaseMove.STEP)
        step(member, CaseMove.SAY, Order(text="Skin to skin day and night, with the grandmother in turn."))
        step(self._mentor, CaseMove.STEP)
        step(
            expert,
            CaseMove.SAY,
            Order(text="Caffeine by mouth is enough; aminophylline where there is none."),
        )
        step(self._mentor, CaseMove.STEP)
        at = session.starts_at + timedelta(days=1)
        later = (self._now + timedelta(days=5)).date()
        step(self._mentor, CaseMove.SIGN, Order(text=_RECOMMENDED, follow_up_on=later))

    def _case_to_come(self, series_id: str, session: Session) -> None:
        presenter = self._ids[self._members[2].email]
        self._case(series_id, presenter, self._ago(days=1, hours=-4), _JAUNDICE, session)

    # The simulation.

    def _simulation(self) -> str:
        """Plan it for later today, with its people in their places and most of them asked."""
        planned = self._by(self._coordinator, self._ago(days=3))
        document = CaseDocumentShape.model_validate_json(CASE_FILE.read_bytes(), strict=True).to_model()
        case = simulated_cases.create_case(planned, self._organisation, document).case
        simulated_cases.publish_case(planned, case.id)
        starts_at = (self._now + timedelta(hours=2)).replace(minute=0, second=0, microsecond=0)
        wanted = Plan(
            "Emergencies at night",
            starts_at,
            (Wanted(case.id, 1, "district"),),
            DEFAULT_PER_MODERATOR,
            engine_answers=True,
            controls=("thyroid storm",),
            questions=(_QUESTION,),
        )
        made = simulations.plan(planned, self._organisation, wanted).simulation
        players = [self._ids[one.email] for one in self._members[:PLAYERS]]
        roles = {
            **dict.fromkeys(players, frozenset({SimulationRole.PARTICIPANT})),
            # Both sign in; a moderator may rate as well.
            self._mentor: frozenset({SimulationRole.MODERATOR, SimulationRole.RATER}),
            self._reviewer: frozenset({SimulationRole.RATER}),
        }
        simulations.add_people(planned, made.id, roles)
        # Whoever signs in as the mentee answers for herself.
        for n, person_id in enumerate(players[1:]):
            given = Given(SimulationMoment.BEFORE, (2 + n % 2, 3), (n % 3,))
            results.answer(self._by(person_id, self._ago(hours=20 - n)), made.id, given)
        return f"/v1/simulations/{made.id}"


def _instant(step: _Step) -> datetime:
    return step[0]


@contextmanager
def _past_stays_quiet(now: datetime) -> Iterator[None]:
    """Leave out messages that were due before now: nobody is mailed what happened weeks ago. What is yet to come stays,
    and so does the news that minutes are final, on which other rooms build without writing to anybody."""
    send, latest = tables.transact, to_text(now)

    def quiet(writes: Sequence[tables.Write], token: str) -> None:
        send([one for one in writes if not _was_due(one, latest)], token)

    tables.transact = quiet  # type: ignore[assignment]
    try:
        yield
    finally:
        tables.transact = send


def _was_due(write: tables.Write, latest: str) -> bool:
    if write.kind != "Put":
        return False
    request = write.request()
    if request["TableName"] != OutboxRow.table_name():
        return False
    item = request["Item"]
    return bool(item["due_at"]["S"] <= latest and item["kind"]["S"] != MINUTES_FINAL)


def _invitation(person: DemoPerson, role: SeriesRole) -> Invitation:
    return Invitation(person.email, person.given_name, person.family_name, role, person.locale)


_APNOEA = Form(
    "A small newborn who stops breathing at night",
    AgeBand.UNDER_1,
    {
        CaseSection.QUESTION: "How do we keep her breathing without monitors at night?",
        CaseSection.SUMMARY: "A girl born some weeks early, of very low weight, stops breathing several times a night.",
        CaseSection.EXAMINATION: "Pink and calm between the pauses, warm, feeds by tube.",
        CaseSection.TREATMENT: "Stimulated each time; antibiotics since the first pause.",
        CaseSection.SETTING: "One nurse at night, oxygen from a concentrator, one pulse oximeter for six beds.",
    },
)
_JAUNDICE = Form(
    "Yellow on the second day, and no lamp",
    AgeBand.UNDER_1,
    {
        CaseSection.QUESTION: "Whom do we send on, and what do we do until they go?",
        CaseSection.SUMMARY: "A boy born at term is yellow down to his legs on the second day and drinks less.",
        CaseSection.SETTING: "No bilirubin is measured here; the next lamp is three hours away.",
    },
)
_RECOMMENDED = (
    "Keep her skin to skin day and night, with somebody awake. Give caffeine by mouth, or aminophylline where there is "
    "none, until she has been without a pause for a week. Keep the one oximeter on her at night. Stop antibiotics if "
    "she stays well and there is no sign of infection."
)
_QUESTION = Question(
    "What comes first in ketoacidosis with low blood pressure?", ("Insulin", "Saline", "Bicarbonate"), 1
)
