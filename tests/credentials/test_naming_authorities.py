"""Naming an authority, from the list or not, over HTTP."""

import pytest

from chalicelib.credentials import examples
from chalicelib.credentials.authorities import authorities
from chalicelib.credentials.authority_views import AssessmentView, AuthorityListView
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.remarks import Remark, RemarkCode
from chalicelib.credentials.schemas import CredentialBody
from tests.credentials.support import LICENCE, submit
from tests.support.world import Reply, World

GMC = {"authority_id": "gb-gmc", "authority": None, "country": None, "number": "1234567"}


def errors(answer: Reply) -> dict[str, str]:
    assert answer.status == 422, answer.text
    return {error["pointer"]: error["detail"] for error in answer.json["errors"]}


def remarks(world: World, organisation: str, credential: str) -> list[str]:
    read = world.get(f"/v1/admin/credentials/{credential}", by=world.reviewer(organisation))
    assert read.status == 200, read.text
    return [one["code"] for one in read.json["assessment"]["remarks"]]


def test_the_list_is_read_whole_and_narrowed(world: World) -> None:
    whole = world.get("/v1/codes/authorities")
    assert whole.status == 200, whole.text
    assert [one["id"] for one in whole.json["items"]] == [one.id for one in authorities()]
    found = world.get(
        "/v1/codes/authorities", query={"country": "gbr", "profession": "2212", "kind": "licence"}
    )
    (gmc,) = found.json["items"]
    assert gmc["name"] == "General Medical Council"
    assert gmc["number"] == {
        "label": "A GMC number", "description": "7 digits", "example": "1234567", "check_digit": False,
        "confirmed": True,
    }  # fmt: skip
    assert gmc["sources"]
    assert gmc["read_on"] == "2026-11-22"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [({"country": "XX"}, "/country"), ({"profession": "9999"}, "/profession"), ({"kind": "diploma"}, "/kind"),
     ({"name": "GMC"}, "/name")],
)  # fmt: skip
def test_what_the_list_is_narrowed_by_is_checked(world: World, query: dict, pointer: str) -> None:
    assert pointer in errors(world.get("/v1/codes/authorities", query=query))


def test_the_other_lists_are_still_read(world: World) -> None:
    assert world.get("/v1/codes/countries").status == 200
    assert world.get("/v1/codes/nonsense").status == 404


def test_an_id_brings_the_name_and_the_country(world: World) -> None:
    world.organisation()
    answer = submit(world, world.person(), **GMC)
    assert answer.status == 201, answer.text
    assert answer.json["authority_id"] == "gb-gmc"
    assert answer.json["authority"] == "General Medical Council"
    assert answer.json["country"] == "GB"
    assert answer.json["authority_hint"] is None


def test_a_free_text_stays_as_it_is_and_gets_a_hint(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    answer = submit(world, person, authority="the kmpdc")
    assert answer.status == 201, answer.text
    assert answer.json["authority"] == "the kmpdc"
    assert answer.json["authority_id"] is None
    assert answer.json["authority_hint"] == {
        "id": "ke-kmpdc", "name": "Kenya Medical Practitioners and Dentists Council",
    }  # fmt: skip
    assert remarks(world, organisation, answer.json["id"]) == ["other_authority", "authority_listed"]


def test_another_authority_goes_to_a_reviewer_flagged(world: World) -> None:
    organisation = world.organisation()
    answer = submit(world, world.person(), authority="Board of Physicians of Atlantis", number="Z-1/7 (b)")
    assert answer.json["authority_hint"] is None
    assert remarks(world, organisation, answer.json["id"]) == ["other_authority"]


@pytest.mark.parametrize(
    ("fields", "pointer", "says"),
    [
        ({"authority_id": "xx-nobody", "authority": None}, "/authority_id", "GET /v1/codes/authorities"),
        ({"authority": None}, "/authority", "authority_id"),
        ({**GMC, "authority": "KMPDC"}, "/authority", "authority_id says General Medical Council"),
        ({**GMC, "country": "KE"}, "/country", "is an authority of GB"),
        ({**GMC, "country": "XX"}, "/country", "ISO 3166-1"),
        ({"country": None}, "/country", "ISO 3166-1"),
        ({**GMC, "number": "123456"}, "/number", "A GMC number has 7 digits; this has 6."),
        ({"authority_id": "us-nppes", "authority": None, "country": None, "kind": "registration",
          "number": "1234567890"}, "/number", "check digit"),
        ({"number": "А 10423"}, "/number", "Cyrillic"),
        ({"number": "A\u200f10423"}, "/number", "U+200F"),
        ({"number": "A\u202e10423"}, "/number", "U+202E"),
        ({"number": "A\u000010423"}, "/number", "control character"),
        ({"number": "1\u06632"}, "/number", "digits of two scripts"),
        ({"number": "--"}, "/number", "no letter and no digit"),
        ({"expires_on": "2020-03-01"}, "/expires_on", "after the day of its issue"),
        ({"issued_on": "2026-11-24"}, "/issued_on", "still to come"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_and_nothing_is_written(
    world: World, fields: dict, pointer: str, says: str
) -> None:
    world.organisation()
    person = world.person()
    assert says in errors(submit(world, person, **fields))[pointer]
    assert world.get("/v1/me/credentials", by=person).json["items"] == []


def test_everything_wrong_is_named_at_once(world: World) -> None:
    world.organisation()
    answer = submit(
        world, world.person(), **{**GMC, "country": "KE", "number": "1", "expires_on": "2019-01-01"}
    )
    assert set(errors(answer)) == {"/country", "/number", "/expires_on"}


def test_a_format_that_nobody_confirmed_is_remarked_and_not_refused(world: World) -> None:
    organisation = world.organisation()
    fields = {"authority_id": "za-sanc", "authority": None, "country": None, "number": "2999"}
    answer = submit(world, world.mentor(), **fields)
    assert answer.status == 201, answer.text
    assert "number_unusual" in remarks(world, organisation, answer.json["id"])


def test_the_same_number_in_other_spaces_and_dashes_is_the_same_claim(world: World) -> None:
    world.organisation()
    person = world.person()
    assert submit(world, person, **GMC).status == 201
    assert submit(world, person, **{**GMC, "number": "12-34 567"}).status == 409


def test_a_degree_of_a_listed_country_needs_no_number_of_its_form(world: World) -> None:
    world.organisation()
    for kind in Kind:
        number = "1234567" if kind is Kind.LICENCE else "2020/MED-77"
        wanted = kind not in (Kind.REGISTRATION, Kind.GOOD_STANDING)
        answer = submit(world, world.person(), **{**GMC, "kind": kind.value, "number": number})
        assert (answer.status == 201) is wanted, answer.text


@pytest.mark.parametrize(
    ("kind", "expires_on", "code"),
    [("licence", None, "expiry_missing"), ("degree", "2028-01-01", "expiry_unusual")],
)
def test_a_last_day_that_surprises_is_remarked(
    world: World, kind: str, expires_on: str | None, code: str
) -> None:
    organisation, person = world.organisation(), world.mentor()
    plain = {"authority_id": "ke-kmpdc", "authority": None}
    for each, day in (("registration", None), ("registration", "2028-01-01"), ("fellowship", None)):
        one = submit(world, person, **{**plain, "kind": each, "expires_on": day, "number": f"{each} {day}"})
        assert not {"expiry_missing", "expiry_unusual"} & set(remarks(world, organisation, one.json["id"]))
    one = submit(world, person, **{**plain, "kind": kind, "expires_on": expires_on})
    assert code in remarks(world, organisation, one.json["id"])


def test_a_reviewer_reads_what_a_document_is_worth(world: World) -> None:
    organisation = world.organisation()
    person = world.mentor()
    fields = {"authority_id": "fr-rpps", "authority": None, "country": None, "kind": "registration"}
    credential = submit(world, person, **{**fields, "number": "10 000 000 000"}).json["id"]
    read = world.get(f"/v1/admin/credentials/{credential}", by=world.reviewer(organisation)).json[
        "assessment"
    ]
    assert read["register_number"] == "10000000000"
    assert read["register_url"] == "https://esante.gouv.fr/securite/annuaire-sante"
    assert read["standing"]["worth"] == "registered"
    assert read["standing"]["country"] == "FR"
    assert "ne vaut pas toujours" in read["standing"]["text_fr"]
    (directive,) = read["recognised"]
    assert directive["scheme"] == "eu-2005-36"
    assert "DE" in directive["countries"]
    assert "FR" not in directive["countries"]
    assert "not yet a licence to practise" in directive["text"]
    assert directive["sources"]
    assert directive["read_on"] == "2026-11-22"


def test_clients_of_before_send_what_they_sent(world: World) -> None:
    world.organisation()
    answer = submit(world, world.person())
    assert answer.status == 201, answer.text
    assert {name: answer.json[name] for name in LICENCE} == LICENCE


def test_the_examples_are_what_the_service_says() -> None:
    claim = CredentialBody.model_validate(examples.BODIES["submit_credential"]).to_model()
    shown = examples.ANSWERS["read_credential"]
    elsewhere = Remark(RemarkCode.NUMBER_CLAIMED_ELSEWHERE)
    assessed = AssessmentView.of(claim, shown["profession"], shown["person_name"], (elsewhere,))
    assert assessed.model_dump(mode="json") == shown["assessment"]
    (nmc,) = authorities("GB", "2221", "registration")
    listed = AuthorityListView.of((nmc,)).model_dump(mode="json")
    assert listed == examples.ANSWERS["list_authorities"]
