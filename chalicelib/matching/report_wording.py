"""A run's report in sentences, for the coordinator who reads it.

A pure function of the report: every number is one of its own. Of each table the rows that matter most are told, and how
many others there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.matching.comparison_wording import comparison_told, group_name
from chalicelib.matching.model import (
    MILLION,
    Comparison,
    GroupShare,
    LockedMiss,
    MatchReport,
    Objective,
    ObjectiveOutcome,
    Protected,
    ReasonCount,
    Rule,
    Shortage,
)
from chalicelib.matching.peer_words import of_peers
from chalicelib.matching.reason_wording import help_name, reason_name
from chalicelib.matching.shortage_wording import shortages_told
from chalicelib.programmes.model import PairKind
from chalicelib.words.formats import Formats

SHOWN = 6
"""Rows of a table that are told."""

SHOWN_SHORTAGES = 5


class Topic(StrEnum):
    """What a part of the summary is about, in the order in which they stand."""

    RESULT = "result"
    COMPARISON = "comparison"
    LEFT_OUT = "left_out"
    SHORTAGES = "shortages"
    SPECIALTIES = "specialties"
    GROUPS = "groups"
    LANGUAGES = "languages"
    MENTORS = "mentors"
    OBJECTIVES = "objectives"


@dataclass(frozen=True)
class Section:
    about: Topic
    title: str
    sentences: tuple[str, ...]


def summary(report: MatchReport, comparison: Comparison | None, formats: Formats) -> tuple[Section, ...]:
    """Say what a run did; a part that has nothing to say is left out, the result is always there."""
    if report.kind is PairKind.PEER:
        formats = of_peers(formats)
    writer = _Writer(report, formats)
    gettext = formats.gettext
    parts = (
        (Topic.RESULT, gettext("The match in short"), writer.result()),
        (
            Topic.COMPARISON,
            gettext("What the settings that you tried would change"),
            comparison_told(comparison, formats),
        ),
        (Topic.LEFT_OUT, gettext("Why mentees have no mentor"), writer.left_out()),
        (
            Topic.SHORTAGES,
            gettext("Where mentors are short, by language"),
            writer.shortages(report.shortage_by_language),
        ),
        (
            Topic.SPECIALTIES,
            gettext("Where mentors are short, by specialty"),
            writer.shortages(report.shortage_by_specialty),
        ),
        (Topic.GROUPS, gettext("Who is served, by group"), writer.groups()),
        (Topic.LANGUAGES, gettext("Who is left without a mentor, by language"), writer.languages()),
        (Topic.MENTORS, gettext("How the mentees are spread over the mentors"), writer.mentors()),
        (Topic.OBJECTIVES, gettext("Other ways of choosing the pairs"), writer.objectives()),
    )
    told = ((about, title, tuple(sentences)) for about, title, sentences in parts)
    return tuple(Section(*one) for one in told if one[2])


class _Writer:
    def __init__(self, report: MatchReport, formats: Formats) -> None:
        self._report = report
        self._is_of_peers = report.kind is PairKind.PEER
        self._formats = formats
        self._number = formats.number

    def result(self) -> Iterator[str]:
        gettext, number, report = self._formats.gettext, self._number, self._report
        yield from self._matched()
        if report.pairs != report.matched.matched:
            per_round = [number(one.pairs) for one in report.rounds]
            yield gettext("Pairs in all: %(pairs)s, round by round: %(rounds)s.") % {
                "pairs": number(report.pairs),
                "rounds": self._formats.phrase(per_round),
            }
        yield gettext(
            "Mentors open for matching: %(mentors)s; their places: %(places)s, of which still free: %(left)s."
        ) % {
            "mentors": number(report.pool.open_mentors),
            "places": number(report.pool.places),
            "left": number(report.pool.places - report.pairs * (2 if self._is_of_peers else 1)),
        }
        yield from self._apart(
            gettext("Mentees who could not take part: %(people)s. Why: %(reasons)s."),
            report.pool.mentees - report.pool.open_mentees,
            report.excluded_mentees,
            of_mentees=True,
        )
        if not self._is_of_peers:  # they have been told of
            yield from self._apart(
                gettext("Mentors who could not take part: %(people)s. Why: %(reasons)s."),
                report.pool.mentors - report.pool.open_mentors,
                report.excluded_mentors,
                of_mentees=False,
            )
        if report.locked_pairs:
            yield gettext("Pairs that you had locked: %(locked)s, of which could be made: %(made)s.") % {
                "locked": number(report.locked_pairs),
                "made": number(report.locked_made),
            }
            yield from self._locked_missed()
        if report.rules_off:
            rules = self._formats.phrase([self._rule(one) for one in report.rules_off])
            yield gettext("Rules that the programme does without: %(rules)s.") % {"rules": rules}
        if report.pairs:
            yield from self._scores()

    def _matched(self) -> Iterator[str]:
        gettext, ngettext, number = self._formats.gettext, self._formats.ngettext, self._number
        whole, further = self._report.matched, self._report.further
        if not whole.mentees and not further.mentees:
            yield gettext("No mentee was open for matching.")
        elif not whole.mentees:
            yield gettext("No mentee who was open for matching was without a mentor or an open proposal.")
        else:
            text = self._found_with_further() if further.mentees else self._found()
            yield text % {
                "matched": number(whole.matched),
                "mentees": number(whole.mentees),
                "share": self._formats.percent(whole.matched, whole.mentees),
                "without": number(whole.mentees - whole.matched),
            }
        if further.mentees:
            text = ngettext(
                "A further one was found for %(matched)s of %(mentees)s mentee who already had a mentor or an open "
                "proposal, and a place for another.",
                "A further one was found for %(matched)s of %(mentees)s mentees who already had a mentor or an open "
                "proposal, and a place for another.",
                further.mentees,
            )
            yield text % {"matched": number(further.matched), "mentees": number(further.mentees)}

    def _found(self) -> str:
        return self._formats.ngettext(
            "The match found a mentor for %(matched)s of %(mentees)s mentee (%(share)s); without one: %(without)s.",
            "The match found a mentor for %(matched)s of %(mentees)s mentees (%(share)s); without one: %(without)s.",
            self._report.matched.mentees,
        )

    def _found_with_further(self) -> str:
        return self._formats.ngettext(
            "The match found a mentor for %(matched)s of %(mentees)s mentee who had neither a mentor nor an open "
            "proposal (%(share)s); without one: %(without)s.",
            "The match found a mentor for %(matched)s of %(mentees)s mentees who had neither a mentor nor an open "
            "proposal (%(share)s); without one: %(without)s.",
            self._report.matched.mentees,
        )

    def _locked_missed(self) -> Iterator[str]:
        ranked = sorted(self._report.locked_missed, key=lambda one: -one.pairs)
        if ranked:
            causes = [self._with_number(self._missed(one.code), one.pairs) for one in ranked]
            text = self._formats.gettext("Locked pairs that could not be made, by cause: %(causes)s.")
            yield text % {"causes": self._formats.listed(causes)}

    def _missed(self, cause: LockedMiss) -> str:
        pgettext = self._formats.pgettext
        match cause:
            case LockedMiss.NOT_ENROLLED:
                return pgettext("locked pair", "one of the two is not in the programme")
            case LockedMiss.NOT_ACTIVE:
                return pgettext("locked pair", "one of the two is away")
            case LockedMiss.NOT_VERIFIED:
                return pgettext("locked pair", "the mentor is not verified")
            case LockedMiss.PROFILE_INCOMPLETE:
                return pgettext("locked pair", "a profile lacks what matching needs")
            case LockedMiss.NO_PLACE_LEFT:
                return pgettext("locked pair", "no place is left")
            case LockedMiss.KEPT_APART:
                return pgettext("locked pair", "the two have each other already, or cannot be paired")

    def _apart(
        self, text: str, people: int, reasons: Sequence[ReasonCount], *, of_mentees: bool
    ) -> Iterator[str]:
        if people:
            yield text % {"people": self._number(people), "reasons": self._reasons(reasons, of_mentees)}

    def _reasons(self, reasons: Sequence[ReasonCount], of_mentees: bool) -> str:
        ranked = sorted(reasons, key=lambda one: -one.people)
        return self._formats.listed(
            self._with_number(reason_name(one.code, self._formats, of_mentee=of_mentees), one.people)
            for one in ranked
        )

    def _with_number(self, name: str, people: int) -> str:
        return self._formats.gettext("%(name)s (%(number)s)") % {"name": name, "number": self._number(people)}

    def _scores(self) -> Iterator[str]:
        gettext, report = self._formats.gettext, self._report
        yield gettext(
            "The mean score of the pairs is %(mean)s of 100; the lowest is %(low)s, the highest %(high)s."
        ) % {
            "mean": self._score(report.mean_score),
            "low": self._score(report.score_deciles[0]),
            "high": self._score(report.score_deciles[-1]),
        }
        if report.candidates_cut:
            yield gettext(
                "Each person’s best pairs were compared: %(compared)s of %(possible)s possible ones."
            ) % {
                "compared": self._number(report.candidate_pairs),
                "possible": self._number(report.admissible_pairs),
            }
        if report.objective is Objective.TOTAL and report.gap:
            yield gettext(
                "The total score is at most %(gap)s below the best that any choice among these pairs could reach."
            ) % {"gap": self._formats.percent(report.gap, MILLION)}
        elif report.objective is Objective.TOTAL:
            yield gettext("No other choice among these pairs has a higher total score.")

    def _score(self, score: int) -> str:
        return self._number(round(score * 100 / MILLION))

    def _rule(self, rule: Rule) -> str:
        pgettext = self._formats.pgettext
        names = {
            Rule.LANGUAGE: pgettext("rule", "a shared language"),
            Rule.TIME: pgettext("rule", "time in common"),
            Rule.CHANNEL: pgettext("rule", "a shared way to meet"),
            Rule.ABROAD: pgettext("rule", "a partner abroad for who requires one"),
            Rule.BINDING_WISHES: pgettext("rule", "binding wishes"),
        }
        return names[rule]

    def left_out(self) -> Iterator[str]:
        gettext, ngettext = self._formats.gettext, self._formats.ngettext
        reasons = sorted(self._report.left_out, key=lambda one: -one.people)
        for one in reasons:
            text = ngettext("%(people)s mentee: %(reason)s.", "%(people)s mentees: %(reason)s.", one.people)
            yield text % {"people": self._number(one.people), "reason": reason_name(one.code, self._formats)}
        if sum(one.people for one in reasons) > self._report.matched.mentees - self._report.matched.matched:
            yield gettext("Somebody may have several reasons.")
        helping = self._report.would_help
        if helping:
            told = [self._with_number(help_name(one, self._formats), one.people) for one in helping[:SHOWN]]
            yield gettext(
                "The smallest change that would open a mentor to those whom none fits, and for how many: %(changes)s."
            ) % {"changes": self._cut(told, len(helping))}

    def shortages(self, rows: Sequence[Shortage]) -> Iterator[str]:
        yield from shortages_told(rows[:SHOWN_SHORTAGES], self._formats)
        if more := len(rows[SHOWN_SHORTAGES:]):
            text = self._formats.ngettext("And %(groups)s other group.", "And %(groups)s other groups.", more)
            yield text % {"groups": self._number(more)}

    def groups(self) -> Iterator[str]:
        gettext, report = self._formats.gettext, self._report
        own = next((one for one in report.objectives if one.objective is report.objective), None)
        shares = own.groups if own else report.income_groups
        protected = report.protected if own else Protected.INCOME_GROUP
        ranked = _by_share(shares)
        if len(ranked) < 2:
            return
        told = [
            gettext("%(group)s %(share)s (%(matched)s of %(mentees)s)")
            % {
                "group": group_name(one.group, protected, self._formats),
                "share": self._formats.percent(one.matched, one.mentees),
                "matched": self._number(one.matched),
                "mentees": self._number(one.mentees),
            }
            for one in ranked[:SHOWN]
        ]
        first = gettext("Mentees with a mentor from the first round, the smallest share first: %(shares)s.")
        only = gettext("Mentees with a mentor, the smallest share first: %(shares)s.")
        without = gettext(
            "Of the mentees who had none, those with a mentor now, the smallest share first: %(shares)s."
        )
        text = without if report.further.mentees else first if len(report.rounds) > 1 else only
        yield text % {"shares": self._cut(told, len(ranked))}

    def languages(self) -> Iterator[str]:
        gettext, matched = self._formats.gettext, self._report.matched
        short = [one for one in self._report.languages if one.matched < one.mentees]
        ranked = sorted(short, key=lambda one: (one.matched - one.mentees, -one.mentees, one.group))
        if not ranked:
            return
        told = [
            gettext("%(group)s %(without)s of %(mentees)s")
            % {
                "group": self._formats.language_name(one.group),
                "without": self._number(one.mentees - one.matched),
                "mentees": self._number(one.mentees),
            }
            for one in ranked[:SHOWN]
        ]
        yield gettext("Mentees without a mentor, where there are most first: %(languages)s.") % {
            "languages": self._cut(told, len(ranked))
        }
        if sum(one.mentees - one.matched for one in short) > matched.mentees - matched.matched:
            yield gettext("Somebody who speaks two languages counts in both.")

    def mentors(self) -> Iterator[str]:
        gettext, number = self._formats.gettext, self._number
        some = [one for one in self._report.loads if one.mentees]
        told = [
            gettext("%(mentors)s with %(mentees)s")
            % {"mentors": number(one.mentors), "mentees": number(one.mentees)}
            for one in some
        ]
        idle = sum(one.mentors for one in self._report.loads if not one.mentees)
        if idle:
            told.append(gettext("%(mentors)s with none") % {"mentors": number(idle)})
        if told:
            yield gettext("Mentors by how many mentees this match gives them: %(loads)s.") % {
                "loads": self._formats.listed(told)
            }

    def objectives(self) -> Iterator[str]:
        outcomes = self._report.objectives
        own = [one for one in outcomes if one.objective is self._report.objective]
        others = [one for one in outcomes if one.objective is not self._report.objective]
        if not own or not others or not any(one.pairs for one in outcomes):
            return
        gettext = self._formats.gettext
        chosen = gettext("%(objective)s (as your programme chooses): %(outcome)s.")
        other = gettext("%(objective)s: %(outcome)s.")
        for text, one in ((chosen, own[0]), *((other, one) for one in others)):
            yield self._formats.sentence(
                text % {"objective": self._objective(one.objective), "outcome": self._outcome(one)}
            )

    def _outcome(self, one: ObjectiveOutcome) -> str:
        gettext, ngettext = self._formats.gettext, self._formats.ngettext
        told = [ngettext("%(pairs)s pair", "%(pairs)s pairs", one.pairs) % {"pairs": self._number(one.pairs)}]
        if one.loss:
            loss = self._formats.percent(one.loss, MILLION, 1)
            told.append(gettext("total score %(loss)s below the highest") % {"loss": loss})
        ranked = _by_share(one.groups)
        if ranked:
            told.append(
                gettext("smallest share of a group %(share)s (%(group)s)")
                % {
                    "share": self._formats.percent(ranked[0].matched, ranked[0].mentees),
                    "group": group_name(ranked[0].group, self._report.protected, self._formats),
                }
            )
        return self._formats.listed(told)

    def _objective(self, objective: Objective) -> str:
        pgettext = self._formats.pgettext
        names = {
            Objective.TOTAL: pgettext("objective", "highest total score"),
            Objective.STABLE: pgettext(
                "objective", "stable, with no two who would both rather have each other"
            ),
            Objective.FAIR: pgettext("objective", "fair, raising the smallest share of any group"),
        }
        return names[objective]

    def _cut(self, told: list[str], rows: int) -> str:
        """List the rows that are told, and how many others there are."""
        if more := rows - len(told):
            text = self._formats.ngettext("and %(others)s other", "and %(others)s others", more)
            told = [*told, text % {"others": self._number(more)}]
        return self._formats.listed(told)


def _by_share(groups: Iterable[GroupShare]) -> list[GroupShare]:
    """Return the groups with anybody in them, the smallest share of mentees with a mentor first."""
    return sorted(
        (one for one in groups if one.mentees),
        key=lambda one: (one.matched / one.mentees, -one.mentees, one.group),
    )
