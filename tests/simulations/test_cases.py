"""Writing, reading from a spreadsheet and publishing a case, over HTTP."""

import base64
import csv
import io
from typing import Any

import pytest
from openpyxl import Workbook

from chalicelib.simulations import service
from tests.simulations.documents import raw
from tests.support.world import Reply, World

READINGS = "/v1/simulated-case-sheets"


@pytest.fixture
def organisation(world: World) -> str:
    return world.organisation()


@pytest.fixture
def author(world: World, organisation: str) -> str:
    return world.coordinator(organisation)


def create(world: World, organisation: str, by: str, document: Any) -> Reply:
    return world.post(f"/v1/organisations/{organisation}/simulated-cases", document, by=by)


def test_a_version_stays_when_the_draft_goes_on(world: World, organisation: str, author: str) -> None:
    made = create(world, organisation, author, raw())
    assert made.status == 201, made.text
    assert made.json["problems"] == []
    path = f"/v1/simulated-cases/{made.json['id']}"
    assert world.get(path, by=author, query={"version": 1}).status == 404
    first = world.post(f"{path}/versions", {"is_anonymised": True}, by=author)
    assert (first.json["published"], first.json["version"]) == (1, 1)
    changed = {**raw(), "title": "Another title"}
    done = world.put(path, changed, by=author, headers={"If-Match": first.etag})
    assert done.json["title"] == "Another title"
    assert world.get(path, by=author, query={"version": 1}).json["document"]["title"] == raw()["title"]
    stale = world.put(path, raw(), by=author, headers={"If-Match": first.etag})
    assert stale.status == 412
    (listed,) = world.get(f"/v1/organisations/{organisation}/simulated-cases", by=author).json["items"]
    assert (listed["title"], listed["published"]) == ("Another title", 1)


def test_an_unsound_draft_is_kept_and_not_published(world: World, organisation: str, author: str) -> None:
    whole = raw()
    whole["opening"] = "nowhere"
    made = create(world, organisation, author, whole)
    assert [one["pointer"] for one in made.json["problems"]] == ["/opening"]
    answer = world.post(f"/v1/simulated-cases/{made.json['id']}/versions", {"is_anonymised": True}, by=author)
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == "/opening"


def test_nobody_publishes_without_saying_that_it_is_anonymised(
    world: World, organisation: str, author: str
) -> None:
    made = create(world, organisation, author, raw())
    answer = world.post(
        f"/v1/simulated-cases/{made.json['id']}/versions", {"is_anonymised": False}, by=author
    )
    assert answer.status == 422


def test_a_case_that_is_too_large_is_refused(
    world: World, organisation: str, author: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_DOCUMENT_BYTES", 5_000)
    assert create(world, organisation, author, raw()).status == 422


# Spreadsheets.

HEADS = ["what", "key", "text", "scenes", "settings", "by", "phrases", "leads to", "minutes", "expected", "available",
         "outcome", "picture", "picture text"]  # fmt: skip


def sheet_of(document: Any) -> list[dict[str, str]]:
    """Return a document as an author's rows."""
    rows = [
        {"what": "case", "key": name.replace("_", " "), "text": str(document[name])}
        for name in ("title", "condition", "language", "minutes", "opening", "model_answer")
    ]
    rows += [{"what": "setting", "key": one["key"], "text": one["name"]} for one in document["settings"]]
    for one in document["scenes"]:
        rows.append(
            {"what": "scene", "key": one["key"], "text": one["text"], "by": one.get("by", ""),
             "outcome": one.get("outcome", "")}
        )  # fmt: skip
        rows += [
            {
                "what": "hint",
                "scenes": one["key"],
                "text": hint["text"],
                "minutes": str(hint["after_minutes"]),
            }
            for hint in one.get("hints", [])
        ]
        rows += [
            {"what": "way", "scenes": one["key"], "key": way["topic"], "leads to": way["leads_to"]}
            for way in one.get("ways", [])
        ]
        if out := one.get("time_out"):
            rows.append(
                {"what": "Time-out", "scenes": one["key"], "minutes": str(out["after_minutes"]),
                 "leads to": out["leads_to"]}
            )  # fmt: skip
    for one in document["topics"]:
        for reply in one["replies"]:
            picture = reply.get("picture") or {"url": "", "text": ""}
            rows.append(
                {"what": "reply", "key": one["key"], "text": reply["text"], "by": reply.get("by", ""),
                 "scenes": "; ".join(reply.get("scenes", [])), "settings": ";".join(reply.get("settings", [])),
                 "available": "" if reply.get("is_available", True) else "no", "picture": picture["url"],
                 "picture text": picture["text"]}
            )  # fmt: skip
        rows.append(
            {"what": one["kind"], "key": one["key"], "text": one["name"], "phrases": "; ".join(one["phrases"]),
             "expected": "yes" if one.get("is_expected") else ""}
        )  # fmt: skip
    return rows + [{"what": "learning point", "text": one} for one in document["learning_points"]]


def as_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows: list[dict[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(HEADS)
    for row in rows:
        sheet.append([row.get(head, "") for head in HEADS])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read(world: World, author: str, content: bytes) -> Reply:
    return world.post(READINGS, {"file": base64.b64encode(content).decode()}, by=author)


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_spreadsheet_is_read_as_the_same_document(
    world: World, organisation: str, author: str, write: Any
) -> None:
    answer = read(world, author, write(sheet_of(raw())))
    assert answer.status == 200, answer.text
    assert answer.json["problems"] == []
    whole = create(world, organisation, author, raw()).json["document"]
    assert answer.json["document"] == whole
    assert create(world, organisation, author, answer.json["document"]).status == 201


def test_what_is_wrong_in_a_spreadsheet_is_told_by_row_and_column(world: World, author: str) -> None:
    rows = sheet_of(raw())
    wrong = [
        ({"what": "recipe", "key": "x"}, "what"),
        ({"what": "hint", "scenes": "arrival", "text": "Soon.", "minutes": "soon"}, "minutes"),
        ({"what": "reply", "key": "dance", "text": "No."}, "key"),
        ({"what": "way", "scenes": "nowhere", "key": "ecg", "leads to": "worse"}, "scenes"),
        ({"what": "scene", "key": "ward", "text": "A ward.", "outcome": "splendid"}, "outcome"),
        ({"what": "reply", "key": "ecg", "text": "No.", "available": "perhaps"}, "available"),
        ({"what": "case", "key": "colour", "text": "red"}, "key"),
    ]
    answer = read(world, author, as_csv(rows + [one for one, _ in wrong])).json
    assert answer["document"] is None
    found = {(one["row"], one["column"]) for one in answer["problems"]}
    assert {(len(rows) + 2 + n, column) for n, (_, column) in enumerate(wrong)} <= found


def test_what_keeps_a_sheets_case_from_being_played_is_told_at_its_row(world: World, author: str) -> None:
    rows = sheet_of(raw())
    at = next(n for n, one in enumerate(rows) if one["what"] == "way" and one["key"] == "insulin")
    rows[at]["leads to"] = "ward"
    answer = read(world, author, as_csv(rows)).json
    assert answer["problems"] == [
        {"row": at + 2, "column": "leads to", "detail": "There is no scene “ward”."}
    ]
    long = {"what": "learning point", "text": "x" * 1201}
    (problem,) = read(world, author, as_csv([*sheet_of(raw()), long])).json["problems"]
    assert (problem["row"], problem["column"]) == (len(rows) + 2, "text")


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"a,b\n1,2\n", b"PK\x03\x04junk"])
def test_what_is_no_such_sheet_is_refused(world: World, author: str, content: bytes) -> None:
    answer = read(world, author, content)
    assert (answer.status, answer.json["type"].rpartition("/")[2][-16:]) == (422, "sheet-unreadable")


def test_a_file_that_is_not_in_base_64_is_refused(world: World, author: str) -> None:
    assert world.post(READINGS, {"file": "no base 64!"}, by=author).status == 422
