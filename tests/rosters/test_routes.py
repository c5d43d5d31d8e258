"""Rosters over HTTP, and the handlers by the names that they are deployed under."""

import importlib
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.people import service as people
from chalicelib.platform import documents
from chalicelib.platform.outbox import Topic
from chalicelib.rosters import service
from chalicelib.rosters.model import parse_roster
from tests.rosters.conftest import Rosters, make_rosters, person, sheet
from tests.support.lambda_context import LambdaContext
from tests.support.world import World


def handler(name: str):
    return getattr(importlib.import_module("chalicelib.rosters.jobs"), name)


def uploaded(key: str) -> dict:
    return {
        "version": "0", "id": "1", "account": "0", "time": "2026-11-22T09:00:00Z", "region": "eu-west-1",
        "resources": [], "source": "aws.s3", "detail-type": "Object Created",
        "detail": {"bucket": {"name": "documents"}, "object": {"key": key, "size": 3}},
    }  # fmt: skip


def queued(*bodies: str) -> dict:
    return {
        "Records": [
            {
                "messageId": f"m{n}",
                "body": body,
                "receiptHandle": "r",
                "attributes": {},
                "messageAttributes": {},
            }
            for n, body in enumerate(bodies)
        ]
    }


def test_an_import_from_opening_to_report(rosters: Rosters):
    world, path = rosters.world, f"/v1/programmes/{rosters.programme}/roster"
    body = {"filename": "Mentoren.csv", "role": "mentor", "column_map": {"Vorname": "given_name"}}
    opened = world.post(path, body, by=rosters.coordinator)
    assert opened.status == 201, opened.text
    roster, upload = opened.json["id"], opened.json["upload"]
    assert opened.json["status"] == "waiting"
    assert upload["fields"]["key"] == f"uploads/rosters/{rosters.programme}/{roster}"
    assert upload["max_bytes"] == 10 * 1024 * 1024
    assert (
        world.get(f"{path}s/{roster}", by=rosters.coordinator).json["upload"]["fields"]["key"]
        == upload["fields"]["key"]
    )

    rows = [{("Vorname" if k == "given_name" else k): v for k, v in person(n).items()} for n in range(3)]
    rows[1]["country"] = "Atlantis"
    documents.write(upload["fields"]["key"], sheet(*rows), "text/csv")
    handler("roster_uploaded")(uploaded(upload["fields"]["key"]), LambdaContext())
    handler("roster_uploaded")(uploaded(upload["fields"]["key"]), LambdaContext())
    assert world.get(f"{path}s/{roster}", by=rosters.coordinator).json["status"] == "queued"

    (message,) = [one for one in world.messages() if one.topic is Topic.ROSTER_IMPORT]
    answer = handler("import_roster")(
        queued(json.dumps({"message_id": message.id}), "no json"), LambdaContext()
    )
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}

    done = world.get(f"{path}s/{roster}", by=rosters.coordinator).json
    assert (done["status"], done["rows"], done["rows_done"], done["upload"]) == ("done", 3, 3, None)
    assert done["counts"] == {"invited": 2, "enrolled": 0, "changed": 0, "unchanged": 0, "refused": 1}
    problems = world.get(f"{path}s/{roster}/problems", by=rosters.coordinator).json
    assert problems["items"] == [
        {
            "row": 3, "column": "country", "value_excerpt": "Atlantis",
            "reason": "Give a country by its ISO 3166-1 code, for example KE, or its English or French name.",
        }
    ]  # fmt: skip
    listed = world.get(f"{path}s", by=rosters.coordinator).json
    assert [one["id"] for one in listed["items"]] == [roster]
    enrolled = world.get(f"/v1/programmes/{rosters.programme}/enrolments", by=rosters.coordinator).json
    assert {one["person_status"] for one in enrolled["items"]} == {"invited"}


def test_problems_and_imports_come_in_pages(rosters: Rosters):
    world, path = rosters.world, f"/v1/programmes/{rosters.programme}/rosters"
    roster = rosters.run(*(person(n, country="Nowhere") for n in range(5)))
    rosters.run(person(8))
    seen, cursor = [], None
    for _ in range(3):
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = world.get(f"{path}/{roster.id}/problems", by=rosters.coordinator, query=query).json
        seen += [one["row"] for one in page["items"]]
        cursor = page["next"]
    assert (seen, cursor) == ([2, 3, 4, 5, 6], None)
    first = world.get(path, by=rosters.coordinator, query={"limit": 1}).json
    second = world.get(path, by=rosters.coordinator, query={"limit": 1, "cursor": first["next"]}).json
    assert second["items"][0]["id"] == roster.id


def test_opening_an_import_twice_with_one_key_opens_one(rosters: Rosters):
    path, body = f"/v1/programmes/{rosters.programme}/roster", {"filename": "r.csv"}
    first = rosters.world.post(path, body, by=rosters.coordinator, headers={"Idempotency-Key": "k-1"})
    again = rosters.world.post(path, body, by=rosters.coordinator, headers={"Idempotency-Key": "k-1"})
    assert (again.status, again.text) == (201, first.text)
    other = rosters.world.post(
        path, {"filename": "s.csv"}, by=rosters.coordinator, headers={"Idempotency-Key": "k-1"}
    )
    assert other.status == 422
    assert (
        len(
            service.list_imports(
                rosters.world.call(rosters.coordinator), rosters.programme, service.PageRequest()
            ).items
        )
        == 1
    )


@pytest.mark.parametrize("suffix", ["roster", "rosters", "rosters/{import}", "rosters/{import}/problems"])
def test_only_the_organisations_coordinators_know_of_it(rosters: Rosters, suffix: str):
    world = rosters.world
    roster = rosters.open()
    path = f"/v1/programmes/{rosters.programme}/{suffix.replace('{import}', roster.id)}"

    def status(by: str | None) -> int:
        how = {"body": {"filename": "r.csv"}} if suffix == "roster" else {}
        return world.request("POST" if how else "GET", path, by=by, **how).status

    stranger = make_rosters(world).coordinator
    assert [status(who) for who in (None, world.person(), stranger)] == [401, 404, 404]
    assert status(world.reviewer(rosters.organisation)) == 403
    assert status(rosters.coordinator) in (200, 201)


def test_an_import_is_found_under_its_own_programme_only(rosters: Rosters):
    other = make_rosters(rosters.world)
    roster = other.open()
    path = f"/v1/programmes/{rosters.programme}/rosters/{roster.id}"
    assert rosters.world.get(path, by=rosters.coordinator).status == 404
    assert rosters.world.get(f"{path}/problems", by=rosters.coordinator).status == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/filename"),
        ({"filename": ""}, "/filename"),
        ({"filename": "r.csv", "role": "boss"}, "/role"),
        ({"filename": "r.csv", "column_map": {"Mail": "nowhere"}}, "/column_map/Mail"),
        ({"filename": "r.csv", "validate_only": "perhaps"}, "/validate_only"),
        ({"filename": "r.csv", "url": "http://x"}, "/url"),
    ],
)
def test_bad_orders_are_refused_field_by_field(rosters: Rosters, body: dict, pointer: str):
    answer = rosters.world.post(f"/v1/programmes/{rosters.programme}/roster", body, by=rosters.coordinator)
    assert answer.status == 422
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize("role", ["mentor", "mentee"])
@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_the_template_is_behind_a_link(world: World, role: str, format_: str):
    service._stored_template.cache_clear()
    query = {"role": role, "format": format_}
    link = world.get("/v1/rosters/template", by=world.person(), query=query)
    assert link.status == 200, link.text
    assert link.json["file_name"] == f"{role}s.{format_}"
    parts = urlsplit(link.json["url"])
    assert "attachment" in parse_qs(parts.query)["response-content-disposition"][0]
    content = documents.read(
        parts.path.partition("/rosters/")[1].strip("/") + "/" + parts.path.partition("/rosters/")[2]
    )
    found = parse_roster(content, filename="t", role=None)
    assert (found.rows, found.problems, found.headings) == ((), (), ())
    assert world.get("/v1/rosters/template", query=query).status == 401
    assert world.get("/v1/rosters/template", by=world.person(), query={"role": "boss"}).status == 422


def test_reading_how_an_import_stands_is_one_round_trip(rosters: Rosters):
    roster = rosters.open()
    with rosters.world.counted() as calls:
        rosters.world.get(f"/v1/programmes/{rosters.programme}/rosters/{roster.id}", by=rosters.coordinator)
    assert calls == ["BatchGetItem"]
    with rosters.world.counted() as calls:
        rosters.world.post(
            f"/v1/programmes/{rosters.programme}/roster", {"filename": "r"}, by=rosters.coordinator
        )
    assert calls == ["BatchGetItem", "TransactWriteItems"]


def test_no_line_of_the_log_holds_what_the_file_says(
    rosters: Rosters, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    canary = "Canarius"
    roster = rosters.open()
    rows = [
        person(1, given_name=canary, email="canarius@hospital.example", goals=canary),
        person(2, given_name=canary, country=canary),
    ]
    documents.write(service.upload_key(roster), sheet(*rows), "text/csv")
    handler("roster_uploaded")(uploaded(service.upload_key(roster)), LambdaContext())
    (message,) = [one for one in rosters.world.messages() if one.topic is Topic.ROSTER_IMPORT]
    handler("import_roster")(queued(json.dumps({"message_id": message.id})), LambdaContext())
    assert people.find_by_email("canarius@hospital.example")
    assert canary not in message.id + repr(message.payload)
    printed = capsys.readouterr()
    said = printed.out + printed.err + "".join(repr(vars(record)) for record in caplog.records)
    assert roster.id in said
    assert "RosterImportDone" in said
    assert "canarius" not in said.casefold()
