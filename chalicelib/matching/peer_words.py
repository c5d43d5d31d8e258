"""What sentences about mentees and mentors say of peers.

Writers say their sentences as of two sides. For peers each is replaced by its own version before it is translated, so
that no writer asks of what kind a pair is; what is not here says nothing of sides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from functools import cache

from chalicelib.words.formats import Formats


def of_peers(formats: Formats) -> Formats:
    """Return a reader's forms as they speak of peers."""
    one, many, named = formats.gettext, formats.ngettext, formats.pgettext
    words, counted, in_context = _texts(), _counted_texts(), _named_texts()
    found = copy(formats)

    def gettext(text: str) -> str:
        return one(words.get(text, text))

    def ngettext(single: str, plural: str, number: int) -> str:
        return many(*counted.get(plural, (single, plural)), number)

    def pgettext(context: str, text: str) -> str:
        return named(context, in_context.get(text, text))

    # Bound to this reader, as those of a catalogue are.
    found.gettext, found.ngettext, found.pgettext = gettext, ngettext, pgettext  # type: ignore[assignment]
    return found


@cache
def _texts() -> Mapping[str, str]:
    _: Callable[[str], str] = str  # marks what is to be translated
    return {
        "Topics that the mentee seeks and the mentor offers: %(topics)s.": _(
            "Topics that one seeks and the other offers: %(topics)s."
        ),
        "Topics that the mentee seeks, and in brackets a close one of the mentor’s: %(topics)s.": _(
            "Topics that one seeks, and in brackets a close one that the other offers: %(topics)s."
        ),
        "Related specialties, the mentee’s first: %(specialties)s.": _(
            "Related specialties: %(specialties)s."
        ),
        "The mentee studies for the mentor’s profession: %(profession)s.": _(
            "One studies for the other’s profession: %(profession)s."
        ),
        "The mentor studies for the mentee’s profession: %(profession)s.": _(
            "One studies for the other’s profession: %(profession)s."
        ),
        "Their professions are related, the mentee’s first: %(professions)s.": _(
            "Their professions are related: %(professions)s."
        ),
        "Career stages: %(own)s (mentee) and %(theirs)s (mentor).": _(
            "Career stages: %(own)s and %(theirs)s."
        ),
        "Their languages are close: the mentee speaks %(own)s, the mentor %(theirs)s.": _(
            "Their languages are close: one speaks %(own)s, the other %(theirs)s."
        ),
        "Languages that they share, the mentee’s level first: %(languages)s.": _(
            "Languages that they share, with the level of each: %(languages)s."
        ),
        "The mentor has worked in the mentee’s country: %(country)s.": _(
            "One has worked in the other’s country: %(country)s."
        ),
        "This match proposed a mentor to you.": _("This match proposed a peer to you."),
        "No change that was tried would have brought in a mentor who still had a place.": _(
            "No change that was tried would have brought in a peer who still had a place."
        ),
        "No change that was tried would open a mentor to you.": _(
            "No change that was tried would open a peer to you."
        ),
        "No change that was tried would open any mentor, with or without a place left.": _(
            "No change that was tried would open any peer, with or without a place left."
        ),
        "No mentor was open for matching.": _("No other peer was open for matching."),
        "There are mentors who fit you, but none was left for you this time.": _(
            "There are peers who fit you, but none was left for you this time."
        ),
        "Mentors fit, but none was left for this mentee.": _("Peers fit, but none was left for this person."),
        "You already have a mentor, or a proposal that waits for an answer, and no place for another.": _(
            "You already have a peer, or a proposal that waits for an answer, and no place for another."
        ),
        "Already has a mentor or an open proposal, and no place for another.": _(
            "Already has a peer or an open proposal, and no place for another."
        ),
        "You already have a mentor, or a proposal that waits for an answer; this match found no further mentor "
        "for you.": _(
            "You already have a peer, or a proposal that waits for an answer; this match found no further one for "
            "you."
        ),
        "Already has a mentor or an open proposal; this match found no further mentor.": _(
            "Already has a peer or an open proposal; this match found no further one."
        ),
        "Open mentors who share a language with you at the level that is needed: %(count)s.": _(
            "Open peers who share a language with you at the level that is needed: %(count)s."
        ),
        "Open mentors who share a language with the mentee at the level that is needed: %(count)s.": _(
            "Open peers who share a language with them at the level that is needed: %(count)s."
        ),
        "Open mentors who have %(needed)s in common with you each week: %(count)s.": _(
            "Open peers who have %(needed)s in common with you each week: %(count)s."
        ),
        "Open mentors who have %(needed)s in common with the mentee each week: %(count)s.": _(
            "Open peers who have %(needed)s in common with them each week: %(count)s."
        ),
        "Open mentors with whom you share a way to meet: %(count)s.": _(
            "Open peers with whom you share a way to meet: %(count)s."
        ),
        "Open mentors with whom the mentee shares a way to meet: %(count)s.": _(
            "Open peers with whom they share a way to meet: %(count)s."
        ),
        "%(hours)s on the mentee’s clock": _("%(hours)s on their own clock"),
        "Why mentees have no mentor": _("Why people have no peer"),
        "Who is left without a mentor, by language": _("Who is left without a peer, by language"),
        "How the mentees are spread over the mentors": _("How the pairs are spread over the people"),
        "Mentors open for matching: %(mentors)s; their places: %(places)s, of which still free: %(left)s.": _(
            "People open for matching: %(mentors)s; their places: %(places)s, of which still free: %(left)s."
        ),
        "Mentees who could not take part: %(people)s. Why: %(reasons)s.": _(
            "People who could not take part: %(people)s. Why: %(reasons)s."
        ),
        "No mentee was open for matching.": _("Nobody was open for matching."),
        "No mentee who was open for matching was without a mentor or an open proposal.": _(
            "Nobody who was open for matching was without a peer or an open proposal."
        ),
        "The smallest change that would open a mentor to those whom none fits, and for how many: %(changes)s.": _(
            "The smallest change that would open a peer to those whom none fits, and for how many: %(changes)s."
        ),
        "Mentees with a mentor from the first round, the smallest share first: %(shares)s.": _(
            "People with a peer from the first round, the smallest share first: %(shares)s."
        ),
        "Mentees with a mentor, the smallest share first: %(shares)s.": _(
            "People with a peer, the smallest share first: %(shares)s."
        ),
        "Of the mentees who had none, those with a mentor now, the smallest share first: %(shares)s.": _(
            "Of the people who had none, those with a peer now, the smallest share first: %(shares)s."
        ),
        "Mentees without a mentor, where there are most first: %(languages)s.": _(
            "People without a peer, where there are most first: %(languages)s."
        ),
        "Mentors by how many mentees this match gives them: %(loads)s.": _(
            "People by how many peers this match gives them: %(loads)s."
        ),
    }


@cache
def _counted_texts() -> Mapping[str, tuple[str, str]]:
    def ngettext(single: str, plural: str) -> tuple[str, str]:
        return single, plural

    return {
        "With %(changes)s, %(mentors)s mentors would fit.": ngettext(
            "With %(changes)s, %(mentors)s peer would fit.", "With %(changes)s, %(mentors)s peers would fit."
        ),
        "With %(changes)s, %(mentors)s mentors who still had a place would have fitted.": ngettext(
            "With %(changes)s, %(mentors)s peer who still had a place would have fitted.",
            "With %(changes)s, %(mentors)s peers who still had a place would have fitted.",
        ),
        "%(passing)s mentors fit by language, time and way to meet, but none was left for this mentee.": ngettext(
            "%(passing)s peer fits by language, time and way to meet, but none was left for this person.",
            "%(passing)s peers fit by language, time and way to meet, but none was left for this person.",
        ),
        "%(passing)s mentors fit by language, time and way to meet, but the scores stay below the programme’s "
        "minimum.": ngettext(
            "%(passing)s peer fits by language, time and way to meet, but the score stays below the programme’s "
            "minimum.",
            "%(passing)s peers fit by language, time and way to meet, but the scores stay below the programme’s "
            "minimum.",
        ),
        "The match found a mentor for %(matched)s of %(mentees)s mentees (%(share)s); without one: %(without)s.": (
            ngettext(
                "The match found a peer for %(matched)s of %(mentees)s person (%(share)s); without one: %(without)s.",
                "The match found a peer for %(matched)s of %(mentees)s people (%(share)s); without one: %(without)s.",
            )
        ),
        "The match found a mentor for %(matched)s of %(mentees)s mentees who had neither a mentor nor an open "
        "proposal (%(share)s); without one: %(without)s.": ngettext(
            "The match found a peer for %(matched)s of %(mentees)s person who had neither a peer nor an open proposal "
            "(%(share)s); without one: %(without)s.",
            "The match found a peer for %(matched)s of %(mentees)s people who had neither a peer nor an open proposal "
            "(%(share)s); without one: %(without)s.",
        ),
        "A further one was found for %(matched)s of %(mentees)s mentees who already had a mentor or an open "
        "proposal, and a place for another.": ngettext(
            "A further one was found for %(matched)s of %(mentees)s person who already had a peer or an open proposal, "
            "and a place for another.",
            "A further one was found for %(matched)s of %(mentees)s people who already had a peer or an open proposal, "
            "and a place for another.",
        ),
        "%(people)s mentees: %(reason)s.": ngettext(
            "%(people)s person: %(reason)s.", "%(people)s people: %(reason)s."
        ),
    }


@cache
def _named_texts() -> Mapping[str, str]:
    def pgettext(_context: str, text: str) -> str:
        return text

    return {
        "already with a mentor or an open proposal": pgettext(
            "reason", "already with a peer or an open proposal"
        ),
        "no mentor was open for matching": pgettext("reason", "no other peer was open for matching"),
        "mentors fit, but none reaches the minimum score": pgettext(
            "reason", "peers fit, but none reaches the minimum score"
        ),
        "mentors fit, but none was left": pgettext("reason", "peers fit, but none was left"),
        "no further mentor found": pgettext("reason", "no further peer found"),
        "the mentor is not verified": pgettext("locked pair", "one of the two is not verified"),
    }
