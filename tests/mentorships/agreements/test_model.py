"""What a first draft takes from the profiles, and which terms stand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.kernel.errors import Invalid
from chalicelib.mentorships.agreements.drafting import first_terms
from chalicelib.mentorships.agreements.model import (
    LIGHT,
    Agreement,
    OutOfScope,
    Rules,
    Terms,
    Wording,
    checked_terms,
    differing,
    scope,
)
from chalicelib.people.model import Channel, Connection, LanguageSkill, Profile
from chalicelib.programmes.model import Side

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
VIDEO, VOICE, PHONE, CHAT, EMAIL = Channel
GOOD, FAIR, POOR = Connection


def profile(channels: tuple[Channel, ...], connection: Connection | None, **languages: str) -> Profile:
    skills = tuple(LanguageSkill(tag.replace("_", "-"), level) for tag, level in languages.items())
    return Profile("01P", channels=channels, connection=connection, languages=skills)


def terms_of(mentee: Profile, mentor: Profile) -> Terms:
    return first_terms(Rules(), mentee, mentor)


@pytest.mark.parametrize(("mentees", "mentors", "channels", "fallback"), [
    # Both orders count alike; of equals the mentee's stands first.
    ((VIDEO, CHAT), (CHAT, VIDEO), (VIDEO, CHAT), CHAT),
    ((CHAT, VIDEO, EMAIL), (EMAIL, CHAT, VIDEO), (CHAT, EMAIL, VIDEO), EMAIL),
    # What only one of the two offers is none.
    ((VIDEO, PHONE), (VIDEO, CHAT), (VIDEO,), None),
    # The one light way there is, also where it is the first choice.
    ((CHAT, VIDEO), (CHAT, VIDEO), (CHAT, VIDEO), CHAT),
    ((), (VIDEO,), (), None),
])  # fmt: skip
def test_common_ways_to_meet_in_the_order_of_both(
    mentees: tuple[Channel, ...],
    mentors: tuple[Channel, ...],
    channels: tuple[Channel, ...],
    fallback: Channel | None,
) -> None:
    terms = terms_of(profile(mentees, GOOD), profile(mentors, FAIR))
    assert (terms.channels, terms.fallback) == (channels, fallback)


@pytest.mark.parametrize(("line", "channels", "fallback"), [
    (GOOD, (VIDEO, PHONE, CHAT, EMAIL), PHONE),
    (None, (VIDEO, PHONE, CHAT, EMAIL), PHONE),
    # A poor line carries no video, and the lightest way is kept for when even the others fail.
    (POOR, (PHONE, CHAT, EMAIL), EMAIL),
])  # fmt: skip
def test_a_poor_line_takes_away_what_it_does_not_carry(
    line: Connection | None, channels: tuple[Channel, ...], fallback: Channel
) -> None:
    ways = (VIDEO, PHONE, CHAT, EMAIL)
    for one, other in ((line, GOOD), (GOOD, line)):
        terms = terms_of(profile(ways, one), profile(ways, other))
        assert (terms.channels, terms.fallback) == (channels, fallback)


@pytest.mark.parametrize(("mentee", "mentor", "languages"), [
    ({"sw": "C2", "en": "C1", "fr": "B2"}, {"fr": "C2", "en": "C1"}, ("en", "fr")),
    # By the one who speaks it less well.
    ({"en": "C2", "fr": "B2"}, {"en": "B2", "fr": "C2"}, ("en", "fr")),
    ({"fr": "B2", "en": "B2"}, {"en": "C2", "fr": "C1"}, ("fr", "en")),
    ({"en": "C2", "fr": "B1"}, {"en": "B2", "fr": "C2"}, ("en",)),
    # Below B2 only where there is no other.
    ({"fr": "A2", "en": "B1"}, {"en": "C2", "fr": "C2"}, ("en", "fr")),
    ({"pt_BR": "C2"}, {"pt_PT": "C2"}, ("pt",)),
    ({"sw": "C2"}, {"en": "C2"}, ()),
])  # fmt: skip
def test_common_languages_by_level(
    mentee: dict[str, str], mentor: dict[str, str], languages: tuple[str, ...]
) -> None:
    terms = terms_of(profile((CHAT,), GOOD, **mentee), profile((CHAT,), GOOD, **mentor))
    assert terms.languages == languages


def test_a_draft_says_what_it_lacks() -> None:
    assert terms_of(profile((), None), profile((), None)).missing() == ("channels", "fallback", "languages")
    whole = terms_of(profile((CHAT,), None, en="C1"), profile((CHAT,), None, en="C2"))
    assert whole.missing() == ()
    assert whole.ways() == (CHAT,)


def test_data_of_patients_is_always_out_of_scope() -> None:
    assert scope(()) == (OutOfScope.PATIENT_DATA,)
    assert scope((OutOfScope.CRISIS, OutOfScope.CRISIS)) == (OutOfScope.PATIENT_DATA, OutOfScope.CRISIS)
    with pytest.raises(ValueError, match="patients"):
        Rules(out_of_scope=(OutOfScope.CRISIS,))
    with pytest.raises(ValueError, match="patients"):
        replace(Terms(), out_of_scope=())


def test_terms_are_kept_in_one_spelling_and_all_that_is_wrong_is_said_at_once() -> None:
    given = Terms(channels=(CHAT, VIDEO, CHAT), fallback=CHAT, languages=("EN", "en", "pt-br"))
    checked = checked_terms(given)
    assert (checked.channels, checked.languages) == ((CHAT, VIDEO), ("en", "pt-BR"))
    with pytest.raises(Invalid) as refused:
        checked_terms(replace(given, fallback=VOICE, languages=("en", "xx")))
    assert [one.pointer for one in refused.value.errors] == ["/fallback", "/languages/1"]
    assert LIGHT == (PHONE, CHAT, EMAIL)


def test_a_note_differs_as_what_it_stands_by() -> None:
    before = Terms()
    after = replace(before, boundaries=(), boundaries_note="x", meeting_minutes=30, documents_note="y")
    assert differing(before, after) == ("meeting_minutes", "boundaries", "documents")
    assert differing(before, before) == ()


def test_what_works_is_what_both_found_to_work() -> None:
    terms = Terms(channels=(VIDEO, VOICE), fallback=CHAT, languages=("en",))
    one = Agreement("01M", Wording(1, terms, None, NOW))
    assert (one.first_working(), one.is_tried_out()) == (None, False)
    one = one.tried(Side.MENTOR, {VIDEO: True, VOICE: True, CHAT: True}, NOW)
    assert (one.first_working(), one.is_tried_out()) == (None, False)
    one = one.tried(Side.MENTEE, {VIDEO: False, CHAT: True}, NOW)
    assert (one.first_working(), one.is_tried_out()) == (CHAT, False)
    one = one.tried(Side.MENTEE, {VOICE: True}, NOW)
    assert (one.first_working(), one.is_tried_out()) == (VOICE, True)
    assert one.tried(Side.MENTEE, {VOICE: True}, NOW) is one
    one = one.tried(Side.MENTEE, {VIDEO: True}, NOW)
    assert one.first_working() is VIDEO
    assert len(one.trials) == 6
    with pytest.raises(Invalid):
        one.tried(Side.MENTEE, {PHONE: True}, NOW)
    # Where a way comes back into the terms, what was found of it counts again.
    without = one.rewritten(Side.MENTEE, replace(terms, channels=(VOICE,)), NOW)
    assert without.first_working() is VOICE
    assert without.rewritten(Side.MENTEE, terms, NOW).first_working() is VIDEO
