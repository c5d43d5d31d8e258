"""What settings that are tried would change, in sentences for a coordinator; and how groups are called."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.matching.model import MILLION, NOT_CLASSIFIED, Basis, Comparison, PeopleOf, Protected
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
    gettext, number, before = formats.gettext, formats.number, found.before
    yield from _whose_people(found.basis, formats)
    yield gettext("Pairs with the settings that you tried: %(tried)s; with those before: %(before)s.") % {
        "tried": number(found.tried.pairs),
        "before": number(before.pairs),
    }
    yield gettext("Mentees who would have a mentor only with the settings tried: %(gained)s; only with those before: "
                  "%(lost)s; with both, the same mentor: %(same)s; with both, another one: %(other)s.") % {
        "gained": number(found.gained),
        "lost": number(found.lost),
        "same": number(found.same_mentor),
        "other": number(found.other_mentor),
    }  # fmt: skip
    yield gettext(
        "Pairs that would stay: %(kept)s; that would come: %(gained)s; that would go: %(lost)s."
    ) % {
        "kept": number(found.pairs_kept),
        "gained": number(found.pairs_gained),
        "lost": number(found.pairs_lost),
    }
    yield from _total_change(found.tried.total - before.total, before.total, formats)
    yield from _share_changes(found, formats)
    if found.last_run is not None:
        text = formats.ngettext(
            "The last run made %(pairs)s pair, with a mean score of %(mean)s of 100.",
            "The last run made %(pairs)s pairs, with a mean score of %(mean)s of 100.",
            found.last_run.pairs,
        )
        yield text % {
            "pairs": number(found.last_run.pairs),
            "mean": number(round(found.last_run.mean_score * 100 / MILLION)),
        }


def _whose_people(basis: Basis, formats: Formats) -> Iterator[str]:
    gettext = formats.gettext
    if basis.people is PeopleOf.LAST_RUN:
        yield gettext("Compared are the people of the last run, as it found them.")
        if gone := basis.mentees_gone + basis.mentors_gone:
            text = formats.ngettext(
                "%(gone)s of them has left since, and is counted nowhere.",
                "%(gone)s of them have left since, and are counted nowhere.",
                gone,
            )
            yield text % {"gone": formats.number(gone)}
    elif basis.instead is not None:
        yield gettext("Compared are people as they are now: of no earlier run are the people still kept.")
    else:
        yield gettext("Compared are people as they are now.")


def _total_change(change: int, whole: int, formats: Formats) -> Iterator[str]:
    if not change:
        yield formats.gettext("By the settings before, the total score would stay the same.")
    elif whole:
        text = (
            formats.gettext("By the settings before, the total score would be %(change)s higher.")
            if change > 0
            else formats.gettext("By the settings before, the total score would be %(change)s lower.")
        )
        yield text % {"change": formats.percent(abs(change), whole, 1)}


def _share_changes(found: Comparison, formats: Formats) -> Iterator[str]:
    before = {one.group: one for one in found.before.groups}
    told = [
        formats.gettext("%(group)s from %(before)s to %(after)s")
        % {
            "group": group_name(one.group, found.protected, formats),
            "before": formats.percent(before[one.group].matched, before[one.group].mentees),
            "after": formats.percent(one.matched, one.mentees),
        }
        for one in found.tried.groups
        if one.mentees and one.group in before and before[one.group].matched != one.matched
    ]
    if told:
        yield formats.gettext("Shares of mentees with a mentor that would change: %(shares)s.") % {
            "shares": formats.listed(told)
        }
