"""Why somebody has no pair, and what would have helped, in sentences: for the mentee, or for a coordinator.

A pure function of what a run keeps. Numbers are those of the data; nothing is said of anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.matching.changes import WORKDAYS, Change, ChangeKind, Stretch, Suggestion
from chalicelib.matching.explanations import LeftOut, LeftOutReason, Reason
from chalicelib.matching.reports import HelpCount
from chalicelib.matching.wording import Audience
from chalicelib.people.model import WEEKDAYS
from chalicelib.words.formats import Formats, WeeklySlot

_BEFORE_MATCHING: Final = frozenset(
    {
        Reason.NOT_ENROLLED,
        Reason.NOT_ACTIVE,
        Reason.PROFILE_INCOMPLETE,
        Reason.NOT_VERIFIED,
        Reason.NO_PLACE_LEFT,
    }
)
_NONE_FITS: Final = frozenset(
    {Reason.NO_SHARED_LANGUAGE, Reason.NOT_ENOUGH_COMMON_TIME, Reason.NO_SHARED_CHANNEL}
)


class Subject(StrEnum):
    """What a sentence says: that there is a proposal, a reason why there is none, or what would have brought one."""

    PROPOSED = "proposed"
    REASON = "reason"
    TONIGHT = "tonight"
    SUGGESTION = "suggestion"


@dataclass(frozen=True)
class Told:
    about: Subject
    text: str


def left_out_told(left_out: LeftOut, formats: Formats) -> tuple[Told, ...]:
    """Say to a coordinator why somebody has no pair, and what would have changed that; at least one sentence."""
    return tuple(_Writer(Audience.COORDINATOR, formats).of(left_out))


def reasons_told(
    proposed: bool,
    reasons: Sequence[LeftOutReason],
    suggestions: Sequence[Suggestion],
    formats: Formats,
    *,
    has_one: bool = False,
) -> tuple[Told, ...]:
    """Say to a mentee what a match came to for them; at least one sentence.

    Parameters
    ----------
    has_one
        Whether they had a mentor or an open proposal before it.
    """
    writer = _Writer(Audience.MENTEE, formats)
    if proposed:
        return (Told(Subject.PROPOSED, formats.gettext("This match proposed a mentor to you.")),)
    told = (*writer.reasons(reasons, has_one), *writer.suggestions(suggestions))
    return told if has_one else (*told, *writer.no_way(reasons, suggestions))


def reason_name(reason: Reason, formats: Formats, *, of_mentee: bool = True) -> str:
    """Name a reason in a few words, for counting people by it."""
    pgettext = formats.pgettext
    if reason is Reason.NO_PLACE_LEFT and of_mentee:
        return pgettext("reason", "already with a mentor or an open proposal")
    names = {
        Reason.NOT_ENROLLED: pgettext("reason", "not enrolled"),
        Reason.NOT_ACTIVE: pgettext("reason", "account or enrolment not active"),
        Reason.PROFILE_INCOMPLETE: pgettext("reason", "profile incomplete"),
        Reason.NOT_VERIFIED: pgettext("reason", "no verified credential"),
        Reason.NO_PLACE_LEFT: pgettext("reason", "no place left"),
        Reason.NO_OPEN_MENTOR: pgettext("reason", "no mentor was open for matching"),
        Reason.NO_SHARED_LANGUAGE: pgettext("reason", "no shared language at the level that is needed"),
        Reason.NOT_ENOUGH_COMMON_TIME: pgettext("reason", "not enough time in common"),
        Reason.NO_SHARED_CHANNEL: pgettext("reason", "no way to meet that both can use"),
        Reason.BELOW_MIN_SCORE: pgettext("reason", "mentors fit, but none reaches the minimum score"),
        Reason.NO_MENTOR_LEFT: pgettext("reason", "mentors fit, but none was left"),
        Reason.NO_FURTHER_MENTOR: pgettext("reason", "no further mentor found"),
    }
    return names[reason]


def help_name(one: HelpCount, formats: Formats) -> str:
    """Name a change that would help several people, whose hours differ."""
    if one.kind is not ChangeKind.TIME:
        change = Change(one.kind, channel=one.channel, language=one.language, level=one.level)
        return change_name(change, formats, of_mentee=False)
    part = stretch_name(one.stretch, False, formats) if one.stretch else ""
    if not part:
        return formats.gettext("more free time at other hours")
    return formats.gettext("more free time %(part)s") % {"part": part}


def change_name(change: Change, formats: Formats, of_mentee: bool) -> str:
    """Name a change as what there would be with it: "With …, 4 mentors would fit."

    Parameters
    ----------
    of_mentee
        Whether it has to be said whose clock the times are on.
    """
    gettext = formats.gettext
    match change.kind:
        case ChangeKind.CHANNEL if change.channel:
            return gettext("a further way to meet (%(channel)s)") % {
                "channel": formats.channel(change.channel)
            }
        case ChangeKind.ACCEPT_LANGUAGE:
            text = gettext("%(language)s accepted by the programme at level %(level)s")
        case ChangeKind.IMPROVE_LANGUAGE:
            text = gettext("%(language)s improved to level %(level)s")
        case _:
            return _time(change, formats, of_mentee)
    return text % {"language": formats.language_name(change.language or ""), "level": change.level}


def stretch_name(stretch: Stretch, every_day: bool, formats: Formats) -> str:
    """Name a part of the week; empty for any hours of a day, since the times follow."""
    pgettext = formats.pgettext
    if every_day:
        names = {
            Stretch.WEEKDAY_EVENING: pgettext("part of the week", "on all weekday evenings"),
            Stretch.WEEKDAY_MIDDAY: pgettext("part of the week", "at midday on all weekdays"),
            Stretch.WEEKDAY_EARLY: pgettext("part of the week", "early on all weekdays"),
            Stretch.WEEKDAY: pgettext("part of the week", "on all weekdays"),
        }
    else:
        names = {
            Stretch.WEEKDAY_EVENING: pgettext("part of the week", "on a weekday evening"),
            Stretch.WEEKDAY_MIDDAY: pgettext("part of the week", "at midday on a weekday"),
            Stretch.WEEKDAY_EARLY: pgettext("part of the week", "early on a weekday"),
            Stretch.SATURDAY_MORNING: pgettext("part of the week", "on Saturday morning"),
            Stretch.SATURDAY_AFTERNOON: pgettext("part of the week", "on Saturday afternoon"),
            Stretch.SUNDAY_MORNING: pgettext("part of the week", "on Sunday morning"),
            Stretch.SUNDAY_AFTERNOON: pgettext("part of the week", "on Sunday afternoon"),
        }
    return names.get(stretch, "")


def _time(change: Change, formats: Formats, of_mentee: bool) -> str:
    start, end = change.start or 0, change.end or 0
    part = stretch_name(change.stretch, len(change.days) > 1, formats) if change.stretch else ""
    if len(change.days) == 1 and (not part or change.days[0] in WORKDAYS):
        (hours,) = formats.slots((WeeklySlot(WEEKDAYS.index(change.days[0]), start, end),))
    else:
        hours = formats.span(start, end)  # its part of the week names the day
    if of_mentee:
        hours = formats.gettext("%(hours)s on the mentee’s clock") % {"hours": hours}
    values = {"time": formats.duration(change.minutes or 0), "part": part, "hours": hours}
    if not part:
        return formats.gettext("%(time)s more each week (%(hours)s)") % values
    return formats.gettext("%(time)s more each week %(part)s (%(hours)s)") % values


class _Writer:
    def __init__(self, audience: Audience, formats: Formats) -> None:
        self._formats = formats
        self._is_mentee = audience is Audience.MENTEE

    def of(self, left_out: LeftOut) -> Iterator[Told]:
        yield from self.reasons(left_out.reasons, left_out.has_one)
        found_mentors = not {one.code for one in left_out.reasons} & {
            *_BEFORE_MATCHING,
            Reason.NO_OPEN_MENTOR,
            Reason.NO_FURTHER_MENTOR,
        }
        if left_out.tonight is not None:
            yield Told(Subject.TONIGHT, self._tonight(left_out.tonight))
        elif not left_out.suggestions and _none_fits(left_out.reasons):
            yield from self.no_way(left_out.reasons, ())
        elif found_mentors:
            text = self._formats.gettext(
                "No change that was tried would have brought in a mentor who still had a place."
            )
            yield Told(Subject.TONIGHT, text)
        yield from self.suggestions([one for one in left_out.suggestions if one != left_out.tonight])

    def reasons(self, reasons: Sequence[LeftOutReason], has_one: bool) -> Iterator[Told]:
        yield from (Told(Subject.REASON, self._reason(one, has_one)) for one in reasons)

    def suggestions(self, suggestions: Sequence[Suggestion]) -> Iterator[Told]:
        for one in suggestions:
            text = self._formats.ngettext(
                "With %(changes)s, %(mentors)s mentor would fit.",
                "With %(changes)s, %(mentors)s mentors would fit.",
                one.opens,
            )
            yield Told(Subject.SUGGESTION, self._with(text, one))

    def no_way(self, reasons: Sequence[LeftOutReason], suggestions: Sequence[Suggestion]) -> Iterator[Told]:
        """Say that none of the changes that were tried helps, to whom no mentor fits."""
        if suggestions or not _none_fits(reasons):
            return
        gettext = self._formats.gettext
        own = gettext("No change that was tried would open a mentor to you.")
        others = gettext("No change that was tried would open any mentor, with or without a place left.")
        yield Told(Subject.SUGGESTION, own if self._is_mentee else others)

    def _tonight(self, one: Suggestion) -> str:
        text = self._formats.ngettext(
            "With %(changes)s, %(mentors)s mentor who still had a place would have fitted.",
            "With %(changes)s, %(mentors)s mentors who still had a place would have fitted.",
            one.opens,
        )
        return self._with(text, one)

    def _with(self, text: str, one: Suggestion) -> str:
        formats = self._formats
        changes = [change_name(change, formats, of_mentee=not self._is_mentee) for change in one.changes]
        return text % {"changes": formats.phrase(changes), "mentors": formats.number(one.opens)}

    def _reason(self, one: LeftOutReason, has_one: bool) -> str:
        if one.code is Reason.NO_PLACE_LEFT and has_one:
            return self._no_place_for_another()
        if one.code in _BEFORE_MATCHING:
            return self._before(one)
        match one.code:
            case Reason.NO_OPEN_MENTOR:
                return self._formats.gettext("No mentor was open for matching.")
            case Reason.NO_MENTOR_LEFT:
                return self._none_left(one)
            case Reason.NO_FURTHER_MENTOR:
                return self._no_further()
            case Reason.BELOW_MIN_SCORE:
                return self._below(one)
            case Reason.NOT_ENOUGH_COMMON_TIME:
                return " ".join(self._too_little_time(one))
        return " ".join(self._rule(one))

    def _before(self, one: LeftOutReason) -> str:
        gettext = self._formats.gettext
        fields = self._formats.phrase([self._field(name) for name in one.fields])
        own, others = {
            Reason.NOT_ENROLLED: (
                gettext("You are not enrolled in the programme."),
                gettext("Not enrolled in the programme."),
            ),
            Reason.NOT_ACTIVE: (
                gettext("Your account or your enrolment is not active."),
                gettext("The account or the enrolment is not active."),
            ),
            Reason.PROFILE_INCOMPLETE: (
                gettext("Your profile lacks what a match needs: %(fields)s."),
                gettext("The profile lacks what a match needs: %(fields)s."),
            ),
            Reason.NOT_VERIFIED: (
                gettext("You have no verified credential."),
                gettext("There is no verified credential."),
            ),
            Reason.NO_PLACE_LEFT: (
                gettext("All your places are taken by mentorships and open proposals."),
                gettext("All places are taken by mentorships and open proposals."),
            ),
        }[one.code]
        return (own if self._is_mentee else others) % {"fields": fields}

    def _field(self, name: str) -> str:
        pgettext = self._formats.pgettext
        names = {
            "profession": pgettext("profile field", "profession"),
            "country": pgettext("profile field", "country of practice"),
            "languages": pgettext("profile field", "languages"),
            "time_zone": pgettext("profile field", "time zone"),
            "availability": pgettext("profile field", "times when free"),
            "channels": pgettext("profile field", "ways to meet"),
        }
        return names.get(name, name)

    def _none_left(self, one: LeftOutReason) -> str:
        formats = self._formats
        if self._is_mentee:
            return formats.gettext("There are mentors who fit you, but none was left for you this time.")
        if one.passing is None:
            return formats.gettext("Mentors fit, but none was left for this mentee.")
        text = formats.ngettext(
            "%(passing)s mentor fits by language, time and way to meet, but none was left for this mentee.",
            "%(passing)s mentors fit by language, time and way to meet, but none was left for this mentee.",
            one.passing,
        )
        return text % {"passing": formats.number(one.passing)}

    def _no_place_for_another(self) -> str:
        gettext = self._formats.gettext
        if self._is_mentee:
            return gettext(
                "You already have a mentor, or a proposal that waits for an answer, and no place for another."
            )
        return gettext("Already has a mentor or an open proposal, and no place for another.")

    def _no_further(self) -> str:
        gettext = self._formats.gettext
        if self._is_mentee:
            return gettext(
                "You already have a mentor, or a proposal that waits for an answer; this match found no further mentor "
                "for you."
            )
        return gettext("Already has a mentor or an open proposal; this match found no further mentor.")

    def _below(self, one: LeftOutReason) -> str:
        passing = one.passing or 0
        text = self._formats.ngettext(
            "%(passing)s mentor fits by language, time and way to meet, but the score stays below the programme’s "
            "minimum.",
            "%(passing)s mentors fit by language, time and way to meet, but the scores stay below the programme’s "
            "minimum.",
            passing,
        )
        return text % {"passing": self._formats.number(passing)}

    def _rule(self, one: LeftOutReason) -> Iterator[str]:
        """Say how many mentors pass a rule, and how many it alone keeps away."""
        gettext, number = self._formats.gettext, self._formats.number
        own, others = {
            Reason.NO_SHARED_LANGUAGE: (
                gettext("Open mentors who share a language with you at the level that is needed: %(count)s."),
                gettext(
                    "Open mentors who share a language with the mentee at the level that is needed: %(count)s."
                ),
            ),
            Reason.NOT_ENOUGH_COMMON_TIME: (
                gettext("Open mentors who have %(needed)s in common with you each week: %(count)s."),
                gettext("Open mentors who have %(needed)s in common with the mentee each week: %(count)s."),
            ),
            Reason.NO_SHARED_CHANNEL: (
                gettext("Open mentors with whom you share a way to meet: %(count)s."),
                gettext("Open mentors with whom the mentee shares a way to meet: %(count)s."),
            ),
        }[one.code]
        count = gettext("%(some)s of %(all)s") if one.passing else gettext("none of %(all)s")
        yield (own if self._is_mentee else others) % {
            "count": count % {"some": number(one.passing or 0), "all": number(one.considered or 0)},
            "needed": self._formats.duration(one.needed_minutes or 0),
        }
        if one.would_open:
            text = self._formats.ngettext(
                "But for this, %(count)s more would fit.",
                "But for this, %(count)s more would fit.",
                one.would_open,
            )
            yield text % {"count": number(one.would_open)}

    def _too_little_time(self, one: LeftOutReason) -> Iterator[str]:
        yield from self._rule(one)
        gettext, best = self._formats.gettext, one.best_minutes or 0
        if not best:
            return
        if best < (one.needed_minutes or 0):
            text = gettext("With those who share a language and a way to meet, it is %(best)s at most.")
        else:
            text = gettext(
                "With those who share a language and a way to meet, it is up to %(best)s, but in pieces that are too "
                "short."
            )
        yield text % {"best": self._formats.duration(best)}


def _none_fits(reasons: Sequence[LeftOutReason]) -> bool:
    """Tell whether a rule keeps every open mentor away."""
    return any(one.code in _NONE_FITS for one in reasons)
