"""What settings that are tried would change, in sentences for a coordinator; and how groups are called."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.matching.comparisons import FEW, Instead
from chalicelib.matching.model import MILLION, NOT_CLASSIFIED, Comparison, GroupShare, PeopleOf, Protected
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
    yield from _whose_people(found, formats)
    yield from _what_differs(found, formats)
    yield from _too_many_rounds(found, formats)
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
    yield from _further(found, formats)
    yield gettext(
        "Pairs that would stay: %(kept)s; that would come: %(gained)s; that would go: %(lost)s."
    ) % {
        "kept": number(found.pairs_kept),
        "gained": number(found.pairs_gained),
        "lost": number(found.pairs_lost),
    }
    yield from _total_change(found.tried.total - before.total, before.total, formats)
    yield from _share_changes(found, formats)
    if found.last_run is not None and found.basis.is_earlier:
        text = formats.ngettext(
            "That run made %(pairs)s pair, with a mean score of %(mean)s of 100.",
            "That run made %(pairs)s pairs, with a mean score of %(mean)s of 100.",
            found.last_run.pairs,
        )
        yield text % {
            "pairs": number(found.last_run.pairs),
            "mean": number(round(found.last_run.mean_score * 100 / MILLION)),
        }


def _whose_people(found: Comparison, formats: Formats) -> Iterator[str]:
    gettext, ngettext, basis, mentees = (
        formats.gettext,
        formats.ngettext,
        found.basis,
        found.before.matched.mentees,
    )
    match basis.instead:
        case Instead.NO_RUN:
            yield gettext("No run has made pairs yet whose people could be looked at.")
        case Instead.NOT_KEPT:
            yield gettext("The people of that run are not kept any more.")
    match basis.people:
        case PeopleOf.ALL:
            yield gettext(
                "Compared is the whole programme as if nobody had been matched yet, by today’s profiles and with all "
                "places. Only who has declined somebody is still not paired with them."
            )
        case PeopleOf.LAST_RUN:
            yield gettext("Compared are the people of the last run that made pairs, as it found them.")
        case PeopleOf.RUN:
            yield gettext("Compared are the people of the run that you named, as it found them.")
        case PeopleOf.NOW:
            yield gettext("Compared are people as they are now, with the places that are left.")
    if gone := basis.mentees_gone + basis.mentors_gone:
        text = ngettext(
            "%(gone)s of them has left since, and is counted nowhere.",
            "%(gone)s of them have left since, and are counted nowhere.",
            gone,
        )
        yield text % {"gone": formats.number(gone)}
    if not mentees:
        yield gettext("Nobody among these mentees is open for matching, so nothing can be compared.")
    elif mentees < FEW:
        text = ngettext(
            "Only %(mentees)s of these mentees is open for matching: too few to judge settings by.",
            "Only %(mentees)s of these mentees are open for matching: too few to judge settings by.",
            mentees,
        )
        yield text % {"mentees": formats.number(mentees)}
    else:
        yield gettext("Mentees among them who are open for matching and have no mentor: %(mentees)s.") % {
            "mentees": formats.number(mentees)
        }
    is_blind = mentees < FEW or not (found.tried.pairs or found.before.pairs)
    if is_blind and basis.people is not PeopleOf.ALL:
        yield gettext("Try the settings on the whole programme.")


def _what_differs(found: Comparison, formats: Formats) -> Iterator[str]:
    if found.changed is None:
        return
    if not found.changed:
        yield formats.gettext("The settings that you tried are those before.")
        return
    names = [one.lstrip("/").replace("/", ".") for one in found.changed]
    text = formats.gettext(
        "Settings that you tried otherwise than they were, as the API names them: %(settings)s."
    )
    yield text % {"settings": formats.listed(names)}


def _further(found: Comparison, formats: Formats) -> Iterator[str]:
    places = found.basis.mentee_places
    if found.further_gained or found.further_lost:
        text = formats.gettext(
            "Mentees who would keep a mentor and have more mentors with the settings tried: %(gained)s; fewer: "
            "%(lost)s."
        )
        yield text % {
            "gained": formats.number(found.further_gained), "lost": formats.number(found.further_lost)
        }  # fmt: skip
    elif found.rounds > 1 and not found.further and places is not None and places > 1:
        yield formats.gettext(
            "With the settings tried nobody would have a further mentor: no place that is left fits anybody who "
            "may have one more."
        )


def _too_many_rounds(found: Comparison, formats: Formats) -> Iterator[str]:
    places = found.basis.mentee_places
    if places is not None and found.rounds > places:
        text = formats.ngettext(
            "You tried %(rounds)s rounds, but a mentee of this programme has %(places)s place at a time: further "
            "rounds can show nothing until the programme gives mentees more places.",
            "You tried %(rounds)s rounds, but a mentee of this programme has %(places)s places at a time: further "
            "rounds can show nothing until the programme gives mentees more places.",
            places,
        )
        yield text % {"rounds": formats.number(found.rounds), "places": formats.number(places)}


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
        _share_change(group_name(one.group, found.protected, formats), before[one.group], one, formats)
        for one in found.tried.groups
        if one.mentees and one.group in before and before[one.group].matched != one.matched
    ]
    if told:
        yield formats.gettext("Shares of mentees with a mentor that would change: %(shares)s.") % {
            "shares": formats.listed(told)
        }


def _share_change(name: str, before: GroupShare, after: GroupShare, formats: Formats) -> str:
    shares = [formats.percent(one.matched, one.mentees) for one in (before, after)]
    if shares[0] != shares[1]:
        text = formats.gettext("%(group)s from %(before)s to %(after)s")
        return text % {"group": name, "before": shares[0], "after": shares[1]}
    # Rounded they are the same: the numbers tell them apart.
    text = formats.gettext("%(group)s from %(before)s to %(after)s of %(mentees)s")
    return text % {
        "group": name,
        "before": formats.number(before.matched),
        "after": formats.number(after.matched),
        "mentees": formats.number(after.mentees),
    }
