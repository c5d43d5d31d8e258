"""What speaks for a pair, in sentences: each for one reader, in their language, on their clock.

A pure function of what the pair's explanation holds. Sentences are a phrase and what it introduces ("Topics that …:
sepsis"), so that no name or tag has to be inflected, and none tells whether somebody is a woman or a man.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final

from chalicelib.matching.evidence import Evidence, Meeting, MetWishes, OtherWay
from chalicelib.matching.model import Criterion, LocalSpan, ProposedPair
from chalicelib.matching.peer_words import of_peers
from chalicelib.people.model import WEEKDAYS
from chalicelib.words.formats import SHOWN_SLOTS, Formats, WeeklySlot, formats_of

# What the rules ask for is told also where the programme gives no points for it.
_RULES: Final = (Criterion.LANGUAGES, Criterion.OVERLAP)


class Audience(StrEnum):
    """Who reads. A coordinator reads of both, and of nobody's wishes."""

    MENTEE = "mentee"
    MENTOR = "mentor"
    COORDINATOR = "coordinator"


@dataclass(frozen=True)
class Reader:
    """Somebody to whom a pair is explained.

    Attributes
    ----------
    locale
        BCP-47; one without a catalogue gets the language of the texts.
    partner
        What the other side is called; nobody for a coordinator.
    country, time_zone
        How dates and times are written; None for a coordinator.
    """

    audience: Audience
    locale: str
    partner: str = ""
    country: str | None = None
    time_zone: str | None = None

    def formats(self) -> Formats:
        return formats_of(self.locale, self.country, self.time_zone)


@dataclass(frozen=True)
class Sentence:
    """What one criterion says for a pair."""

    criterion: Criterion
    text: str


def sentences(pair: ProposedPair, reader: Reader, formats: Formats) -> tuple[Sentence, ...]:
    """Say what speaks for a pair, in the order of the criteria.

    Parameters
    ----------
    formats
        The reader's; `Reader.formats` makes them.
    """
    if pair.evidence.of_peers:
        formats = of_peers(formats)
    points = {one.criterion: one.points for one in pair.contributions}
    order = list(Criterion)
    told = [
        one
        for one in _Writer(pair, reader, formats).told()
        if points.get(one.criterion) or one.criterion in _RULES
    ]
    return tuple(sorted(told, key=lambda one: order.index(one.criterion)))


class _Writer:
    def __init__(self, pair: ProposedPair, reader: Reader, formats: Formats) -> None:
        self._pair, self._evidence = pair, pair.evidence
        self._reader = reader
        self._audience = reader.audience
        self._mentor_first = reader.audience is Audience.MENTOR
        self._formats, self._gettext = formats, formats.gettext
        self._name = formats.quoted(reader.partner)

    def told(self) -> Iterator[Sentence]:
        yield from self._topics()
        yield from self._specialties()
        yield from self._mind()
        yield from self._career()
        yield from self._languages()
        yield from self._time()
        yield from self._countries()
        yield from self._wishes()
        back = self._evidence.other_way
        if back is not None:
            yield from self._turned(back)._given()

    def _turned(self, back: OtherWay) -> _Writer:
        """Return the writer of what the other of two peers seeks, for the same reader."""
        turned = {Audience.MENTEE: Audience.MENTOR, Audience.MENTOR: Audience.MENTEE}
        evidence = Evidence(
            topics=back.topics,
            near_topics=back.near_topics,
            growth=back.growth,
            known_country=back.known_country,
        )
        reader = replace(self._reader, audience=turned.get(self._audience, self._audience))
        return _Writer(replace(self._pair, evidence=evidence), reader, self._formats)

    def _given(self) -> Iterator[Sentence]:
        yield from self._topics()
        yield from self._countries()

    def _say(
        self, criterion: Criterion, mentee: str, mentor: str, coordinator: str, **values: str
    ) -> Iterator[Sentence]:
        """Say the reader's own version; nothing where it is empty."""
        text = {
            Audience.MENTEE: mentee,
            Audience.MENTOR: mentor,
            Audience.COORDINATOR: coordinator,
        }[self._audience]
        if text:
            yield Sentence(criterion, text % {"name": self._name, **values})

    def _say_alike(
        self, criterion: Criterion, both: str, coordinator: str, **values: str
    ) -> Iterator[Sentence]:
        """Say the same to mentee and mentor, each of whom is "you" in it."""
        return self._say(criterion, both, both, coordinator, **values)

    def _topics(self) -> Iterator[Sentence]:
        gettext, found = self._gettext, self._evidence
        if found.topics:
            yield from self._say(
                Criterion.TOPICS,
                gettext("Topics that you seek and %(name)s offers: %(topics)s."),
                gettext("Topics that you offer and %(name)s seeks: %(topics)s."),
                gettext("Topics that the mentee seeks and the mentor offers: %(topics)s."),
                topics=self._tags(found.topics),
            )
        if found.near_topics:
            yield from self._say(
                Criterion.TOPICS,
                gettext(
                    "Topics that you seek, and in brackets a close one that %(name)s offers: %(topics)s."
                ),
                gettext(
                    "Topics that you offer, and in brackets a close one that %(name)s seeks: %(topics)s."
                ),
                gettext(
                    "Topics that the mentee seeks, and in brackets a close one of the mentor’s: %(topics)s."
                ),
                topics=self._formats.listed(
                    self._beside(*map(self._formats.quoted, self._own_first(one)))
                    for one in found.near_topics
                ),
            )
        if found.growth:
            # Where somebody wants to grow is shown to nobody, so it is told to them alone.
            yield from self._say(
                Criterion.TOPICS,
                gettext("What you want to grow in and is a strength of %(name)s: %(topics)s."),
                "",
                "",
                topics=self._tags(found.growth),
            )

    def _specialties(self) -> Iterator[Sentence]:
        gettext, found = self._gettext, self._evidence
        if found.specialties:
            text = gettext("Specialties that you both have: %(specialties)s.")
            yield from self._say_alike(
                Criterion.TOPICS,
                text,
                gettext("Specialties that both have: %(specialties)s."),
                specialties=self._formats.specialties(found.specialties),
            )
        if found.near_specialties:
            text = gettext("Related specialties, yours first: %(specialties)s.")
            yield from self._say_alike(
                Criterion.TOPICS,
                text,
                gettext("Related specialties, the mentee’s first: %(specialties)s."),
                specialties=self._formats.listed(
                    self._beside(*map(self._formats.specialty, self._own_first(one)))
                    for one in found.near_specialties
                ),
            )

    def _mind(self) -> Iterator[Sentence]:
        gettext, found = self._gettext, self._evidence
        if found.research:
            text = gettext("Research interests that you share: %(interests)s.")
            yield from self._say_alike(
                Criterion.RESEARCH,
                text,
                gettext("Research interests that both have: %(interests)s."),
                interests=self._tags(found.research),
            )
        if found.goals_alike:
            text = gettext("What you both wrote about your goals is much alike.")
            yield from self._say_alike(
                Criterion.GOALS, text, gettext("What both wrote about their goals is much alike.")
            )
        if found.waiting_since:
            since = found.waiting_since.astimezone(self._formats.zone).date()
            # Told to the mentor, it would be a reproach or a blemish.
            yield from self._say(
                Criterion.WAITING,
                gettext("You have waited for a mentor since %(day)s."),
                "",
                "",
                day=self._formats.date(since),
            )

    def _career(self) -> Iterator[Sentence]:
        gettext, found, formats = self._gettext, self._evidence, self._formats
        both = found.professions
        if both and both.mentee == both.mentor and both.mentee_studies and both.mentor_studies:
            text = gettext("You study for the same profession: %(profession)s.")
            yield from self._say_alike(
                Criterion.CAREER,
                text,
                gettext("They study for the same profession: %(profession)s."),
                profession=formats.profession(both.mentor),
            )
        elif both and both.mentee == both.mentor and both.mentor_studies:
            yield from self._say(
                Criterion.CAREER,
                gettext("%(name)s studies for your profession: %(profession)s."),
                gettext("%(name)s works in the profession that you study for: %(profession)s."),
                gettext("The mentor studies for the mentee’s profession: %(profession)s."),
                profession=formats.profession(both.mentor),
            )
        elif both and both.mentee == both.mentor and both.mentee_studies:
            yield from self._say(
                Criterion.CAREER,
                gettext("%(name)s works in the profession that you study for: %(profession)s."),
                gettext("%(name)s studies for your profession: %(profession)s."),
                gettext("The mentee studies for the mentor’s profession: %(profession)s."),
                profession=formats.profession(both.mentor),
            )
        elif both and both.mentee == both.mentor:
            text = gettext("You have the same profession: %(profession)s.")
            yield from self._say_alike(
                Criterion.CAREER,
                text,
                gettext("They have the same profession: %(profession)s."),
                profession=formats.profession(both.mentor),
            )
        elif both and not both.mentee_studies and not both.mentor_studies:
            text = gettext("Your professions are related, yours first: %(professions)s.")
            own_first = map(formats.profession, self._own_first(Meeting(both.mentee, both.mentor)))
            yield from self._say_alike(
                Criterion.CAREER,
                text,
                gettext("Their professions are related, the mentee’s first: %(professions)s."),
                professions=formats.listed(own_first),
            )
        stages = found.career_stages
        if stages:
            own, others = stages.mentee, stages.mentor
            if self._mentor_first:
                own, others = others, own
            text = gettext("Career stages: %(own)s (you) and %(theirs)s (%(name)s).")
            yield from self._say_alike(
                Criterion.CAREER,
                text,
                gettext("Career stages: %(own)s (mentee) and %(theirs)s (mentor)."),
                own=formats.career_stage(own),
                theirs=formats.career_stage(others),
            )

    def _languages(self) -> Iterator[Sentence]:
        gettext = self._gettext
        if not self._pair.shared_languages:
            return
        close = next((one for one in self._pair.shared_languages if one.mentee_by or one.mentor_by), None)
        if close is not None:
            names = (
                self._formats.language_name(by or close.language) for by in (close.mentee_by, close.mentor_by)
            )
            own, theirs = self._own_first(Meeting(*names))
            text = gettext("Your languages are close: you speak %(own)s, %(name)s speaks %(theirs)s.")
            yield from self._say_alike(
                Criterion.LANGUAGES,
                text,
                gettext("Their languages are close: the mentee speaks %(own)s, the mentor %(theirs)s."),
                own=own,
                theirs=theirs,
            )
            return
        levels = (
            (one.language, *self._own_first(Meeting(one.mentee_level, one.mentor_level)))
            for one in self._pair.shared_languages
        )
        text = gettext("Languages that you share, your level first: %(languages)s.")
        yield from self._say_alike(
            Criterion.LANGUAGES,
            text,
            gettext("Languages that they share, the mentee’s level first: %(languages)s."),
            languages=self._formats.listed(
                self._beside(self._formats.language_name(tag), f"{own}, {theirs}")
                for tag, own, theirs in levels
            ),
        )

    def _time(self) -> Iterator[Sentence]:
        gettext, overlap = self._gettext, self._pair.overlap
        if overlap.minutes_per_week:
            text = gettext("Time that suits you both: at least %(time)s each week.")
            yield from self._say_alike(
                Criterion.OVERLAP,
                text,
                gettext("Time that suits both: at least %(time)s each week."),
                time=self._formats.duration(overlap.minutes_per_week),
            )
        if overlap.windows:
            text = gettext("On your clock (%(zone)s), in the week of %(day)s: %(slots)s.")
            first = overlap.windows[0].starts_at
            spans = [one.mentor if self._mentor_first else one.mentee for one in overlap.windows]
            yield from self._say_alike(
                Criterion.OVERLAP,
                text,
                "",
                zone=self._formats.time_zone(),
                day=self._formats.date(first.date() - timedelta(first.weekday())),
                slots=self._formats.listed(self._formats.slots(tuple(map(_slot, spans[:SHOWN_SLOTS])))),
            )

    def _countries(self) -> Iterator[Sentence]:
        gettext, formats = self._gettext, self._formats
        both, known = self._evidence.countries, self._evidence.known_country
        if both and both.mentee != both.mentor:
            text = gettext("You practise in different countries: %(countries)s.")
            yield from self._say_alike(
                Criterion.CROSS_BORDER,
                text,
                gettext("They practise in different countries: %(countries)s."),
                countries=formats.countries(self._own_first(both)),
            )
        elif both:
            text = gettext("You practise in the same country: %(country)s.")
            yield from self._say_alike(
                Criterion.WISHES,
                text,
                gettext("They practise in the same country: %(country)s."),
                country=formats.country(both.mentor),
            )
        if known:
            yield from self._say(
                Criterion.WISHES,
                gettext("%(name)s has worked in your country: %(country)s."),
                gettext("You have worked in the country where %(name)s practises: %(country)s."),
                gettext("The mentor has worked in the mentee’s country: %(country)s."),
                country=formats.country(known),
            )

    def _wishes(self) -> Iterator[Sentence]:
        """Tell a reader which of their own wishes are met."""
        if self._audience is Audience.COORDINATOR:
            return
        met = self._evidence.mentor_wishes if self._mentor_first else self._evidence.mentee_wishes
        for criterion, text, values in self._met(met):
            yield Sentence(criterion, text % {"name": self._name, **values})

    def _met(self, met: MetWishes) -> Iterator[tuple[Criterion, str, dict[str, str]]]:
        gettext, formats = self._gettext, self._formats
        if met.interest:
            text = gettext(
                "Countries that interest you and that %(name)s knows from practice: %(countries)s."
            )
            yield Criterion.WISHES, text, {"countries": formats.countries(met.interest)}
        if met.country:
            text = gettext("As you wished, %(name)s practises in this country: %(country)s.")
            yield Criterion.WISHES, text, {"country": formats.country(met.country)}
        if met.career_stage:
            text = gettext("As you wished, this is the career stage of %(name)s: %(stage)s.")
            yield Criterion.WISHES, text, {"stage": formats.career_stage(met.career_stage)}
        if met.own_profession:
            yield Criterion.WISHES, gettext("As you wished, %(name)s has your profession."), {}
        if met.abroad:
            text = gettext("As you wished, %(name)s practises in another country than you.")
            yield Criterion.CROSS_BORDER, text, {}

    def _own_first(self, both: Meeting) -> tuple[str, str]:
        return (both.mentor, both.mentee) if self._mentor_first else (both.mentee, both.mentor)

    def _beside(self, first: str, second: str) -> str:
        return self._gettext("%(first)s (%(second)s)") % {"first": first, "second": second}

    def _tags(self, tags: tuple[str, ...]) -> str:
        return self._formats.listed(map(self._formats.quoted, tags))


def _slot(span: LocalSpan) -> WeeklySlot:
    return WeeklySlot(WEEKDAYS.index(span.weekday), span.start, span.end)
