"""What reviewers are told of a claim: the number that another claims, and the name that is another's."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.credentials import number_store, store
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.remark_words import sentence
from chalicelib.credentials.remarks import NAMES_ALIKE, Remark, RemarkCode
from chalicelib.people import store as people_store
from chalicelib.platform import tables
from tests.credentials.registries.test_names import ALIKE, APART, SAME
from tests.credentials.support import LICENCE, reject, revoke, submit, submitted, verify, want_more
from tests.support.world import World


class Office:
    """An organisation with a reviewer, and a person whose licence waits for them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.organisation = world.organisation()
        self.reviewer = world.reviewer(self.organisation)
        self.person = world.person()
        self.case = self.submitted(self.person)

    def submitted(self, person: str, **fields: Any) -> str:
        return submitted(self.world, person, **{"organisation_id": self.organisation, **fields})

    def remarks(self, case: str | None = None, by: str | None = None) -> dict[str, Any]:
        """Return what a reviewer is told of a case beyond the claim by itself, by code."""
        read = self.world.get(f"/v1/admin/credentials/{case or self.case}", by=by or self.reviewer)
        assert read.status == 200, read.text
        return {one["code"]: one for one in read.json["assessment"]["remarks"]}

    def others(self, case: str | None = None, by: str | None = None) -> list[str]:
        """Return the credentials that are named to a reviewer as claiming the number of a case."""
        told = self.remarks(case, by).get("number_claimed", {"claims": []})
        return [one["credential_id"] for one in told["claims"]]


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


def test_both_cases_name_the_other_to_who_may_open_it(office: Office) -> None:
    assert office.others() == []
    twin = office.world.person(name="Baraka Were")
    # The same number of the same authority, whatever the spaces, and by its abbreviation.
    other = office.submitted(twin, number="a-10 423", authority="KMPDC", kind="registration")
    told = office.remarks()["number_claimed"]
    assert told["claims"] == [{
        "credential_id": other, "person_id": twin, "person_name": "Baraka Were",
        "organisation_id": office.organisation, "status": "submitted", "revision": 1, "is_current": True,
    }]  # fmt: skip
    assert (told["text"], told["text_fr"]) == tuple(
        sentence(Remark(RemarkCode.NUMBER_CLAIMED), one) for one in ("en", "fr")
    )
    assert told["text"] != told["text_fr"]
    assert office.others(other) == [office.case]
    assert "number_claimed_elsewhere" not in office.remarks()


@pytest.mark.parametrize(
    "fields",
    [
        {"number": "A 10424"},
        {"authority": "Nursing Council of Kenya"},
        {"authority": "A council of doctors", "country": "UG"},
        {"kind": "board_certification"},
    ],
    ids=["another number", "another authority", "another country", "not of the register"],
)
def test_another_entry_is_no_remark(office: Office, fields: dict[str, Any]) -> None:
    office.submitted(office.world.person(), **fields)
    assert office.others() == []


def test_ones_own_second_document_is_no_remark(office: Office) -> None:
    office.submitted(office.person, kind="registration")
    assert office.others() == []


def test_who_submits_is_told_nothing(office: Office) -> None:
    """Neither the second who brings the number nor the first: each would learn who else is here."""
    twin = office.world.person()
    alone = submit(office.world, office.world.person(), number="B 1").json
    doubled = submit(office.world, twin)
    fields = {"id", "submitted_at", "number"}
    assert {k: v for k, v in doubled.json.items() if k not in fields} == {
        k: v for k, v in alone.items() if k not in fields
    }
    assert office.others(doubled.json["id"]) == [office.case]
    for person, case, theirs in (
        (office.person, office.case, twin),
        (twin, doubled.json["id"], office.person),
    ):
        for path in (f"/v1/me/credentials/{case}", f"/v1/me/credentials/{case}/trail", "/v1/me/credentials"):
            told = office.world.get(path, by=person).text
            assert theirs not in told
            assert "claimed" not in told


def test_a_case_that_the_reader_may_not_open_is_told_of_and_not_named(office: Office) -> None:
    world = office.world
    other_house = world.organisation("Lakeside Clinics")
    twin = world.person(name="Baraka Were")
    other = office.submitted(twin, organisation_id=other_house)
    told = office.remarks()
    assert told["number_claimed_elsewhere"]["claims"] == []
    assert "number_claimed" not in told
    for secret in (twin, other, other_house, "Baraka"):
        assert secret not in str(told)
    assert office.others(by=world.admin()) == [other]
    # A reviewer may bring the number themselves: that case is their own, and not theirs to open.
    mine = world.person(name="Chidi Obi")
    office.submitted(office.reviewer, number="C 7")
    third = office.submitted(mine, number="C 7")
    assert set(office.remarks(third)) & {"number_claimed", "number_claimed_elsewhere"} == {
        "number_claimed_elsewhere"
    }


def test_a_case_of_somebody_whom_the_reader_mentors_is_told_of_and_not_named(office: Office) -> None:
    twin = office.world.person(name="Baraka Were")
    other = office.submitted(twin)
    assert office.others() == [other]
    office.world.write(people_store.put_tie(office.reviewer, twin, office.world.at))
    told = office.remarks()
    assert "number_claimed" not in told
    assert not [one for one in (other, twin, "Baraka") if one in str(told)]
    assert told["number_claimed_elsewhere"]["claims"] == []


def test_a_drafts_wordings_claim_nothing_and_what_was_withdrawn_goes_on(office: Office) -> None:
    world, twin = office.world, office.world.person()
    other = office.submitted(twin, draft=True)
    body = {**LICENCE, "number": "D 9"}
    assert world.put(f"/v1/me/credentials/{other}", body, by=twin).status == 200
    assert office.others() == []
    assert world.post(f"/v1/me/credentials/{other}/submit", by=twin).status == 200
    assert office.others() == [], "the number of the draft's first wording came to nobody"
    third = office.submitted(world.person(), number="D-9")
    assert office.others(third) == [other]
    assert world.delete(f"/v1/me/credentials/{other}", by=twin).status == 204
    (told,) = office.remarks(third)["number_claimed"]["claims"]
    assert (told["status"], told["is_current"]) == ("withdrawn", True)


def test_a_draft_that_was_withdrawn_claims_nothing(office: Office) -> None:
    twin = office.world.person()
    other = office.submitted(twin, draft=True)
    assert office.world.delete(f"/v1/me/credentials/{other}", by=twin).status == 204
    assert not set(office.remarks()) & {"number_claimed", "number_claimed_elsewhere"}


def test_what_was_verified_and_amended_claims_its_earlier_number_too(office: Office) -> None:
    """What was verified by it still counts; nor does revoking it, or claiming a third number, give it up."""
    world, twin = office.world, office.world.person()
    other = office.submitted(twin)
    assert verify(world, other, office.reviewer).status == 200

    def told(case: str | None = None) -> list[tuple[str, str, int, bool]]:
        claims = office.remarks(case)["number_claimed"]["claims"]
        return [(one["credential_id"], one["status"], one["revision"], one["is_current"]) for one in claims]

    for number in ("D 9", "E 9"):
        body = {**LICENCE, "number": number}
        assert world.put(f"/v1/me/credentials/{other}", body, by=twin).status == 200
    third = office.submitted(world.person(), number="D-9")
    assert told() == [(other, "submitted", 1, False)]
    assert told(third) == [(other, "submitted", 2, False)]
    assert revoke(world, other, office.reviewer).status == 200
    assert told() == [(other, "revoked", 1, False)]


def test_what_more_was_wanted_of_claims_what_came_to_the_reviewers(office: Office) -> None:
    """A wording that its person has not submitted again, and perhaps never does, claims nothing."""
    world, twin = office.world, office.world.person()
    other = office.submitted(twin)
    assert want_more(world, other, office.reviewer).status == 200
    between, last = (office.submitted(world.person(), number=number) for number in ("D-9", "E-9"))
    for number in ("D 9", "E 9"):
        body = {**LICENCE, "number": number}
        assert world.put(f"/v1/me/credentials/{other}", body, by=twin).status == 200
    assert [office.others(case) for case in (None, between, last)] == [[other], [], []]
    assert world.post(f"/v1/me/credentials/{other}/submit", by=twin).status == 200
    assert [office.others(case) for case in (None, between, last)] == [[other], [], [other]]
    # A row of the wording in between is not believed either.
    credential, case = store.get_credential(other), store.get_credential(between)
    assert credential is not None
    assert case is not None
    row = number_store.place(replace(credential, claim=case.claim, revision=2), world.at)
    world.write(*row)
    assert office.others(between) == []


def test_claiming_a_case_shows_all_that_reading_it_does(office: Office) -> None:
    """Whoever has claimed a wording may decide on it: nobody can have missed what is remarked."""
    world = office.world
    world.pass_time(minutes=1)
    office.submitted(world.person())
    seen = {"address": "https://example.org/r", "seen_at": "2026-11-22T08:59:00Z", "outcome": "not_found"}
    path = f"/v1/admin/credentials/{office.case}"
    assert world.post(f"{path}/checks/manual", seen, by=office.reviewer).status == 201
    body = {**LICENCE, "issued_on": "2020-03-02"}
    assert world.put(f"/v1/me/credentials/{office.case}", body, by=office.person).status == 200
    announced = world.post(f"{path}/evidence", {"name": "a.pdf", "type": "pdf"}, by=office.reviewer)
    assert announced.status == 201, announced.text
    for held in (
        world.post("/v1/admin/credentials/claims", {}, by=office.reviewer),
        world.post(f"{path}/claim", by=office.reviewer),
    ):
        assert held.json["id"] == office.case
        codes = {one["code"] for one in held.json["assessment"]["remarks"]}
        assert codes >= {"number_claimed", "checks_outdated"}
        assert held.json == world.get(path, by=office.reviewer).json
        assert [len(held.json[name]) for name in ("evidence", "checks")] == [1, 1]


def test_what_was_rejected_or_revoked_goes_on_claiming_and_says_so(office: Office) -> None:
    """The next who brings the number may be the same person by another name."""
    world = office.world
    twin = office.submitted(world.person())
    world.pass_time(minutes=1)
    third = office.submitted(world.person())
    assert reject(world, twin, office.reviewer).status == 200
    assert verify(world, third, office.reviewer).status == 200
    states = [one["status"] for one in office.remarks()["number_claimed"]["claims"]]
    assert states == ["verified", "rejected"], "the latest first"
    assert revoke(world, third, office.reviewer).status == 200
    assert office.remarks()["number_claimed"]["claims"][0]["status"] == "revoked"


def test_what_is_erased_leaves_no_remark(office: Office) -> None:
    """Whether the row of the number is erased with it, or left behind."""
    other = office.submitted(office.world.person())
    assert office.others() == [other]
    office.world.write(tables.delete_entry(*store.credential_key(other)))
    assert not set(office.remarks()) & {"number_claimed", "number_claimed_elsewhere"}


def test_a_row_that_was_left_behind_tells_nothing(office: Office) -> None:
    """What stands under a number is believed only as far as the credential itself bears it out."""
    twin = office.world.person()
    other = store.get_credential(office.submitted(twin, number="F 5"))
    credential = store.get_credential(office.case)
    assert other is not None
    assert credential is not None
    office.world.write(*number_store.place(replace(other, claim=credential.claim), office.world.at))
    assert [
        one.credential_id for one in number_store.claimants(str(number_store.key_of(credential)))
    ] == sorted([office.case, other.id])
    assert office.others() == []


def test_however_many_bring_it_the_case_is_read_in_as_many_reads(office: Office) -> None:
    """And a crowd at another organisation hides nobody whom the reader may see."""
    twin = office.submitted(office.world.person())
    elsewhere = office.world.organisation("Lakeside Clinics")
    credential = store.get_credential(office.case)
    assert credential is not None
    key = number_store.key_of(credential)
    row = number_store.NumberRow
    office.world.write(*(
        tables.put_entry(row(
            f"NUMBER#{key}", f"01ZZ{n:022d}", person_id=f"P{n}", organisation_id=elsewhere, **tables.stamps("now")
        ))
        for n in range(90)
    ))  # fmt: skip
    with office.world.counted() as calls:
        assert office.others() == [twin]
    assert calls == ["BatchGetItem", "Query", "Query", "BatchGetItem", "BatchGetItem", "TransactWriteItems"]


def test_spellings_of_one_authority_are_one() -> None:
    def key(**fields: Any) -> str | None:
        claim = {**LICENCE, **fields}
        return Claim(
            claim["kind"], claim["authority"], claim["number"], "A", claim["country"], claim["issued_on"],
            authority_id=claim.get("authority_id"),
        ).number_key  # fmt: skip

    assert key() == key(authority_id="ke-kmpdc", authority="") == key(authority="the KMPDC", number="a10423")
    assert key(authority="Board of X.") == key(authority="board  of X") != key(authority="board of Y")
    assert key(number="") is None


# Names.


def test_one_threshold_parts_one_persons_names_from_two_persons() -> None:
    """In the middle of what lies between the two, by the names that the comparison itself is held to."""
    from chalicelib.credentials.registries.names import compare

    lowest = min(compare(*one).score for one in SAME + ALIKE)
    highest = max(compare(*one).score for one in APART)
    assert highest < NAMES_ALIKE < lowest
    assert abs((lowest - NAMES_ALIKE) - (NAMES_ALIKE - highest)) <= 2


def test_a_name_that_is_another_is_remarked_with_its_score(office: Office) -> None:
    assert "name_differs" not in office.remarks(), "Amina W. Otieno beside Amina Otieno"
    other = office.submitted(office.person, name_on_document="Amina Njeri Wanjiru", number="E 1")
    told = office.remarks(other)["name_differs"]
    compared = told["comparison"]
    assert (compared["ours"], compared["theirs"]) == ("Amina Njeri Wanjiru", "Amina Otieno")
    assert compared["score"] < NAMES_ALIKE
    assert f"{compared['score']} of 100" in told["text"]
    assert f"{compared['score']} sur 100" in told["text_fr"]
    assert verify(office.world, other, office.reviewer).status == 200, "it decides nothing"
