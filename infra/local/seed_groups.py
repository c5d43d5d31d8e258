"""Circles and a speed event of the demo cohort: two circles that the engine forms, one with a mentor and one of peers,
and an event of next week with its timetable.

Through the services, as the rooms are; who takes part is chosen from the cohort by what they seek and speak, so that
on any day the engine comes to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from chalicelib.attendance.model import MarkKind
from chalicelib.circles import service as circles
from chalicelib.circles.meetings import service as meetings
from chalicelib.circles.meetings.model import MeetingMove
from chalicelib.circles.meetings.service import MeetingStep, MeetingWish, SeenMeeting
from chalicelib.circles.model import Circle, CirclePlan, CircleRole, FormingMove
from chalicelib.circles.service import GivenPlace
from chalicelib.credits.errors import ActivityMoved
from chalicelib.events import meeting as event_questions
from chalicelib.events import placing as event_places
from chalicelib.events import service as events
from chalicelib.events.model import Plan
from chalicelib.events.service import EventMove
from chalicelib.kernel.call import Actor, Call, job_call
from chalicelib.kernel.pages import PageRequest
from chalicelib.kernel.tries import again
from chalicelib.kernel.zones import instant_at
from chalicelib.matching.formation import Countries
from chalicelib.people.model import Weekday
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Cadence, Role, Side
from infra.local.cohort_cast import unmatchable
from infra.local.cohort_shapes import Cohort, DemoPerson

SEEKERS = 8
EVENT_MENTORS = 5
EVENT_MENTEES = 8
EVENT_IN = 5  # days
EVENT_AT = time(18)  # on Zurich's clock, where the demo organisation is
ZONE = "Europe/Zurich"
WRITING, METHODS = "scientific writing", "research methods"
WELL = ("B2", "C1", "C2")


def settled(settle: Callable[[Call, str, str], None], at: datetime, room_id: str, session_id: str) -> None:
    """Have what came of a closed session or meeting kept: by the news of its end this happens as well, now or at the
    same moment."""
    again(
        lambda: settle(job_call("demo", at), room_id, session_id), ActivityMoved,
        busy="What came of it is being written elsewhere.",
    )  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Who takes part beside the demo sign-ins, by what they seek, offer and speak well.

    Attributes
    ----------
    writers, lead
        Who seek a circle on scientific writing in French, and the mentor whom the engine finds for them.
    peers
        Who seek one on research methods in English.
    mentors, mentees
        Of the event.
    """

    writers: tuple[DemoPerson, ...]
    lead: DemoPerson
    peers: tuple[DemoPerson, ...]
    mentors: tuple[DemoPerson, ...]
    mentees: tuple[DemoPerson, ...]

    def everybody(self) -> set[str]:
        """Return their addresses."""
        return {one.email for one in (*self.writers, self.lead, *self.peers, *self.mentors, *self.mentees)}


def cast(cohort: Cohort) -> Cast:
    """Return who takes part; always the first of the cohort who fit."""
    odd = {one.email for one in unmatchable()}
    mentees = [one for one in cohort.mentees if not one.signs_in_as and one.email not in odd]
    verified = [one for one in cohort.mentors if any(each.state == "verified" for each in one.credentials)]
    leads = (
        one
        for one in verified
        if not one.signs_in_as and WRITING in one.profile["topics_offered"] and _speaks(one, "fr")
    )
    return Cast(
        _first(SEEKERS, (one for one in mentees if WRITING in _sought(one) and _speaks(one, "fr"))),
        next(leads),
        _first(SEEKERS, (one for one in mentees if METHODS in _sought(one) and _speaks(one, "en"))),
        _first(EVENT_MENTORS, (one for one in verified if _is_in_main(one) and _speaks(one, "fr", "en"))),
        _first(EVENT_MENTEES, (one for one in mentees if _is_in_main(one) and _speaks(one, "en"))),
    )


def _first(count: int, people: Iterable[DemoPerson]) -> tuple[DemoPerson, ...]:
    return tuple(one for one, _ in zip(people, range(count), strict=False))


def _sought(person: DemoPerson) -> Sequence[str]:
    return person.profile["topics_sought"]  # type: ignore[no-any-return]


def _speaks(person: DemoPerson, *languages: str) -> bool:
    known = {one["language"].partition("-")[0] for one in person.profile["languages"] if one["level"] in WELL}
    return known.issuperset(languages)


def _is_in_main(person: DemoPerson) -> bool:
    return person.enrolment is not None and "main" in person.enrolment.programmes


class Groups:
    """The circles and the event, by whom of the cohort.

    Parameters
    ----------
    ids
        The id of each person by address.
    """

    def __init__(self, cohort: Cohort, ids: Mapping[str, str], organisation_id: str, now: datetime) -> None:
        signs_in = cohort.sign_ins()
        self._ids, self._now, self._organisation = ids, now, organisation_id
        self._coordinator, self._mentor, self._mentee = (
            ids[signs_in[role].email] for role in ("coordinator", "mentor", "mentee")
        )
        self._cast = cast(cohort)

    def seed(self) -> dict[str, str]:
        """Do all of it; return where each thing is, by what it is called."""
        programme_id = self._programme()
        led = self._circle_with_a_mentor(programme_id)
        peers = self._circle_of_peers(programme_id, but=led.id)
        return {
            "circle with a mentor": f"/v1/circles/{led.id}",
            "circle of peers": f"/v1/circles/{peers.id}",
            "speed event": f"/v1/events/{self._event()}",
        }

    def _by(self, person_id: str, at: datetime) -> Call:
        return Call(at, Actor(person_id))

    def _ago(self, **how: float) -> datetime:
        return self._now - timedelta(**how)

    # Circles.

    def _programme(self) -> str:
        """Open a programme for circles, in which somebody can be in two: no place of the pairs' is taken."""
        fields = {
            "name": "Circles on research",
            "description": "Small groups who bring a study from its question to a paper.",
            "cadence": Cadence.MANUAL,
            "mentee_places": 2,
        }
        opened = self._by(self._coordinator, self._ago(days=29))
        return programmes.create_programme(opened, self._organisation, fields).id

    def _enrol(self, programme_id: str, role: Role, people: Iterable[str], at: datetime) -> None:
        for n, person_id in enumerate(people):
            call = self._by(person_id, at + timedelta(minutes=n))
            programmes.enrol(call, programme_id, person_id, role, None)

    def _formed(self, programme_id: str, plan: CirclePlan, at: datetime, but: str | None = None) -> Circle:
        """Plan circles, have the engine form them, and publish; return the one that it formed."""
        circles.set_plan(self._by(self._coordinator, at), programme_id, plan)
        asked = circles.move_forming(self._by(self._coordinator, at), programme_id, FormingMove.FORM)
        circles.work_out(job_call("demo", at), programme_id, asked.forming.id)
        at += timedelta(hours=1)
        looking = self._by(self._coordinator, at)
        seen = circles.read_forming(looking, programme_id, PageRequest(1))
        circles.move_forming(replace(looking, if_match=seen.version), programme_id, FormingMove.PUBLISH)
        circles.make(job_call("demo", at), programme_id, asked.forming.id)
        found = circles.circles_in(self._by(self._coordinator, at), programme_id, PageRequest(10)).items
        (circle,) = (one.circle for one in found if one.circle.id != but)
        return circle

    def _people_of(self, circle: Circle, role: CircleRole, at: datetime) -> list[str]:
        seen = circles.read_circle(self._by(self._coordinator, at), circle.id)
        return [one.place.person_id for one in seen.people if one.place.role is role]

    def _circle_with_a_mentor(self, programme_id: str) -> Circle:
        """A circle on scientific writing in French, six weeks long: the mentor whom the engine found cannot after all,
        the one who signs in steps in, and the mentee who signs in takes a free seat. One meeting was held."""
        ids, at = self._ids, self._ago(days=28)
        self._enrol(
            programme_id, Role.MENTEE, [self._mentee, *(ids[p.email] for p in self._cast.writers)], at
        )
        self._enrol(programme_id, Role.MENTOR, [ids[self._cast.lead.email]], at)
        plan = CirclePlan(
            programme_id, leads=1, topics=(WRITING,), meetings=3, countries=Countries.MIXED
        )  # fmt: skip
        circle = self._formed(programme_id, plan, self._ago(days=26))
        for n, one in enumerate(self._people_of(circle, CircleRole.MEMBER, self._ago(days=25))):
            circles.take_place(self._by(one, self._ago(days=25, hours=-n)), circle.id)
        at = self._ago(days=24)
        circles.give_up_place(self._by(ids[self._cast.lead.email], at), circle.id)
        circles.look_after(job_call("demo", at), circle.id)  # it is held, with a task for the coordinator
        self._enrol(programme_id, Role.MENTOR, [self._mentor], self._ago(days=23))
        for person_id, role, reason in (
            (self._mentor, CircleRole.LEAD, "She steps in: she teaches writing, in French."),
            (self._mentee, CircleRole.MEMBER, "She asked for a seat: Saturdays suit her this term."),
        ):
            given = GivenPlace("add", person_id, reason, role)
            circles.give_place(self._by(self._coordinator, self._ago(days=22)), circle.id, given)
            circles.take_place(self._by(person_id, self._ago(days=21)), circle.id)
        circles.look_after(job_call("demo", self._ago(days=21)), circle.id)  # somebody leads: it goes on
        held, following, *_ = self._planned(circle)
        self._hold(circle.id, held)
        self._agenda(
            circle.id,
            following,
            self._ago(hours=30),
            ((self._mentee, "Our audit of preterm babies: what is the question?", 20),
             (self._mentor, "A title and an abstract in one sentence each", 15)),
        )  # fmt: skip
        return circle

    def _planned(self, circle: Circle) -> tuple[SeenMeeting, ...]:
        """Plan the meetings at the hour that the engine found, so that the first was held and the second is to come."""
        assert circle.meets is not None  # noqa: S101 - the engine's own
        day = self._ago(days=6, hours=2).date()
        while list(Weekday)[day.weekday()] is not circle.meets.weekday:
            day -= timedelta(days=1)
        wish = MeetingWish(
            day, circle.meets.start, circle.meets.zone, link="https://meet.example.org/writing"
        )
        return meetings.plan(self._by(self._mentor, self._ago(days=20)), circle.id, wish)

    def _agenda(
        self, circle_id: str, seen: SeenMeeting, at: datetime, items: Sequence[tuple[str, str, int]]
    ) -> None:
        for n, (person_id, title, minutes) in enumerate(items):
            step = MeetingStep(MeetingMove.ADD_ITEM, title=title, minutes=minutes)
            call = self._by(person_id, at + timedelta(minutes=n))
            meetings.act(call, circle_id, seen.meeting.id, step)

    def _hold(self, circle_id: str, seen: SeenMeeting) -> None:
        """Hold a meeting, a minute late: one comes late, one's line drops, one is away."""
        meeting = seen.meeting
        begins = meeting.starts_at + timedelta(minutes=1)
        ends = begins + timedelta(minutes=meeting.minutes)
        people = circles.read_circle(self._by(self._mentor, begins), circle_id).people
        on_duty = {seen.turns.presenter_id, seen.turns.host_id, self._mentee, self._mentor}
        others = [one.place.person_id for one in people if one.place.person_id not in on_duty]
        late, away = others[0], others[-1]
        presenter = seen.turns.presenter_id or self._mentee
        self._agenda(
            circle_id, seen, begins - timedelta(days=2),
            ((presenter, "My draft: methods and a first table", 25), (self._mentor, "Which journal, and why", 15)),
        )  # fmt: skip
        steps: list[tuple[datetime, str, MarkKind | MeetingMove]] = [
            (begins, self._mentor, MeetingMove.BEGIN),
            (ends, self._mentor, MeetingMove.END),
            (ends + timedelta(hours=1), self._mentor, MeetingMove.CLOSE),
        ]
        for person_id in (one.place.person_id for one in people):
            if person_id == away:
                continue
            since = begins + timedelta(minutes=12 if person_id == late else -2)
            steps.append((since, person_id, MarkKind.JOIN))
            if person_id == presenter:
                dropped = begins + timedelta(minutes=33)
                steps += [(dropped, person_id, MarkKind.LEAVE),
                          (dropped + timedelta(minutes=4), person_id, MarkKind.JOIN)]  # fmt: skip
            steps.append((ends, person_id, MarkKind.LEAVE))
        # Of one instant marks come before moves, as in the rooms.
        for at, who, what in sorted(steps, key=lambda one: (one[0], isinstance(one[2], MeetingMove))):
            if isinstance(what, MarkKind):
                meetings.mark(self._by(who, at), circle_id, meeting.id, what, "page")
            else:
                meetings.act(self._by(who, at), circle_id, meeting.id, MeetingStep(what))
        settled(circles.settle, ends + timedelta(hours=1), circle_id, meeting.id)

    def _circle_of_peers(self, programme_id: str, but: str) -> Circle:
        """A circle of peers on research methods, who chair in turn; its last seat waits for the mentee who signs in."""
        at = self._ago(days=11)
        self._enrol(programme_id, Role.MENTEE, (self._ids[p.email] for p in self._cast.peers), at)
        plan = CirclePlan(programme_id, leads=0, topics=(METHODS,), meetings=3, countries=Countries.MIXED)
        circle = self._formed(programme_id, plan, self._ago(days=10), but)
        members = self._people_of(circle, CircleRole.MEMBER, self._ago(days=9))
        for n, one in enumerate(members):
            circles.take_place(self._by(one, self._ago(days=8, hours=-n)), circle.id)
        assert circle.meets is not None  # noqa: S101 - the engine's own
        zone, first = circle.meets.zone, (self._now + timedelta(days=2)).date()
        while list(Weekday)[first.weekday()] is not circle.meets.weekday:
            first += timedelta(days=1)
        wish = MeetingWish(first, circle.meets.start, zone, link="https://meet.example.org/methods")
        planned = meetings.plan(self._by(members[0], self._ago(days=7)), circle.id, wish)
        self._agenda(
            circle.id, planned[0], self._ago(days=2), ((members[1], "Is my sample large enough?", 20),)
        )  # fmt: skip
        given = GivenPlace(
            "add", self._mentee, "She seeks research methods, too, and wants to practise English."
        )
        circles.give_place(self._by(self._coordinator, self._ago(days=1)), circle.id, given)
        return circle

    # The event.

    def _event(self) -> str:
        """Five mentors for ten minutes each, published yesterday: all seats are taken, and one waits."""
        planned = self._ago(days=6)
        starts_at = instant_at(datetime.combine(self._event_day(), EVENT_AT), ZONE)
        plan = Plan(
            "Five mentors in an hour", starts_at, ZONE, EVENT_MENTORS, EVENT_MENTEES,
            link="https://meet.example.org/speed",
        )  # fmt: skip
        event_id = events.plan(self._by(self._coordinator, planned), self._main(), plan).event.id
        by_side = (
            (Side.MENTEE, (self._mentee, *(self._ids[one.email] for one in self._cast.mentees))),
            (Side.MENTOR, tuple(self._ids[one.email] for one in self._cast.mentors)),
        )
        for side, people in by_side:
            for n, person_id in enumerate(people):
                call = self._by(person_id, self._ago(days=4, minutes=-n))
                event_places.take(call, event_id, {person_id: side}, waits=True)
        for n, (person_id, asked) in enumerate(zip(by_side[0][1], _QUESTIONS, strict=False)):
            event_questions.ask(self._by(person_id, self._ago(days=2, minutes=-n)), event_id, asked)
        published = self._by(self._coordinator, self._ago(days=1))
        events.move(published, event_id, EventMove.PUBLISH, None, "")
        return event_id

    def _event_day(self) -> date:
        return (self._now + timedelta(days=EVENT_IN)).date()

    def _main(self) -> str:
        """Return the programme in which all of them are."""
        found = programmes.my_enrolments(self._by(self._mentee, self._now), PageRequest(10)).items
        running = programmes.get_programmes([one.programme_id for one in found])
        return next(one.id for one in running.values() if one.cadence is Cadence.NIGHTLY)


_QUESTIONS = (
    ("How do you find the question in an audit that is done?", "Who reads a first draft, and when?"),
    ("What would you have liked to know before your first fellowship?",),
    ("How do you teach at the bedside with forty patients waiting?",),
)
