"""A run's report in words: what matters first, tables cut with how many others there are, numbers of the data."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.matching.comparison_wording import group_name
from chalicelib.matching.comparisons import Instead
from chalicelib.matching.engine import comparing, run_match
from chalicelib.matching.model import (
    MILLION,
    Basis,
    Comparison,
    GroupShare,
    Load,
    LockedMiss,
    LockedMissCount,
    Objective,
    ObjectiveOutcome,
    OneMore,
    Outcome,
    PeopleOf,
    Protected,
    Reason,
    ReasonCount,
    Rule,
    Shortage,
    WantedMentor,
)
from chalicelib.matching.report_wording import SHOWN, SHOWN_SHORTAGES, Topic, summary
from chalicelib.matching.shortage_wording import shortage_text
from chalicelib.people.model import Channel, Weekday, Window
from chalicelib.words.catalogues import languages
from chalicelib.words.formats import Formats
from tests.matching.pools import mentee, mentor, random_pool, skills, snapshot

LANGUAGES = sorted(languages())
ENGLISH, FRENCH = Formats("en"), Formats("fr")


def small():
    """Three mentees, of whom one speaks what nobody does, and one mentor with two places."""
    mentees = [mentee("a"), mentee("b"), mentee("c", languages=skills(("fr", "C1")), country="SN")]
    return run_match(
        snapshot(mentees, [mentor(entry={"capacity_left": 2}), mentor("n", country=None)])
    ).report


REPORT = small()


def told(report=REPORT, comparison=None, formats=ENGLISH):
    return {one.about: list(one.sentences) for one in summary(report, comparison, formats)}


def test_the_result_is_told_first_and_in_numbers():
    assert told()[Topic.RESULT][:3] == [
        "The match found a mentor for 2 of 3 mentees (67%); without one: 1.",
        "Mentors open for matching: 1; their places: 2, of which still free: 0.",
        "Mentors who could not take part: 1. Why: profile incomplete (1).",
    ]
    assert told()[Topic.LEFT_OUT] == ["1 mentee: no shared language at the level that is needed."]
    assert list(told()) == [topic for topic in Topic if topic is not Topic.COMPARISON and topic in told()]


def test_the_same_in_french():
    assert told(formats=FRENCH)[Topic.RESULT][0] == (
        "L’appariement a trouvé un mentor pour 2 personnes sur 3 (67\u00a0%)\u00a0; sans mentor\u00a0: 1."
    )
    assert told(formats=FRENCH)[Topic.LEFT_OUT] == [
        "1 personne\u00a0: aucune langue commune au niveau requis."
    ]


def test_a_run_with_nobody_says_so():
    nobody = run_match(snapshot([], [])).report
    assert told(nobody) == {
        Topic.RESULT: [
            "No mentee was open for matching.",
            "Mentors open for matching: 0; their places: 0, of which still free: 0.",
        ]
    }


def test_what_the_settings_did_is_told_where_they_did_something():
    found = replace(
        REPORT, locked_pairs=3, locked_made=2, rules_off=(Rule.TIME, Rule.CHANNEL), candidates_cut=True,
        admissible_pairs=1_500_000, candidate_pairs=30_000, gap=3_210,
    )  # fmt: skip
    sentences = told(found)[Topic.RESULT]
    for one in (
        "Pairs that you had locked: 3, of which could be made: 2.",
        "Rules that the programme does without: time in common and a shared way to meet.",
        "Each person’s best pairs were compared: 30,000 of 1,500,000 possible ones.",
        "The total score is at most 0.3% below the best that any choice among these pairs could reach.",
    ):
        assert one in sentences
    # For another objective the bound is loose, and would be taken for a loss.
    stable = told(replace(found, objective=Objective.STABLE))[Topic.RESULT]
    assert not any("below the best" in one for one in stable)


def test_pairs_of_several_rounds_are_told_round_by_round():
    mentees = [mentee(name, entry={"places_left": 2}) for name in "ab"]
    mentors = [mentor(name, entry={"capacity_left": 2}) for name in "mn"]
    report = run_match(snapshot(mentees, mentors, rounds=2)).report
    assert "Pairs in all: 4, round by round: 2 and 2." in told(report)[Topic.RESULT]


def shares(many, matched=0):
    return tuple(GroupShare(tag, n, matched) for n, tag in enumerate(LANGUAGE_TAGS[:many], start=2))


LANGUAGE_TAGS = ("en", "fr", "es", "ar", "sw", "pt", "de", "it", "ru")


@pytest.mark.parametrize(
    ("many", "end"), [(SHOWN, "English 2 of 2."), (SHOWN + 1, "and 1 other."), (9, "and 3 others.")]
)
def test_languages_stand_by_how_many_are_left_out_and_are_cut(many, end):
    (sentence, _) = told(replace(REPORT, languages=shares(many)))[Topic.LANGUAGES]
    assert sentence.endswith(end)
    counts = [int(one) for one in re.findall(r"(\d+) of", sentence)]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) == min(many, SHOWN)


def test_a_language_in_which_everybody_has_a_mentor_is_no_shortage():
    everybody = replace(REPORT, languages=(GroupShare("en", 4, 4),))
    assert Topic.LANGUAGES not in told(everybody)


def test_groups_stand_by_their_share_under_their_names():
    groups = (GroupShare("low", 10, 5), GroupShare("high", 4, 4), GroupShare("not_classified", 2, 0))
    outcome = ObjectiveOutcome(Objective.TOTAL, 9, 900, 0, groups)
    fair = replace(outcome, objective=Objective.FAIR, pairs=1, loss=12_345)
    found = told(replace(REPORT, objectives=(outcome, fair)))
    assert found[Topic.GROUPS] == [
        "Mentees with a mentor, the smallest share first: not known 0% (0 of 2); low-income countries 50% (5 of 10); "
        "high-income countries 100% (4 of 4)."
    ]
    assert found[Topic.OBJECTIVES] == [
        "Highest total score (as your programme chooses): 9 pairs; smallest share of a group 0% (not known).",
        "Fair, raising the smallest share of any group: 1 pair; total score 1.2% below the highest; smallest share of "
        "a group 0% (not known).",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("protected", "groups"),
    [
        (Protected.INCOME_GROUP, ("low", "lower_middle", "upper_middle", "high")),
        (Protected.COUNTRY, ("KE", "SN")),
        (Protected.CAREER_STAGE, ("student", "early", "mid", "senior", "retired")),
        (Protected.PROFESSION, ("2221", "2211", "student")),
    ],
)
def test_each_protected_group_has_a_name(protected, groups, language):
    names = {group_name(one, protected, Formats(language)) for one in (*groups, "not_classified")}
    assert len(names) == len(groups) + 1
    assert not any("_" in one or one.isdigit() for one in names)


def test_mentors_are_counted_by_their_load():
    found = told(replace(REPORT, loads=(Load(0, 2), Load(1, 30), Load(2, 4))))
    assert found[Topic.MENTORS] == [
        "Mentors by how many mentees this match gives them: 30 with 1; 4 with 2; 2 with none."
    ]


WANTED = WantedMentor(
    "cardiology", "fr", (Channel.VIDEO, Channel.CHAT), "Africa/Abidjan",
    (Window(Weekday.TUESDAY, 1050, 1170), Window(Weekday.SATURDAY, 600, 720)),
)  # fmt: skip
ROW = Shortage("cardiology", "fr", 0, 3, 7, 32, 0, OneMore(1, 400_000), 5, WANTED)


def test_a_shortage_says_where_and_who_one_more_would_have_to_be():
    assert shortage_text(ROW, ENGLISH).replace("\u202f", " ") == (
        "Cardiology, French, clocks between UTC and UTC+3: 7 mentees without a mentor. The mentors who fit have 32 "
        "places, all of them taken. One more mentor who speaks French and works in this field (Cardiology) would fit "
        "5 of them and bring one more pair in all, if free each week at these times (Abidjan time): Tuesday, 5:30 pm "
        "to 7:30 pm; Saturday, 10:00 am to 12:00 pm. Ways to meet that were counted on: video call and chat."
    )
    assert shortage_text(ROW, FRENCH).startswith(
        "Cardiologie, français, heure locale entre UTC et UTC+3\u00a0: 7 personnes sans mentor. Les mentors qui "
        "conviennent ont 32 places, toutes prises. Un mentor de plus, parlant français"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"specialty": None, "utc_from": -6, "utc_before": -3},
            "French, clocks between UTC\u22126 and UTC\u22123: 7",
        ),
        ({"places": 1}, "The mentors who fit have 1 place, which is taken."),
        ({"places": 0}, "No open mentor of that kind fits any of them."),
        ({"places_left": 1}, "The mentors who fit have 32 places; still free: 1."),
        ({"left_out": 1, "would_fit": 1}, "would bring one more pair in all, if free each week"),
        ({"would_fit": 0, "one_more": OneMore(0, 0)}, "would bring no further pair, even if free each week"),
        ({"wanted": replace(WANTED, hours=())}, "these mentees are free for too short a time."),
        ({"one_more": None, "would_fit": None, "wanted": None}, "32 places, all of them taken."),
        (
            {"left_out": 5_000, "looked_at": 2_000},
            "This is counted on 2,000 of these mentees: for all of them, more",
        ),
        ({"wanted": replace(WANTED, channels=tuple(Channel))}, "10:00\u202fam to 12:00\u202fpm."),
    ],
)
def test_a_shortage_says_what_is_so(changes, words):
    assert words in shortage_text(replace(ROW, **changes), ENGLISH)


def test_long_tables_of_shortages_are_cut():
    rows = tuple(replace(ROW, left_out=n) for n in range(9, 1, -1))
    sentences = told(replace(REPORT, shortage_by_specialty=rows))[Topic.SPECIALTIES]
    # What holds for all rows is said once.
    assert sentences[SHOWN_SHORTAGES:] == [
        "Ways to meet that were counted on: video call and chat.",
        "A further pair may serve somebody of another group, since others may move to the new mentor.",
        "And 3 other groups.",
    ]
    assert f"{sentences[0]} {sentences[SHOWN_SHORTAGES]}" == shortage_text(rows[0], ENGLISH)
    other = replace(rows[1], wanted=replace(WANTED, channels=(Channel.CHAT,)), one_more=OneMore(0, 0))
    each = told(replace(REPORT, shortage_by_specialty=(rows[0], other)))[Topic.SPECIALTIES]
    assert each[:2] == [shortage_text(one, ENGLISH) for one in (rows[0], other)]
    assert told(replace(REPORT, shortage_by_specialty=(other,)))[Topic.SPECIALTIES] == [
        shortage_text(other, ENGLISH)
    ]


def test_what_if_is_told_against_the_settings_before_and_the_last_run():
    groups, whole = (GroupShare("early", 10, 5), GroupShare("student", 4, 4)), GroupShare("all", 14, 9)
    before = Outcome(9, 3_000_000, 333_333, whole, (), groups)
    tried = Outcome(8, 2_900_000, 362_500, whole, (), (GroupShare("early", 10, 6), groups[1]))
    found = Comparison(
        tried, before, Outcome(84, 29_000_000, 345_238, whole, (), run_id="r0"), Protected.CAREER_STAGE,
        same_mentor=5, other_mentor=1, gained=2, lost=3, pairs_kept=5, pairs_gained=3, pairs_lost=4,
        basis=Basis(PeopleOf.LAST_RUN, "r0", mentees_gone=2, mentors_gone=1), changed=("/rounds", "/weights/goals"),
    )  # fmt: skip
    assert told(comparison=found)[Topic.COMPARISON] == [
        "Compared are the people of the last run that made pairs, as it found them.",
        "3 of them have left since, and are counted nowhere.",
        "Only 14 of these mentees are open for matching: too few to judge settings by.",
        "Try the settings on the whole programme.",
        "Settings that you tried otherwise than they were, as the API names them: rounds; weights.goals.",
        "Pairs with the settings that you tried: 8; with those before: 9.",
        "Mentees who would have a mentor only with the settings tried: 2; only with those before: 3; with both, "
        "the same mentor: 5; with both, another one: 1.",
        "Pairs that would stay: 5; that would come: 3; that would go: 4.",
        "By the settings before, the total score would be 3.3% lower.",
        "Shares of mentees with a mentor that would change: early career from 50% to 60%.",
        "That run made 84 pairs, with a mean score of 35 of 100.",
    ]
    basis = Basis(PeopleOf.ALL, instead=Instead.NOT_KEPT, mentee_places=1)
    same = replace(found, tried=before, basis=basis, rounds=2, changed=())
    sentences = told(comparison=same)[Topic.COMPARISON]
    assert sentences[0] == "The people of that run are not kept any more."
    assert sentences[1].startswith("Compared is the whole programme as if nobody had been matched yet")
    assert sentences[3] == "The settings that you tried are those before."
    assert sentences[4].startswith("You tried 2 rounds, but a mentee of this programme has 1 place at a time")
    assert sentences[8:] == ["By the settings before, the total score would stay the same."]
    assert len(told(comparison=found, formats=FRENCH)[Topic.COMPARISON]) == 11


def test_what_if_of_further_mentors_and_of_no_place_is_told():
    whole = GroupShare("all", 40, 30)
    outcome = Outcome(30, 3_000_000, 100_000, whole, ())
    found = Comparison(
        outcome, outcome, None, Protected.COUNTRY, same_mentor=30, other_mentor=0, gained=0, lost=0, pairs_kept=30,
        pairs_gained=0, pairs_lost=0, basis=Basis(PeopleOf.NOW, mentee_places=2), rounds=2,
    )  # fmt: skip
    none = (
        "With the settings tried nobody would have a further mentor: no place that is left fits anybody who may "
        "have one more."
    )
    some = "Mentees who would keep a mentor and have more mentors with the settings tried: 4; fewer: 1."
    hint = "Try the settings on the whole programme."

    def sentences(comparison: Comparison) -> list[str]:
        return [one for one in told(comparison=comparison)[Topic.COMPARISON] if one in (none, some, hint)]

    assert sentences(found) == [none]
    assert sentences(replace(found, further=5)) == []
    assert sentences(replace(found, further=5, further_gained=4, further_lost=1)) == [some]
    assert sentences(replace(found, rounds=1)) == []
    # Nothing under either shows nothing, however many mentees are open.
    nobody = replace(outcome, pairs=0, total=0, mean_score=0)
    assert sentences(replace(found, tried=nobody, before=nobody, rounds=1)) == [hint]


@pytest.mark.parametrize(
    ("after", "words"),
    [(570, "early career from 55% to 57%."), (551, "early career from 550 to 551 of 1,000.")],
)
def test_shares_that_are_the_same_when_rounded_are_told_in_numbers(after, words):
    whole = GroupShare("all", 1000, 550)
    outcomes = [Outcome(550, 1, 1, whole, (), (GroupShare("early", 1000, n),)) for n in (after, 550)]
    found = Comparison(
        *outcomes, None, Protected.CAREER_STAGE, same_mentor=550, other_mentor=0, gained=after - 550, lost=0,
        pairs_kept=550, pairs_gained=after - 550, pairs_lost=0,
    )  # fmt: skip
    sentences = told(comparison=found)[Topic.COMPARISON]
    assert sentences[1] == "Mentees among them who are open for matching and have no mentor: 1,000."
    assert sentences[-1].endswith(words)


def test_locked_pairs_that_could_not_be_made_are_told_by_cause_the_most_first():
    missed = tuple(LockedMissCount(code, n) for n, code in enumerate(LockedMiss, start=1))
    found = replace(REPORT, locked_pairs=23, locked_made=2, locked_missed=missed)
    (english,) = (one for one in told(found)[Topic.RESULT] if one.startswith("Locked pairs that could not"))
    assert english == (
        "Locked pairs that could not be made, by cause: the two have each other already, or cannot be paired (6); no "
        "place is left (5); a profile lacks what matching needs (4); the mentor is not verified (3); one of the two is "
        "away (2); one of the two is not in the programme (1)."
    )
    (french,) = (one for one in told(found, formats=FRENCH)[Topic.RESULT] if "par cause" in one)
    assert "one of" not in french
    assert numbers(french) == [6, 5, 4, 3, 2, 1]


def test_a_report_from_before_much_of_it_was_kept_is_told_without():
    old = replace(
        REPORT, objectives=(), rounds=(), shortage_by_language=(replace(ROW, wanted=None),),
        shortage_by_specialty=(), would_help=(),
    )  # fmt: skip
    old = replace(old, income_groups=(GroupShare("low", 2, 1), GroupShare("high", 1, 1)))
    found = told(old)
    assert Topic.OBJECTIVES not in found
    assert found[Topic.SHORTAGES] == [shortage_text(replace(ROW, wanted=None), ENGLISH)]
    assert "income" in found[Topic.GROUPS][0]


def numbers(text):
    return [int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*", text)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(Objective), st.sampled_from(Protected))
def test_the_numbers_are_those_of_the_report(seed, objective, protected):
    pool = random_pool(seed, 8, weeks=1, objective=objective, protected=protected)
    result = run_match(pool)
    report = result.report
    comparison = comparing.compare(pool, result, report, settings=pool.settings)
    found = told(report, comparison)
    whole = report.matched
    if whole.mentees:
        first = numbers(found[Topic.RESULT][0])
        assert first[:2] + first[-1:] == [whole.matched, whole.mentees, whole.mentees - whole.matched]
    places = numbers(next(one for one in found[Topic.RESULT] if one.startswith("Mentors open")))
    assert places == [report.pool.open_mentors, report.pool.places, report.pool.places - report.pairs]
    counted = [numbers(one)[0] for one in found.get(Topic.LEFT_OUT, ()) if re.match(r"\d+ mentees?:", one)]
    assert counted == sorted((one.people for one in report.left_out), reverse=True)
    made = next(one for one in found[Topic.COMPARISON] if one.startswith("Pairs with"))
    assert numbers(made) == [report.pairs, report.pairs]
    short = [one for one in report.languages if one.matched < one.mentees]
    assert bool(short) == (Topic.LANGUAGES in found)
    if short:
        pairs = re.findall(r"(\d+) of (\d+)", found[Topic.LANGUAGES][0])
        assert [(int(some), int(every)) for some, every in pairs] == [
            (one.mentees - one.matched, one.mentees) for one in short[:SHOWN]
        ]
    for topic, rows in (
        (Topic.SHORTAGES, report.shortage_by_language), (Topic.SPECIALTIES, report.shortage_by_specialty),
    ):  # fmt: skip
        shown = rows[:SHOWN_SHORTAGES]
        ways = [one.wanted.channels for one in shown if one.wanted]
        once = len(ways) > 1 and len(set(ways)) == 1 and len(ways[0]) < len(Channel)
        more = any(one.one_more and one.one_more.pairs for one in shown)
        assert len(found.get(topic, ())) == len(shown) + once + more + (len(rows) > SHOWN_SHORTAGES)
    shown = [one for parts in found.values() for one in parts]
    assert all(one.endswith(".") for one in shown)
    assert not any(re.search(r"%\(|_|\bNone\b", one) for one in shown)
    assert [len(one) for one in found.values()] == [
        len(one) for one in told(report, comparison, FRENCH).values()
    ]


def test_the_reasons_of_those_who_could_not_take_part_are_counted():
    found = replace(
        REPORT,
        pool=replace(REPORT.pool, mentees=8),
        excluded_mentees=(ReasonCount(Reason.NOT_ACTIVE, 2), ReasonCount(Reason.NO_PLACE_LEFT, 4)),
    )
    assert (
        "Mentees who could not take part: 5. Why: already with a mentor or an open proposal (4); account or "
        "enrolment not active (2)." in told(found)[Topic.RESULT]
    )


def test_scores_are_told_of_a_hundred():
    found = replace(REPORT, mean_score=MILLION // 3, score_deciles=(5_000, *[MILLION // 3] * 9, 994_999))
    assert (
        "The mean score of the pairs is 33 of 100; the lowest is 0, the highest 99."
        in told(found)[Topic.RESULT]
    )
