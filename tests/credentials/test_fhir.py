"""What a person's qualifications are in FHIR R4, by the models that others read FHIR with."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fhir.resources.R4B.practitioner import Practitioner
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from chalicelib.credentials import audit, examples, fhir, numbers, service, store
from chalicelib.credentials.authorities import authorities, authority
from chalicelib.credentials.claims import Claim
from chalicelib.credentials.decisions import Decision
from chalicelib.credentials.kinds import Kind
from chalicelib.credentials.model import Credential, Status
from chalicelib.credentials.trail import Head
from chalicelib.people.model import Person, PersonStatus
from tests.architecture.imports import ROOT
from tests.credentials.support import LICENCE, revoke, submit, submitted, trail_of, verify, want_more
from tests.support.world import Reply, World

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PERSON_ID = "01M45H7NQ0WACY5N36ZNNWNY9C"
ISSUER = "https://login.example/pool"


def of(**fields: Any) -> Claim:
    given = {
        "kind": Kind.LICENCE, "authority": "A council", "number": "A 1", "name_on_document": "A", "country": "KE",
        "issued_on": date(2020, 3, 1), "expires_on": date(2028, 2, 29),
    }  # fmt: skip
    return Claim(**{**given, **fields})


def listed(authority_id: str, number: str, kind: Kind = Kind.REGISTRATION) -> Claim:
    found = authority(authority_id)
    assert found is not None
    return of(
        kind=kind, authority=found.name, country=found.country, authority_id=authority_id, number=number
    )


def person(given: str = "Amina", family: str = "Otieno") -> Person:
    return Person(PERSON_ID, "amina@example.org", given, family, "en", PersonStatus.ACTIVE)


def decided(
    claim: Claim, status: Status = Status.VERIFIED, until: date | None = date(2028, 2, 29)
) -> Credential:
    decision = Decision("01M45H7NQ0WACY5N36ZNNWNY9D", NOW - timedelta(days=9), valid_until=until)
    return Credential(
        "01M45H7NQ0WACY5N36ZNNWNY9E", PERSON_ID, "A", None, "01M45H7NQ0WACY5N36ZNNWNY9F", claim,
        NOW - timedelta(days=30), status, decision=decision,
    )  # fmt: skip


def shown(credential: Credential) -> dict[str, Any]:
    resource = fhir.practitioner(person(), [credential], NOW, ISSUER)
    (one,) = resource["qualification"]
    return one


# The resource.


LINES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp")), min_size=1, max_size=40
).map(lambda text: " ".join(text.split()))
DAYS = st.dates(date(1960, 1, 1), date(2060, 12, 31))
CLAIMS = st.builds(
    Claim,
    kind=st.sampled_from(Kind),
    authority=LINES.filter(bool),
    number=LINES,
    name_on_document=LINES,
    country=st.sampled_from(["KE", "GB", "CA", "FR"]),
    issued_on=DAYS,
    expires_on=st.none() | DAYS,
    authority_id=st.none() | st.sampled_from([one.id for one in authorities()]),
)


@st.composite
def credentials(draw: st.DrawFn) -> Credential:
    status = draw(st.sampled_from(Status).filter(lambda one: one is not Status.EXPIRED))
    days = None if status is Status.REVOKED else draw(DAYS)
    return decided(draw(CLAIMS), status, days)


@settings(max_examples=200, deadline=None)
@given(given_name=LINES, family=LINES, cases=st.lists(credentials(), max_size=5))
def test_whatever_was_decided_is_valid_fhir(given_name: str, family: str, cases: list[Credential]) -> None:
    resource = fhir.practitioner(person(given_name, family), cases, NOW, ISSUER)
    wire = json.dumps(resource)
    read = Practitioner.model_validate_json(wire)
    assert json.loads(read.model_dump_json()) == resource, "the reader loses nothing and adds nothing"

    expected = [one for one in cases if one.status_at(NOW) in fhir.SHOWN]
    found = read.qualification or []
    assert len(found) == len(expected)
    for one, case in zip(found, expected, strict=True):
        said = {extension.url: extension for extension in one.extension}
        assert said[fhir.STATUS].valueCode == case.status_at(NOW).value
        assert said[fhir.COUNTRY].valueCoding.code == case.claim.country
        assert one.code.coding[0].code == case.claim.kind.value
        assert one.issuer.reference is None, "there is no Organization to be read"
        assert one.period.start <= one.period.end
        assert bool(one.identifier) == bool(case.claim.number)
        if case.status_at(NOW) is not Status.VERIFIED and case.claim.issued_on < NOW.date():
            assert one.period.end < NOW.date(), "who does not know the extension is not misled"
    assert "amina@example.org" not in wire


def test_a_validator_of_r4_would_refuse_what_is_wrong() -> None:
    """Else the test above could not fail."""
    good = fhir.practitioner(person(), [decided(of())], NOW, ISSUER)
    for change in ({"qualification": [{"period": {}}]}, {"name": "Amina"}, {"licence": []}):
        with pytest.raises(ValidationError):
            Practitioner.model_validate({**good, **change})


def test_the_example_of_the_description_is_what_the_code_writes() -> None:
    claim = replace(
        listed("ca-qc-cmq", "CMQ-19284", Kind.LICENCE),
        issued_on=date(2009, 7, 1),
        expires_on=date(2027, 6, 30),
    )
    case = replace(decided(claim, until=claim.expires_on), id=examples.PARAMETERS["credential_id"])
    claire = replace(person("Claire", "Tremblay"), id=examples.PARAMETERS["person_id"])
    assert fhir.practitioner(claire, [case], NOW, ISSUER) == examples.ANSWERS["read_practitioner"]


@pytest.mark.parametrize("status", sorted(set(Status) - fhir.SHOWN))
def test_what_nobody_has_verified_is_no_qualification(status: Status) -> None:
    assert "qualification" not in fhir.practitioner(person(), [decided(of(), status)], NOW, ISSUER)


def test_each_state_has_its_code_and_its_end() -> None:
    verified, expired = decided(of()), decided(of(), until=date(2026, 11, 21))
    revoked = decided(of(), Status.REVOKED, None)
    found = [
        (shown(one)["extension"][0]["valueCode"], shown(one)["period"])
        for one in (verified, expired, revoked)
    ]
    assert found == [
        ("verified", {"start": "2020-03-01", "end": "2028-02-29"}),
        ("expired", {"start": "2020-03-01", "end": "2026-11-21"}),
        ("revoked", {"start": "2020-03-01", "end": "2026-11-13"}),
    ]


def test_a_document_revoked_before_its_day_began_in_utc_ends_with_it() -> None:
    claim = of(issued_on=date(2026, 11, 14))
    assert shown(decided(claim, Status.REVOKED, None))["period"] == {
        "start": "2026-11-14",
        "end": "2026-11-14",
    }


# Identifiers.


def test_numbers_of_registers_have_the_systems_that_others_use() -> None:
    for authority_id, number, said in [
        ("us-nppes", "1234567893", ("http://hl7.org/fhir/sid/us-npi", "1234567893")),
        ("gb-gmc", "700 0001", ("https://fhir.hl7.org.uk/Id/gmc-number", "7000001")),
        ("au-ahpra", "med0000000001", ("http://hl7.org.au/id/ahpra-registration-number", "MED0000000001")),
    ]:
        (identifier,) = shown(decided(listed(authority_id, number)))["identifier"]
        assert (identifier["system"], identifier["value"]) == said


@pytest.mark.parametrize(
    "claim",
    [
        listed("gb-gmc", "L12345"),
        listed("gb-gmc", "7000001", Kind.DEGREE),
        listed("ke-kmpdc", "A 1"),
        of(number="7000001", authority="General Medical Council", country="GB"),
    ],
    ids=["another form", "another kind", "no sourced system", "free text"],
)
def test_a_number_that_is_none_of_the_register_is_not_passed_off_as_one(claim: Claim) -> None:
    (identifier,) = shown(decided(claim))["identifier"]
    assert identifier["system"].startswith("urn:uuid:")
    assert identifier["value"] == claim.number
    assert identifier["assigner"] == {"display": claim.authority}


def test_a_system_of_ours_is_the_same_for_one_authority_and_another_for_others() -> None:
    def system(claim: Claim, issuer: str = ISSUER) -> str:
        return fhir.identifier_system(claim, issuer)

    assert system(of(number="1")) == system(of(number="2", authority="a  Council", kind=Kind.REGISTRATION))
    others = [of(), of(country="UG"), of(authority="B council"), of(kind=Kind.DEGREE)]
    assert len({system(one) for one in others} | {system(of(), "https://login.example/other")}) == 5


def test_the_list_of_systems_is_of_authorities_of_ours_and_sourced() -> None:
    for authority_id, system in fhir.systems().items():
        found = authority(authority_id)
        assert found is not None, authority_id
        assert system.startswith(("http://", "https://", "urn:oid:"))
        if found.number is not None:
            assert numbers.misfit(found.number.example, found.number) is None
    rows = (ROOT / "chalicelib/credentials/data/identifier_systems.csv").read_text().splitlines()[1:]
    assert len(rows) == len(fhir.systems())
    for row in rows:
        _, _, source, day = row.split(",")
        assert source.startswith("https://")
        assert date.fromisoformat(day)


def test_the_document_names_all_that_is_ours() -> None:
    text = (ROOT / "docs" / "fhir.md").read_text(encoding="utf-8")
    for word in (fhir.KINDS, fhir.STATUS, fhir.COUNTRY, *Kind, *fhir.SHOWN, *fhir.DISPLAY.values()):
        assert word in text, word


# The route.


def read(world: World, who: str, by: str) -> Reply:
    return world.get(f"/v1/people/{who}/fhir/Practitioner", by=by)


def codes(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.text
    return [one["extension"][0]["valueCode"] for one in reply.json.get("qualification", [])]


def test_a_person_hands_on_what_was_verified_of_them(world: World) -> None:
    organisation, someone = world.organisation(), world.person(name="Amina Otieno")
    credential = submitted(world, someone)
    assert codes(read(world, someone, someone)) == []
    assert verify(world, credential, world.reviewer(organisation)).status == 200
    before = trail_of(world, credential, someone)
    reply = read(world, someone, someone)
    assert reply.headers["Content-Type"] == "application/fhir+json"
    assert reply.headers["Cache-Control"] == "no-store"
    found = Practitioner.model_validate_json(reply.text)
    assert (found.id, found.name[0].text) == (someone, "Amina Otieno")
    assert found.telecom is None
    assert found.qualification[0].identifier[0].value == LICENCE["number"]
    assert trail_of(world, credential, someone) == before, "to look at one's own is no event"


def test_time_and_revocation_are_in_the_next_read(world: World) -> None:
    organisation, someone = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    first, second = submitted(world, someone), submitted(world, someone, number="B 2")
    for one in (first, second):
        assert verify(world, one, reviewer).status == 200
    assert codes(read(world, someone, someone)) == ["verified", "verified"]
    assert revoke(world, first, reviewer).status == 200
    assert sorted(codes(read(world, someone, someone))) == ["revoked", "verified"]
    world.pass_time(days=365 * 3)
    assert sorted(codes(read(world, someone, someone))) == ["expired", "revoked"]


def test_a_reviewer_sees_their_organisations_and_the_trail_keeps_it(world: World) -> None:
    ours, theirs, someone = world.organisation(), world.organisation("Other"), world.person()
    reviewer, other = world.reviewer(ours), world.reviewer(theirs)
    mine = submitted(world, someone, organisation_id=ours)
    foreign = submitted(world, someone, organisation_id=theirs, number="B 2")
    for credential, by in ((mine, reviewer), (foreign, other)):
        assert verify(world, credential, by).status == 200
    found = read(world, someone, reviewer)
    assert [one["id"] for one in found.json["qualification"]] == [mine]
    assert "B 2" not in found.text
    assert trail_of(world, mine, someone)[-1] == ("view", "verified", "verified")
    assert trail_of(world, foreign, someone)[-1][0] == "verify"
    assert store.whole_trail(mine)[-1].actor == reviewer
    assert audit.faults_of(mine) == []
    assert len(codes(read(world, someone, world.admin()))) == 2


def test_nobody_else_learns_that_there_is_anything(world: World) -> None:
    organisation, elsewhere, someone = world.organisation(), world.organisation("Other"), world.person()
    credential = submitted(world, someone, organisation_id=organisation)
    assert verify(world, credential, world.reviewer(organisation)).status == 200
    draft = world.person()
    assert submit(world, draft, organisation_id=organisation, draft=True).status == 201
    missing = read(world, "01ARZ3NDEKTSV4RRFFQ69G5FAV", someone)
    for who, by in [
        (someone, world.person()),
        (someone, world.coordinator(organisation)),
        (someone, world.reviewer(elsewhere)),
        (draft, world.reviewer(organisation)),
    ]:
        reply = read(world, who, by)
        assert (reply.status, reply.json["title"]) == (404, missing.json["title"])
        assert LICENCE["number"] not in reply.text
    assert trail_of(world, credential, someone)[-1][0] == "verify"


def test_what_is_reviewed_again_is_left_out_with_its_new_wording(world: World) -> None:
    organisation, someone = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, someone)
    assert verify(world, credential, reviewer).status == 200
    path, coordinator = f"/v1/organisations/{organisation}/review-batches", world.coordinator(organisation)
    assert world.post(path, {"person_id": someone, "reason": "Again."}, by=coordinator).status == 201
    world.follow_up()
    assert want_more(world, credential, reviewer).status == 200
    assert codes(read(world, someone, someone)) == []


def test_many_are_read_in_pieces(world: World) -> None:
    organisation, someone = world.organisation(), world.person()
    seen = service.get_credential(submitted(world, someone, organisation_id=organisation))
    assert seen is not None
    decision = Decision("R", world.at, valid_until=world.at.date() + timedelta(days=40))
    for _ in range(27):
        # A written past needs no review of twenty-seven cases.
        one = replace(
            seen, id=world.call(someone).new_id(), status=Status.VERIFIED, decision=decision, created_at=None,
            version=None,
        )  # fmt: skip
        entry = store.entry_after(
            Head(), one, at=world.at, actor="R", by="reviewer", action="verify", before=None, after=one.status,
            detail={},
        )  # fmt: skip
        world.write(store.put_credential(one, world.at), *store.put_entry(entry, Head(), world.at))
    reviewer = world.reviewer(organisation)
    with world.counted() as calls:
        assert len(codes(read(world, someone, reviewer))) == 27
    assert calls.count("TransactWriteItems") == 2
    with world.counted() as calls:
        assert len(codes(read(world, someone, someone))) == 27
    assert calls == ["BatchGetItem", "Query", "BatchGetItem", "BatchGetItem"]
