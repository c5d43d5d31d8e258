"""News of a change, and what follows from it.

A capability that changes something others build on writes a message beside its change, and knows nothing of them. The
table below says who acts on it. Each follower may be cut off anywhere and begun again.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from chalicelib.certificates import service as certificates
from chalicelib.certificates.portfolios.content import Activity
from chalicelib.certificates.portfolios.model import MAX_ACTIVITIES
from chalicelib.circles import service as circles
from chalicelib.credentials import service as credentials
from chalicelib.credentials.kinds import Kind, Loss
from chalicelib.events import service as events
from chalicelib.kernel.call import Call, job_call
from chalicelib.kernel.clock import Clock, from_text
from chalicelib.mentorships import service as mentorships
from chalicelib.people import service as people
from chalicelib.people.model import Parting
from chalicelib.platform import outbox
from chalicelib.platform.commit import commit
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side
from chalicelib.safety import service as safety
from chalicelib.series import service as series
from chalicelib.simulations import service as simulations
from chalicelib.simulations.results.model import SimulationMoment

Follower = Callable[[Call, Mapping[str, Any]], None]


def _relist(call: Call, news: Mapping[str, Any]) -> None:
    programmes.relist(call, news["person_id"])
    mentorships.measured_anew(call, news["person_id"], call.now)


def _rename(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.renamed(call, news["person_id"])


def _close_proposals(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.close_proposals(call, news["programme_id"], Side(news["role"]), news["person_id"])
    circles.look_after_all_of(call, news["person_id"])
    events.left_programme(call, news["programme_id"], Side(news["role"]), news["person_id"])


def _end_verification(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.close_proposals_of_unverified(call, news["person_id"])
    why = mentorships.Why(Loss(news["by"]), from_text(news["at"]))
    kind = Kind(news["kind"]) if "kind" in news else None
    mentorships.verification_ended(call, news["person_id"], why, kind)
    circles.look_after_all_of(call, news["person_id"])
    events.standing_changed(call, news["person_id"])


def _go_on(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.verification_renewed(call, news["person_id"])
    circles.look_after_all_of(call, news["person_id"])
    events.standing_changed(call, news["person_id"])


def _recount(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.recount(call, news["programme_id"], news["programme_version"])


def _carry_on_batch(call: Call, news: Mapping[str, Any]) -> None:
    credentials.carry_on_batch(call, news["organisation_id"], news["batch_id"])


def _carry_on_export(call: Call, news: Mapping[str, Any]) -> None:
    credentials.carry_on_export(call, news["export_id"], news["piece"])


def _explain(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.explain(call, news["proposal_id"], news["mentee_id"])


def _cancel_sessions(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.cancel_sessions(call, news["mentorship_id"])


def _finish(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.cancel_sessions(call, news["mentorship_id"])
    mentorships.list_record(call, news["mentorship_id"])


def _tell_of_undoing(call: Call, news: Mapping[str, Any]) -> None:
    safety.went_on(call, news["mentorship_id"], news["by"], from_text(news["at"]))


def _on_portfolio(kind: str) -> Follower:
    return lambda call, news: certificates.go_on_with_portfolio(
        call, kind, news["holder_id"], news["portfolio_id"], _activities_of
    )


def _activities_of(person_id: str) -> Iterator[Activity]:
    """Yield what somebody took part in that certificates, further down, know nothing of."""
    yield from series.activities_of(person_id, MAX_ACTIVITIES)
    yield from simulations.activities_of(person_id, MAX_ACTIVITIES)
    yield from circles.activities_of(person_id, MAX_ACTIVITIES)
    yield from events.activities_of(person_id, MAX_ACTIVITIES)


def _part(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.part(call, news["blocker"], news["blocked"], Parting(news["then"]))
    circles.look_after_all_of(call, news["blocker"])
    events.parted(call, news["blocker"], news["blocked"])


def _tell_of_mail(call: Call, news: Mapping[str, Any]) -> None:
    mentorships.reach_changed(call, news["person_id"])


def _remind_series(call: Call, news: Mapping[str, Any]) -> None:
    series.remind(call, news["series_id"], news["session_id"], from_text(news["starts_at"]))


def _call_off_session(call: Call, news: Mapping[str, Any]) -> None:
    series.call_off(call, news["series_id"], news["session_id"])


def _settle_session(call: Call, news: Mapping[str, Any]) -> None:
    series.settle(call, news["series_id"], news["session_id"])


def _settle_simulation(call: Call, news: Mapping[str, Any]) -> None:
    simulations.settle(call, news["simulation_id"])
    simulations.award(call, news["simulation_id"])


def _award_series(call: Call, news: Mapping[str, Any]) -> None:
    series.award(call, news["series_id"])


def _award_simulation(call: Call, news: Mapping[str, Any]) -> None:
    simulations.award(call, news["simulation_id"], news["person_id"])


def _remind_recommendations(call: Call, news: Mapping[str, Any]) -> None:
    series.recommendations_near(call, news["series_id"], news["case_id"])


def _remind_simulation(call: Call, news: Mapping[str, Any]) -> None:
    simulations.is_near(call, news["simulation_id"])


def _ask_simulation(call: Call, news: Mapping[str, Any]) -> None:
    simulations.ask(call, news["simulation_id"], SimulationMoment(news["moment"]))


def _form_circles(call: Call, news: Mapping[str, Any]) -> None:
    circles.work_out(call, news["programme_id"], news["forming_id"])


def _make_circles(call: Call, news: Mapping[str, Any]) -> None:
    circles.make(call, news["programme_id"], news["forming_id"])


def _look_after_circle(call: Call, news: Mapping[str, Any]) -> None:
    circles.look_after(call, news["circle_id"])


def _remind_circle(call: Call, news: Mapping[str, Any]) -> None:
    circles.remind(call, news["circle_id"], news["meeting_id"], from_text(news["starts_at"]))


def _tell_of_meeting(call: Call, news: Mapping[str, Any]) -> None:
    circles.tell_of_change(call, news["circle_id"], news["meeting_id"], from_text(news["starts_at"]))


def _settle_circle(call: Call, news: Mapping[str, Any]) -> None:
    circles.settle(call, news["circle_id"], news["meeting_id"])


def _end_circle(call: Call, news: Mapping[str, Any]) -> None:
    circles.over(call, news["circle_id"])


def _replan_event(call: Call, news: Mapping[str, Any]) -> None:
    events.replan(call, news["event_id"], places=news.get("places", False))


def _tell_of_event(call: Call, news: Mapping[str, Any]) -> None:
    events.tell(call, news["event_id"], news["what"], news["number"])


def _remind_event(call: Call, news: Mapping[str, Any]) -> None:
    events.remind(call, news["event_id"], news["starts_at"])


def _close_event(call: Call, news: Mapping[str, Any]) -> None:
    events.close_by_itself(call, news["event_id"])


def _settle_event(call: Call, news: Mapping[str, Any]) -> None:
    events.settle(call, news["event_id"])


FOLLOWERS: Mapping[str, Follower] = {
    people.PERSON_RENAMED: _rename,
    people.PROFILE_CHANGED: _relist,
    people.PAIR_BLOCKED: _part,
    people.MAIL_REACH_CHANGED: _tell_of_mail,
    programmes.ENROLMENT_WITHDRAWN: _close_proposals,
    credentials.STANDING_LOST: _end_verification,
    credentials.STANDING_REGAINED: _go_on,
    credentials.STANDING_WIDENED: _go_on,
    credentials.STANDING_NARROWED: _end_verification,
    programmes.WHAT_COUNTS_CHANGED: _recount,
    credentials.REVIEW_BATCH: _carry_on_batch,
    credentials.TRAIL_EXPORT: _carry_on_export,
    mentorships.MENTOR_ASKED: _explain,
    mentorships.MENTORSHIP_CLOSED: _finish,
    mentorships.MENTORSHIP_HELD: _cancel_sessions,
    mentorships.MENTORSHIP_WENT_ON: _tell_of_undoing,
    series.SESSION_NEAR: _remind_series,
    series.SESSION_OFF: _call_off_session,
    series.MINUTES_FINAL: _settle_session,
    simulations.SIMULATION_CLOSED: _settle_simulation,
    series.SERIES_AWARDED: _award_series,
    series.RECOMMENDATIONS_NEAR: _remind_recommendations,
    simulations.SIMULATION_NEAR: _remind_simulation,
    simulations.ANSWERS_WANTED: _ask_simulation,
    simulations.SIMULATION_EARNED: _award_simulation,
    circles.FORMING_ASKED: _form_circles,
    circles.FORMING_PUBLISHED: _make_circles,
    circles.CIRCLE_STIRRED: _look_after_circle,
    circles.CIRCLE_OVER: _end_circle,
    circles.MEETING_NEAR: _remind_circle,
    circles.MEETING_CHANGED: _tell_of_meeting,
    circles.MINUTES_FINAL: _settle_circle,
    events.EVENT_REPLAN: _replan_event,
    events.EVENT_TOLD: _tell_of_event,
    events.EVENT_NEAR: _remind_event,
    events.EVENT_OVER: _close_event,
    events.EVENT_CLOSED: _settle_event,
    **{kind: _on_portfolio(kind) for kind in certificates.PORTFOLIO_NEWS},
}


def follow_up(message_id: str, now: Clock) -> str | None:
    """Do what follows from one piece of news, if nobody has and it is known.

    Returns
    -------
    str or None
        The kind of news; None where there was nothing to do.

    Raises
    ------
    Exception
        Whatever kept the follower from its work; the message waits for another try.
    """
    claimed = outbox.take(message_id, outbox.Topic.FOLLOW_UP, now=now())
    if claimed is None:
        return None
    call = job_call("follow_up", now())
    with outbox.given_back(claimed, now):
        FOLLOWERS[claimed.kind](call, claimed.payload)
    commit(call, [outbox.done(claimed, now=now())], None)
    return claimed.kind
