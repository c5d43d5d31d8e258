"""How topics grow from moment to moment, without any storage."""

from chalicelib.mentorships.assessments.model import (
    Assessment,
    Growth,
    Moment,
    Standing,
    Topic,
    gaps_of,
    growth_of,
    measure_of,
)
from chalicelib.programmes.model import Side


def said(moment: Moment, *topics: Topic) -> Assessment:
    return Assessment("01M", "01P", Side.MENTEE, moment, topics)


def test_each_topic_stands_side_by_side_however_it_is_spelled() -> None:
    written = {
        Moment.START: said(Moment.START, Topic("Hand  hygiene", 2), Topic("triage", 4)),
        Moment.END: said(Moment.END, Topic("hand hygiene", 5), Topic("teaching", 3)),
    }
    assert growth_of(written) == (
        Growth("hand hygiene", {Moment.START: 2, Moment.END: 5}, 3),
        Growth("teaching", {Moment.END: 3}, None),
        Growth("triage", {Moment.START: 4}, None),
    )
    assert growth_of({}) == ()


def test_growth_is_from_the_first_to_the_last_and_may_be_down() -> None:
    written = {
        moment: said(moment, Topic("triage", level)) for moment, level in zip(Moment, (3, 5, 2), strict=True)
    }
    assert growth_of(written)[0].change == -1


def test_gaps_of_the_latest_become_drafts_up_to_the_top_of_the_scale() -> None:
    gap, strong, wished = (
        Topic("a1", 4, Standing.GAP),
        Topic("b2", 2, Standing.STRENGTH),
        Topic("c3", 1, None, True),
    )
    mastered = Topic("d4", 5, Standing.GAP, True)
    written = {
        Moment.START: said(Moment.START, Topic("old", 1, Standing.GAP)),
        Moment.MIDDLE: said(Moment.MIDDLE, gap, strong, wished, mastered),
    }
    assert gaps_of(written) == (gap, wished)
    assert [measure_of(one, "what", "of 5").target for one in gaps_of(written)] == [5, 3]
