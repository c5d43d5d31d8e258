"""What settings that are tried would change, in sentences for a coordinator; and how groups are called."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.matching.model import MILLION, NOT_CLASSIFIED, Comparison, Outcome, Protected
from chalicelib.people.model import CareerStage
from chalicelib.words.formats import Formats


def group_name(group: str, protected: Protected, formats: Formats) -> str:
    """Name a protected group."""
    pgettext = formats.pgettext
    if group == NOT_CLASSIFIED:
        return pgettext("group", "not known")
    match protected:
        case Protected.COUNTRY:
            return formats.country(group)
        case Protected.CAREER_STAGE:
            return formats.career_stage(CareerStage(group))
        case Protected.PROFESSION:
            return formats.profession(group)
    names = {
        "low": pgettext("group", "low-income countries"),
        "lower_middle": pgettext("group", "lower-middle-income countries"),
        "upper_middle": pgettext("group", "upper-middle-income countries"),
        "high": pgettext("group", "high-income countries"),
    }
    return names.get(group, group)


def comparison_told(found: Comparison | None, formats: Formats) -> Iterator[str]:
    """Say what settings that were tried would change; nothing where none were."""
    if found is None:
        return
    gettext, number, present = formats.gettext, formats.number, found.present
    yield gettext(
        "Pairs with the settings that you tried: %(tried)s; with the present ones: %(present)s."
    ) % {
        "tried": number(found.tried.pairs),
        "present": number(present.pairs),
    }
    yield gettext("Mentees who would have a mentor only with the settings tried: %(gained)s; only with the present "
                  "ones: %(lost)s; with both, the same mentor: %(same)s; with both, another one: %(other)s.") % {
        "gained": number(found.gained),
        "lost": number(found.lost),
        "same": number(found.same_mentor),
        "other": number(found.other_mentor),
    }  # fmt: skip
    yield from _total_change(found.tried.total - present.total, present.total, formats)
    yield from _share_changes(found.tried, present, formats)
    if found.last_run is not None:
        text = formats.ngettext(
            "The last run that proposed pairs made %(pairs)s pair, with a mean score of %(mean)s of 100.",
            "The last run that proposed pairs made %(pairs)s pairs, with a mean score of %(mean)s of 100.",
            found.last_run.pairs,
        )
        yield text % {
            "pairs": number(found.last_run.pairs),
            "mean": number(round(found.last_run.mean_score * 100 / MILLION)),
        }


def _total_change(change: int, whole: int, formats: Formats) -> Iterator[str]:
    if not change:
        yield formats.gettext("By the present settings, the total score would stay the same.")
    elif whole:
        text = (
            formats.gettext("By the present settings, the total score would be %(change)s higher.")
            if change > 0
            else formats.gettext("By the present settings, the total score would be %(change)s lower.")
        )
        yield text % {"change": formats.percent(abs(change), whole, 1)}


def _share_changes(tried: Outcome, present: Outcome, formats: Formats) -> Iterator[str]:
    before = {one.group: one for one in present.income_groups}
    told = [
        formats.gettext("%(group)s from %(before)s to %(after)s")
        % {
            "group": group_name(one.group, Protected.INCOME_GROUP, formats),
            "before": formats.percent(before[one.group].matched, before[one.group].mentees),
            "after": formats.percent(one.matched, one.mentees),
        }
        for one in tried.income_groups
        if one.mentees and one.group in before and before[one.group].matched != one.matched
    ]
    if told:
        yield formats.gettext("Shares of mentees with a mentor that would change: %(shares)s.") % {
            "shares": formats.listed(told)
        }
