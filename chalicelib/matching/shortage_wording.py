"""Where mentors are short, and who one more would have to be, in sentences for a coordinator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.matching.reports import Shortage, WantedMentor
from chalicelib.people.model import WEEKDAYS, Channel
from chalicelib.words.formats import Formats, WeeklySlot


def shortage_text(row: Shortage, formats: Formats) -> str:
    """Say where mentors are short, and what one more would add and who that would be."""
    return " ".join((*_shortage(row, formats), *_counted_on(row.wanted, formats)))


def shortages_told(rows: Sequence[Shortage], formats: Formats) -> Iterator[str]:
    """Say the same of each row, and then once what holds for all."""
    wanted = [row.wanted for row in rows if row.wanted is not None]
    once = len(wanted) > 1 and len({one.channels for one in wanted}) == 1
    for row in rows:
        yield " ".join(_shortage(row, formats)) if once else shortage_text(row, formats)
    if once:
        yield from _counted_on(wanted[0], formats)
    if any(row.wanted is not None and row.one_more is not None and row.one_more.pairs for row in rows):
        yield formats.gettext(
            "A further pair may serve somebody of another group, since others may move to the new mentor."
        )


def _shortage(row: Shortage, formats: Formats) -> Iterator[str]:
    gettext, ngettext, number = formats.gettext, formats.ngettext, formats.number
    specialty = formats.specialty(row.specialty) if row.specialty else ""
    where = gettext("clocks between %(first)s and %(last)s") % {
        "first": formats.utc(row.utc_from),
        "last": formats.utc(row.utc_before),
    }
    group = [one for one in (specialty, formats.language_name(row.language), where) if one]
    text = ngettext(
        "%(group)s: %(mentees)s mentee without a mentor.",
        "%(group)s: %(mentees)s mentees without a mentor.",
        row.left_out,
    )
    yield formats.sentence(text % {"group": ", ".join(group), "mentees": number(row.left_out)})
    if not row.places:
        yield ngettext(
            "No open mentor of that kind fits.", "No open mentor of that kind fits any of them.", row.left_out
        )
    elif not row.places_left:
        text = ngettext(
            "The mentors who fit have %(places)s place, which is taken.",
            "The mentors who fit have %(places)s places, all of them taken.",
            row.places,
        )
        yield text % {"places": number(row.places)}
    else:
        text = ngettext(
            "The mentors who fit have %(places)s place; still free: %(left)s.",
            "The mentors who fit have %(places)s places; still free: %(left)s.",
            row.places,
        )
        yield text % {"places": number(row.places), "left": number(row.places_left)}
    if row.one_more is not None and row.wanted is not None:
        yield from _one_more(row, row.one_more.pairs, row.wanted, formats)
    if row.looked_at is not None:
        text = gettext(
            "This is counted on %(number)s of these mentees: for all of them, more mentors may fit, and one more "
            "mentor may fit more of them."
        )
        yield text % {"number": number(row.looked_at)}


def _one_more(row: Shortage, pairs: int, wanted: WantedMentor, formats: Formats) -> Iterator[str]:
    gettext = formats.gettext
    specialty = formats.specialty(wanted.specialty) if wanted.specialty else ""
    if specialty:
        who = gettext("One more mentor who speaks %(language)s and works in this field (%(specialty)s)")
    else:
        who = gettext("One more mentor who speaks %(language)s")
    slots = tuple(WeeklySlot(WEEKDAYS.index(one.weekday), one.start, one.end) for one in wanted.hours)
    if not wanted.hours:
        text = gettext("%(who)s would bring no further pair: these mentees are free for too short a time.")
    elif pairs and row.left_out == row.would_fit == 1:
        text = gettext(
            "%(who)s would bring one more pair in all, if free each week at these times (%(clock)s): %(hours)s."
        )
    elif pairs:
        text = gettext(
            "%(who)s would fit %(fits)s of them and bring one more pair in all, if free each week at these times "
            "(%(clock)s): %(hours)s."
        )
    else:
        text = gettext(
            "%(who)s would bring no further pair, even if free each week when most of them are (%(clock)s): "
            "%(hours)s."
        )
    yield text % {
        "who": who % {"language": formats.language_name(wanted.language), "specialty": specialty},
        "fits": formats.number(row.would_fit or 0),
        "clock": formats.clock_of(wanted.time_zone),
        "hours": formats.listed(formats.slots(slots)),
    }


def _counted_on(wanted: WantedMentor | None, formats: Formats) -> Iterator[str]:
    if wanted is not None and len(wanted.channels) < len(Channel):
        channels = formats.phrase([formats.channel(one) for one in wanted.channels])
        yield formats.gettext("Ways to meet that were counted on: %(channels)s.") % {"channels": channels}
