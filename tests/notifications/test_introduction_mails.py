"""The mails of an introduction, from the answer that causes each."""

from chalicelib.notifications.model import Kind
from tests.mentorships.introductions.three import LISTED, make_three
from tests.notifications.post import PostOffice
from tests.notifications.test_facts import live, outcomes, read


def test_each_is_asked_in_their_language_and_has_the_address_at_the_end(office: PostOffice) -> None:
    three = make_three(office.world)
    pair = three.pair
    assert office.world.patch("/v1/me", {"locale": "fr"}, by=three.third).status == 200
    one = three.introduced()
    live(office, minutes=5)
    subject, text = read(office, pair.mentee)[-1]
    assert subject == "Hearts across borders: somebody whom you could meet"
    assert "Wanjiru Njeri" in text
    assert "@" not in text.partition("You get this mail")[0]

    three.say(one, pair.mentee)
    live(office, minutes=5)
    subject, text = read(office, three.third)[-1]
    assert subject == "Hearts across borders\u00a0: un mentor souhaite vous présenter quelqu’un"
    assert "Amina Otieno" in text

    three.say(one, three.third)
    live(office, minutes=5)
    subject, text = read(office, pair.mentee)[-1]
    assert subject == "Hearts across borders: you two can write to each other"
    assert LISTED in text
    assert "Adresse électronique" in read(office, three.third)[-1][1]
    assert not any("introdu" in subject for subject, _ in read(office, pair.mentor))


def test_what_is_taken_back_meanwhile_is_not_mailed(office: PostOffice) -> None:
    three = make_three(office.world)
    one = three.introduced()
    three.say(one, three.pair.mentee)
    three.say(one, three.pair.mentor, "no")
    live(office, minutes=5)
    assert outcomes(office, Kind.INTRODUCTION_OFFERED, three.pair.mentee) == ["moot"]
    assert outcomes(office, Kind.INTRODUCTION_ASKED, three.third) == ["moot"]
