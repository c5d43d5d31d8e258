"""What activities come to: rounding, caps, teaching, overlap and feedback, by the rules of the day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.credits import assessing, model, rules
from chalicelib.credits.assessing import CreditReason, Entry, Line
from chalicelib.credits.errors import CreditClaimed, NoRuleOfDay, RuleNotAhead
from chalicelib.credits.model import Activity, Claim, Part, Presented, Rounding, Rule, Scheme, Source
from chalicelib.kernel.intervals import Interval, seconds_of, united

MORNING = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)
AMA, EACCME = rules.known()["ama_pra"], rules.known()["eaccme"]
R = CreditReason


def span(since: float, until: float) -> Interval:
    """Return a stretch in minutes of the morning."""
    return Interval(MORNING + timedelta(minutes=since), MORNING + timedelta(minutes=until))


def activity(
    n: int, learned: tuple[Interval, ...] = (), presented: tuple[Presented, ...] = (), **more: Any
) -> Activity:
    stretches = [*learned, *(one.when for one in presented)]
    starts_at = min((one.starts_at for one in stretches), default=MORNING)
    source = Source("series-session", f"{n:03}")
    known = Activity(
        "amina", source, "hub", "Heart failure", Part.LEARNER, starts_at, starts_at.date(), "Etc/UTC",
        seconds_of(united(stretches)), learned, presented, (source,),
    )  # fmt: skip
    return replace(known, **more)


def under(scheme: str, one: Activity, *, feedback: bool = True) -> Entry:
    return Entry(replace(one, claim=Claim(scheme, MORNING)), feedback)


def assessed(*entries: Entry, own: Scheme | None = None) -> list[Line]:
    return list(assessing.assess(entries, {**rules.known(), **({own.id: own} if own else {})}))


def come_to(line: Line) -> tuple[int, tuple[CreditReason, ...]]:
    return line.hundredths, line.reasons


# AMA PRA.


@pytest.mark.parametrize(
    ("minutes", "hundredths"),
    [(60, 100), (50, 75), (52, 75), (52.5, 100), (53, 100), (7, 0), (7.5, 25), (90, 150), (480, 800), (0, 0)],
)
def test_ama_gives_a_credit_an_hour_to_the_nearest_quarter(minutes: float, hundredths: int) -> None:
    (line,) = assessed(under("ama_pra", activity(1, (span(0, minutes),)), feedback=False))
    assert line.hundredths == hundredths
    assert (R.ROUNDED in line.reasons) is (minutes * 100 != hundredths * 60)


def test_ama_gives_two_an_hour_presented_and_nothing_for_attending_the_same_session() -> None:
    talk = (Presented(span(10, 40), "talk"),)
    (line,) = assessed(under("ama_pra", activity(1, (span(0, 10), span(40, 60)), talk)))
    assert come_to(line) == (100, (R.TAUGHT,))
    assert (line.learned_seconds, line.presented_seconds) == (0, 1800)


def test_ama_gives_a_talk_once_however_often_it_is_repeated() -> None:
    once = activity(1, (), (Presented(span(0, 30), "talk"),))
    again = activity(2, (span(90, 120),), (Presented(span(60, 90), "talk"), Presented(span(120, 150), "new")))
    first, second = assessed(under("ama_pra", again), under("ama_pra", once))
    assert come_to(first) == (100, ())
    assert come_to(second) == (100, (R.TAUGHT, R.REPEATED)), "the new talk alone, and no attending beside"
    alone = assessed(Entry(once, True), under("ama_pra", again))
    assert come_to(alone[1]) == (200, (R.TAUGHT,)), "what was not claimed was not given"


def test_breaks_and_greetings_are_told_and_not_counted() -> None:
    (line,) = assessed(under("ama_pra", activity(1, (span(0, 45),), attended=3600)))
    assert come_to(line) == (75, (R.NOT_EDUCATIONAL,))


# EACCME.


def test_eaccme_gives_halves_for_whole_half_hours_once_feedback_is_given() -> None:
    entry = under("eaccme", activity(1, (span(0, 89),)), feedback=False)
    assert come_to(*assessed(entry)) == (0, (R.FEEDBACK_MISSING,))
    assert come_to(*assessed(replace(entry, has_feedback=True))) == (100, (R.ROUNDED,))


def test_eaccme_gives_eight_a_day_and_nothing_for_teaching() -> None:
    day = [under("eaccme", activity(n, (span(200 * n, 200 * n + 180),))) for n in range(3)]
    assert [come_to(one) for one in assessed(*day)] == [
        (300, ()),
        (300, ()),
        (200, (R.CAPPED,)),
    ]
    talk = activity(9, (span(0, 30),), (Presented(span(30, 90), "talk"),))
    assert come_to(*assessed(under("eaccme", talk))) == (0, (R.TAUGHT, R.TEACHING_NOT_COUNTED))


@pytest.mark.parametrize(
    ("day", "hundredths"), [(date(2015, 12, 31), 100), (date(2016, 1, 1), None), (date(2023, 6, 1), 150)]
)
def test_what_was_on_a_day_is_judged_by_the_rule_of_that_day(day: date, hundredths: int | None) -> None:
    one = activity(1, (span(0, 100),), day=day)
    if hundredths is None:
        with pytest.raises(NoRuleOfDay):
            model.claimed(one, EACCME, MORNING)
        assert come_to(*assessed(under("eaccme", one))) == (0, (R.NO_RULE,))
    else:
        assert assessed(under("eaccme", one))[0].hundredths == hundredths


def test_every_rule_that_is_known_says_where_and_when_it_was_read() -> None:
    for scheme in rules.known().values():
        days = [one.valid_from for one in scheme.rules]
        assert days == sorted(set(days))
        for one in scheme.rules:
            assert "http" in one.source
            assert one.read_on is not None


# One moment, one claim.


def test_minutes_of_two_sessions_at_once_count_in_the_one_that_began_first() -> None:
    early, late = activity(1, (span(0, 60),)), activity(2, (span(30, 120),))
    lines = assessed(under("eaccme", late), under("ama_pra", early))
    assert [come_to(one) for one in lines] == [(100, ()), (100, (R.OVERLAPPING,))]
    assert come_to(assessed(under("eaccme", late), Entry(early, True))[1]) == (150, ()), (
        "what is not claimed takes none"
    )


def test_fractions_of_seconds_are_no_overlap() -> None:
    rule = Rule(date(2000, 1, 1), faculty_percent=100, teaching_excludes_learning=False)
    half = span(0, 30 + 0.5 / 60), span(40, 70 + 0.5 / 60)
    one = activity(1, half[:1], (Presented(half[1], "talk"),))
    (line,) = assessed(under("own", one), own=Scheme("own", "Points", (rule,), "hub"))
    assert line.hundredths == 100
    assert R.OVERLAPPING not in line.reasons


def test_teaching_that_gives_nothing_takes_no_minutes_from_what_began_later() -> None:
    own = Scheme("own", "Points", (Rule(date(2000, 1, 1), faculty_percent=0),), "hub")
    taught = under("own", activity(1, (), (Presented(span(0, 60), "talk"),)))
    first, second = assessed(taught, under("ama_pra", activity(2, (span(30, 90),))), own=own)
    assert come_to(first) == (0, (R.TEACHING_NOT_COUNTED,))
    assert come_to(second) == (100, ())


def test_a_claim_stays_and_another_scheme_is_refused() -> None:
    one = model.claimed(activity(1, (span(0, 60),)), AMA, MORNING)
    assert model.claimed(one, AMA, MORNING + timedelta(days=1)) == one
    with pytest.raises(CreditClaimed):
        model.claimed(one, EACCME, MORNING)


def test_a_statement_has_a_year_and_tells_what_counts_under_another_scheme() -> None:
    this, that = activity(1, (span(0, 60),)), activity(2, (span(60, 120),))
    newer = activity(3, (span(120, 180),), day=date(2027, 1, 1))
    lines = assessed(
        under("ama_pra", this), under("eaccme", that), under("ama_pra", newer), Entry(newer, True)
    )
    whole = assessing.statement("amina", 2026, lines)
    assert [(one.scheme_id, one.hundredths) for one in whole.sums] == [("ama_pra", 100), ("eaccme", 100)]
    alone = assessing.statement("amina", 2026, lines, "eaccme")
    assert [come_to(one) for one in alone.lines] == [(0, (R.CLAIMED_ELSEWHERE,)), (100, ())]
    assert [(one.scheme_id, one.hundredths) for one in alone.sums] == [("eaccme", 100)]


# Schemes of organisations.


def test_a_further_rule_begins_on_a_day_that_has_begun_nowhere() -> None:
    today = date(2026, 12, 2)
    scheme = model.with_rule(Scheme("own", "Points", (), "hub"), Rule(date(2020, 1, 1)), today)
    for day in (date(2019, 1, 1), date(2020, 1, 1), today):
        with pytest.raises(RuleNotAhead):
            model.with_rule(scheme, Rule(day), today)
    both = model.with_rule(scheme, Rule(date(2026, 12, 3), date(2026, 12, 31)), today)
    held = [both.rule_of(one) for one in (date(2019, 12, 31), today, date(2026, 12, 31), date(2027, 1, 1))]
    assert held == [None, both.rules[0], both.rules[1], None]


def test_an_organisation_s_scheme_takes_what_it_held_alone() -> None:
    one = activity(1, (span(0, 60),))
    assert AMA.takes(one)
    assert Scheme("own", "Points", (), "hub").takes(one)
    assert not Scheme("own", "Points", (), "another").takes(one)


# What always holds.

RULES = st.builds(
    Rule,
    valid_from=st.just(date(2000, 1, 1)),
    minutes_per_credit=st.integers(1, 120),
    steps_per_credit=st.sampled_from([1, 2, 4, 5, 10, 20]),
    rounding=st.sampled_from(Rounding),
    daily_maximum=st.none() | st.integers(1, 8),
    needs_feedback=st.booleans(),
    faculty_percent=st.none() | st.integers(0, 300),
    teaching_excludes_learning=st.booleans(),
    teaching_once=st.booleans(),
)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    found = []
    for n in range(draw(st.integers(1, 6))):
        edges = sorted(draw(st.sets(st.integers(0, 600), min_size=4, max_size=4)))
        learned, taught = span(edges[0], edges[1]), span(edges[2], edges[3])
        presented = (Presented(taught, f"talk {draw(st.integers(0, 1))}"),) if draw(st.booleans()) else ()
        one = activity(n, (learned,), presented)
        claim = draw(st.sampled_from(["ama_pra", "eaccme", "own", None]))
        found.append(under(claim, one, feedback=draw(st.booleans())) if claim else Entry(one, False))
    return found


@settings(max_examples=120, deadline=None)
@given(entries(), RULES, st.randoms())
def test_no_minute_counts_twice_no_day_has_more_than_its_most_and_the_order_of_claims_is_nothing(
    found: list[Entry], rule: Rule, chance: Any
) -> None:
    own = Scheme("own", "Points", (rule,), "hub")
    lines = assessed(*found, own=own)
    counted = [one for line in lines for one in (*line.learned, *line.presented)]
    assert sum(one.seconds for one in counted) == seconds_of(united(counted))
    of_day: dict[Any, int] = {}
    for line in lines:
        if line.rule is None or line.activity.claim is None:
            assert line.hundredths == 0
            continue
        worth = Fraction(line.learned_seconds) + Fraction(
            line.presented_seconds * (line.rule.faculty_percent or 0), 100
        )
        exact = worth * 100 / (60 * line.rule.minutes_per_credit)
        most = exact + Fraction(line.rule.step, 2) if line.rule.rounding is Rounding.NEAREST else exact
        assert line.hundredths <= most
        key = (line.activity.claim.scheme_id, line.activity.day, line.rule.daily_maximum)
        of_day[key] = of_day.get(key, 0) + line.hundredths
    assert all(most is None or sum_ <= most * 100 for (_, _, most), sum_ in of_day.items())
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert assessed(*shuffled, own=own) == lines


@settings(max_examples=60, deadline=None)
@given(RULES, st.integers(0, 100_000), st.integers(0, 100_000))
def test_what_is_not_rounded_away_is_less_than_a_step(rule: Rule, learned: int, presented: int) -> None:
    given_ = rule.rounded(learned, presented)
    worth = Fraction(learned) + Fraction(presented * (rule.faculty_percent or 0), 100)
    off = worth * 100 / (60 * rule.minutes_per_credit) - given_
    low = -Fraction(rule.step, 2) if rule.rounding is Rounding.NEAREST else Fraction(0)
    assert low <= off < (Fraction(rule.step, 2) if rule.rounding is Rounding.NEAREST else rule.step)
    assert given_ % rule.step == 0
