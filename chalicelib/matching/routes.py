"""Match settings, runs, their review, and a mentee's own reasons over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.matching.errors import (
    MentorFull,
    NotAdmissible,
    NotRetriable,
    NotStoppable,
    RunMoved,
    RunNotHeld,
    RunTooLarge,
    RunUnderWay,
    TooManyChoices,
    WeightsChanged,
    WeightsNotOpen,
)
from chalicelib.platform.web.endpoint import Routes, Who
from chalicelib.programmes.errors import ProgrammeNotRunning

if TYPE_CHECKING:
    from chalicelib.matching import configuring, proposing, review, runs, service
    from chalicelib.matching.configuring import ToldSettings, ToldVersion
    from chalicelib.matching.lessons import WeightProposal
    from chalicelib.matching.review import NamedPair, PairReview
    from chalicelib.matching.runs import MatchRun, RunDetail
    from chalicelib.matching.schemas import MyReasonsQuery, PairChange, PairQuery, RunBody, SettingsBody
    from chalicelib.matching.service import LeftOutPerson, MyReasons
else:
    configuring = later("chalicelib.matching.configuring")
    proposing = later("chalicelib.matching.proposing")
    review = later("chalicelib.matching.review")
    runs = later("chalicelib.matching.runs")
    service = later("chalicelib.matching.service")

routes = Routes(__name__, "Matching")

_SETTINGS = "/v1/programmes/{programme_id}/match-settings"
_RUNS = "/v1/programmes/{programme_id}/match-runs"
_RUN = _RUNS + "/{run_id}"
_PAIR = _RUN + "/pairs/{mentee_id}"
_WEIGHTS = "/v1/programmes/{programme_id}/weight-proposals"
_WEIGHT = _WEIGHTS + "/{weight_proposal_id}"


@routes.endpoint(
    "GET", _SETTINGS, who=Who.COORDINATOR, summary="Read a programme's match settings", answer="SettingsView",
    etag=True,
)  # fmt: skip
def read_match_settings(call: Call, programme_id: str) -> ToldSettings:
    """What was never set has its usual value, under the ETag "0"."""
    return configuring.read_settings(call, programme_id)


@routes.endpoint(
    "PUT", _SETTINGS, who=Who.COORDINATOR, summary="Set a programme's match settings", body="SettingsBody",
    answer="SettingsView", if_match="required",
)  # fmt: skip
def change_match_settings(call: Call, programme_id: str, body: SettingsBody) -> ToldSettings:
    """The next run follows them. What you leave out goes back to its usual value. Where nothing differs, the version
    stays. Each pair that you lock or forbid is
    of a mentee and a mentor who are in the programme, or invited."""
    return configuring.change_settings(call, programme_id, body.to_model())


@routes.endpoint(
    "GET", _SETTINGS + "/history", who=Who.COORDINATOR, summary="List the versions of a programme's match settings",
    answer="SettingsVersionView", paged=True,
)  # fmt: skip
def list_match_settings(call: Call, programme_id: str, page: PageRequest) -> Page[ToldVersion]:
    """The newest first: who set each, when, and what it changed. A run names the version that it followed. A page has
    at most 20."""
    return configuring.list_versions(call, programme_id, page)


@routes.endpoint(
    "POST", _RUNS, who=Who.COORDINATOR, summary="Run a match", body="RunBody", answer="RunView", status=201,
    idempotent=True, errors=(RunUnderWay, ProgrammeNotRunning),
)  # fmt: skip
def start_match_run(call: Call, programme_id: str, body: RunBody) -> MatchRun:
    """The run is queued; read it again to see its progress. One that is held keeps you from it: release or stop it
    first. A dry run proposes nothing; with `settings` it is a what-if, and its `comparison` says what they change: for
    the whole programme as if nobody had been matched yet, or for the very people of an earlier run."""
    return service.start_run(
        call,
        programme_id,
        dry_run=body.dry_run,
        tried=body.tried(),
        people_of=body.people,
        of_run=body.run_id,
    )


@routes.endpoint(
    "GET", _RUNS, who=Who.COORDINATOR, summary="List a programme's match runs", answer="RunView", paged=True
)
def list_match_runs(call: Call, programme_id: str, page: PageRequest) -> Page[MatchRun]:
    """The newest first."""
    return service.list_runs(call, programme_id, page)


@routes.endpoint(
    "GET", _RUN, who=Who.COORDINATOR, summary="Read a match run", answer="RunDetailView", etag=True
)
def read_match_run(call: Call, programme_id: str, run_id: str) -> RunDetail:
    """Progress, and the report once the match is made; of a what-if also what its settings change."""
    return service.read_run(call, programme_id, run_id)


@routes.endpoint(
    "GET", _RUN + "/left-out", who=Who.COORDINATOR, summary="List mentees without a pair", answer="LeftOutView",
    paged=True,
)  # fmt: skip
def list_left_out(call: Call, programme_id: str, run_id: str, page: PageRequest) -> Page[LeftOutPerson]:
    """With the reasons, the most telling first. None tells of a block, a decline or a wish."""
    return service.list_left_out(call, programme_id, run_id, page)


@routes.endpoint(
    "GET",
    _RUN + "/pairs",
    who=Who.COORDINATOR,
    summary="List the pairs of a run",
    answer="PairView",
    paged=True,
)
def list_pairs(call: Call, programme_id: str, run_id: str, page: PageRequest) -> Page[NamedPair]:
    """By mentee and round, with your changes in a run that is held. A page has at most 50."""
    return review.list_pairs(call, programme_id, run_id, page)


@routes.endpoint(
    "GET", _PAIR, who=Who.COORDINATOR, summary="Read a mentee's pair and its alternatives", query="PairQuery",
    answer="PairReviewView", etag=True, errors=(RunTooLarge,),
)  # fmt: skip
def read_pair(call: Call, programme_id: str, run_id: str, mentee_id: str, query: PairQuery) -> PairReview:
    """For runs of a programme with `publish: review`, but for those made in parts. The ETag is the run's."""
    return review.read_pair(call, programme_id, run_id, runs.Slot(mentee_id, query.round))


@routes.endpoint(
    "PATCH", _PAIR, who=Who.COORDINATOR, summary="Give a mentee another mentor", body="PairChange", query="PairQuery",
    answer="PairReviewView", if_match="required",
    errors=(RunNotHeld, RunMoved, RunTooLarge, NotAdmissible, MentorFull, TooManyChoices),
)  # fmt: skip
def change_pair(
    call: Call, programme_id: str, run_id: str, mentee_id: str, body: PairChange, query: PairQuery
) -> PairReview:
    """One of the mentee's options, while the run is held. Send the ETag of the run, or of any of its pairs."""
    return review.choose(call, programme_id, run_id, runs.Slot(mentee_id, query.round), body.mentor_id)


@routes.endpoint(
    "DELETE", _PAIR, who=Who.COORDINATOR, summary="Take a pair out of a held run", query="PairQuery", status=204,
    if_match="required", errors=(RunNotHeld, RunMoved, RunTooLarge, TooManyChoices),
)  # fmt: skip
def remove_pair(call: Call, programme_id: str, run_id: str, mentee_id: str, query: PairQuery) -> MatchRun:
    """The mentee gets no proposal from this round, unless you give them another mentor."""
    return review.remove(call, programme_id, run_id, runs.Slot(mentee_id, query.round))


@routes.endpoint(
    "POST", _RUN + "/release", who=Who.COORDINATOR, summary="Propose the pairs of a held run", answer="RunView",
    idempotent=True, errors=(RunNotHeld, RunMoved, ProgrammeNotRunning),
)  # fmt: skip
def release_match_run(call: Call, programme_id: str, run_id: str) -> MatchRun:
    """As they stand now. Again, it changes nothing. A held run that nobody has changed for six days gives way to the
    schedule's next one: it is `superseded` then, and nothing of it is proposed."""
    return review.release(call, programme_id, run_id)


@routes.endpoint(
    "POST", _RUN + "/stop", who=Who.COORDINATOR, summary="Stop a run", answer="RunView",
    idempotent=True, errors=(NotStoppable,),
)  # fmt: skip
def stop_match_run(call: Call, programme_id: str, run_id: str) -> MatchRun:
    """One that is queued, at work or held: nothing of it is proposed, and the programme is free for another run. Not
    one whose pairs are becoming proposals. Again, it changes nothing."""
    return review.stop(call, programme_id, run_id)


@routes.endpoint(
    "POST", _RUN + "/retry", who=Who.COORDINATOR, summary="Take up a failed run again", answer="RunView",
    idempotent=True, errors=(RunMoved, NotRetriable, RunUnderWay, ProgrammeNotRunning),
)  # fmt: skip
def retry_match_run(call: Call, programme_id: str, run_id: str) -> MatchRun:
    """One that is made in parts, for 24 hours after it began: it goes on from what is done, with the people of then.
    Whoever has left since is not proposed."""
    return service.retry_run(call, programme_id, run_id)


@routes.endpoint(
    "GET", "/v1/me/match-reasons", who=Who.PERSON, summary="Read why you have no proposal", query="MyReasonsQuery",
    answer="MyReasonsView",
)  # fmt: skip
def my_match_reasons(call: Call, query: MyReasonsQuery) -> MyReasons:
    """What the last match of a programme came to for you as a mentee."""
    return service.my_reasons(call, query.programme_id)


@routes.endpoint(
    "GET", _WEIGHTS, who=Who.COORDINATOR, summary="List what outcomes teach about the weights",
    answer="WeightProposalView", paged=True,
)  # fmt: skip
def list_weight_proposals(call: Call, programme_id: str, page: PageRequest) -> Page[WeightProposal]:
    """One a month, the newest first, also where there is too little data or nothing better. None is in force unless
    you accept it."""
    return proposing.list_weight_proposals(call, programme_id, page)


@routes.endpoint(
    "POST", _WEIGHT + "/accept", who=Who.COORDINATOR, summary="Accept proposed weights",
    answer="WeightProposalView", idempotent=True, errors=(WeightsNotOpen, WeightsChanged),
)  # fmt: skip
def accept_weights(call: Call, programme_id: str, weight_proposal_id: str) -> WeightProposal:
    """They become the programme's weights, and the next run follows them. Refused if the weights were changed since.
    Again, it changes nothing."""
    return proposing.accept_weights(call, programme_id, weight_proposal_id)


@routes.endpoint(
    "POST", _WEIGHT + "/dismiss", who=Who.COORDINATOR, summary="Dismiss proposed weights",
    answer="WeightProposalView", idempotent=True, errors=(WeightsNotOpen,),
)  # fmt: skip
def dismiss_weights(call: Call, programme_id: str, weight_proposal_id: str) -> WeightProposal:
    """The weights stay as they are. Again, it changes nothing."""
    return proposing.dismiss_weights(call, programme_id, weight_proposal_id)
