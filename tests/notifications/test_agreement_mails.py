"""The mails of an agreement, from the change that causes each."""

from datetime import timedelta

import pytest

from chalicelib.mentorships.jobs import look_at_mentorships
from chalicelib.notifications.model import Kind
from tests.mentorships.agreements.test_agreements import pause
from tests.mentorships.agreements.two import Two, two_of
from tests.mentorships.scene import fire, make_scene
from tests.notifications.post import PostOffice
from tests.notifications.test_facts import latest, live, outcomes, read


@pytest.fixture
def two(office: PostOffice) -> Two:
    """A pair that has read its draft, and all mail so far."""
    made = two_of(make_scene(office.world))
    made.read()
    live(office, minutes=5)
    return made


def test_who_has_not_signed_reads_whether_the_other_has(office: PostOffice, two: Two) -> None:
    two.sign(two.mentee, 1)
    office.world.pass_time(days=3)
    fire(look_at_mentorships)
    live(office, minutes=5)
    subject, text = read(office, two.mentor)[-1]
    assert subject == "Hearts across borders: your agreement waits for you"
    assert "Amina Otieno has signed what you two agree on." in text
    assert f"/mentorships/{two.id}" in text
    assert not any("agreement" in subject for subject, _ in read(office, two.mentee))


def test_both_read_it_each_in_their_language(office: PostOffice, two: Two) -> None:
    assert office.world.patch("/v1/me", {"locale": "fr"}, by=two.mentee).status == 200
    office.world.pass_time(days=3)
    fire(look_at_mentorships)
    live(office, minutes=5)
    assert "What you and Amina Otieno agree on is not signed yet." in latest(office, two.mentor, 1)
    subject, text = read(office, two.mentee)[-1]
    assert subject == "Hearts across borders\u00a0: votre accord vous attend"
    assert "L’accord entre Claire Tremblay et vous n’est pas encore signé." in text


def test_who_had_signed_reads_what_is_new_and_both_read_of_the_end(office: PostOffice, two: Two) -> None:
    two.sign(two.mentee, 1)
    assert two.change(two.mentor, 1).status == 200
    live(office, minutes=5)
    subject, text = read(office, two.mentee)[-1]
    assert subject == "Hearts across borders: your agreement was changed"
    assert "Claire Tremblay has changed what you had signed." in text
    for words in ("Changed:", "- How we meet", "- How long we meet", "- Where we share documents"):
        assert words in text
    assert "- Languages" not in text
    assert "Not on Fridays" not in text, "what they wrote stays in the service"
    two.sign(two.mentor, 2)
    two.sign(two.mentee, 2)
    live(office, minutes=5)
    for person in (two.mentee, two.mentor):
        assert read(office, person)[-1][0] == "Hearts across borders: you have both signed your agreement"


def test_of_two_changes_before_the_mail_all_that_differs_is_told(office: PostOffice, two: Two) -> None:
    two.sign(two.mentee, 1)
    terms = two.read()["terms"]
    two.change(two.mentor, 1, **{**terms, "meeting_minutes": 60})
    two.change(two.mentor, 2, **{**terms, "meeting_minutes": 60, "rhythm": "monthly"})
    live(office, minutes=5)
    text = read(office, two.mentee)[-1][1]
    assert "- How often we meet" in text
    assert "- How long we meet" in text
    assert outcomes(office, Kind.AGREEMENT_CHANGED, two.mentee) == ["sent"]


@pytest.mark.parametrize("meanwhile", ["signed", "paused"])
def test_a_reminder_whose_reason_has_gone_is_not_sent(office: PostOffice, two: Two, meanwhile: str) -> None:
    office.world.at += timedelta(days=3)
    fire(look_at_mentorships)
    if meanwhile == "paused":
        pause(two)
        expected = ["moot", "moot"]
    else:
        two.sign(two.mentor, 1)
        expected = ["moot", "sent"]
    live(office, minutes=5)
    assert outcomes(office, Kind.AGREEMENT_UNSIGNED, two.mentor, two.mentee) == expected


def test_that_both_signed_is_not_told_once_it_was_changed(office: PostOffice, two: Two) -> None:
    two.sign(two.mentee, 1)
    two.sign(two.mentor, 1)
    two.change(two.mentor, 1)
    live(office, minutes=5)
    assert outcomes(office, Kind.AGREEMENT_SIGNED, two.mentor, two.mentee) == ["moot", "moot"]
    assert "your agreement was changed" in read(office, two.mentee)[-1][0]
