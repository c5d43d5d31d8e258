"""Trails leave the installation as files that anybody can check, by admins alone, and each time is kept."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.credentials import audit, export_store, exporting, kept_store, store
from chalicelib.people import store as people_store
from chalicelib.platform import documents, outbox, tables
from chalicelib.platform.tables import audit_class
from tests.credentials.support import submit, submitted
from tests.credentials.test_audit import lived
from tests.support.world import Reply, World

EXPORTS = "/v1/admin/trail-exports"


def checked(tmp_path: Path, content: str | bytes, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Check a file as an auditor does, who has nothing else; return how it ended and what it said."""
    file = tmp_path / "export"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    capsys.readouterr()
    ended = audit.main(["verify", "--file", str(file)])
    return ended, capsys.readouterr().out


def order(world: World, admin: str, **body: Any) -> Reply:
    return world.post(EXPORTS, body, by=admin)


def written(world: World, admin: str, **body: Any) -> tuple[dict[str, Any], bytes]:
    """Order an export, have it written, and return it with its file."""
    world.pass_time(minutes=1)
    ordered = order(world, admin, **body)
    assert ordered.status == 201, ordered.text
    assert (ordered.json["status"], ordered.json["digest"]) == ("running", None)
    while "trail-export" in world.follow_up():
        pass
    export = world.get(f"{EXPORTS}/{ordered.json['id']}", by=admin).json
    assert export["status"] == "done"
    return export, documents.read(f"trail-exports/{export['id']}.jsonl")


def rows_of(content: bytes) -> list[dict[str, Any]]:
    return [one for one in map(json.loads, content.splitlines()) if "seq" in one]


def audited(action: str) -> list[Any]:
    row_class = audit_class("credentials")
    raws = tables.query_all(row_class, export_store.AUDIT_PK)
    return [row for row in map(row_class.parse, raws) if row.action == action]


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_one_trail_is_taken_out_whole_and_keeps_that_it_was(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    _, credential = lived(world)
    admin, path = world.admin(), f"/v1/admin/credentials/{credential}/trail.{form}"
    answer = world.get(path, by=admin)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith({"jsonl": "application/jsonl", "csv": "text/csv"}[form])
    name = answer.headers["Content-Disposition"]
    assert name == f'attachment; filename="trail-{credential}.{form}"'
    ended, said = checked(tmp_path, answer.text, capsys)
    assert checked(tmp_path, "\ufeff" + answer.text, capsys) == (ended, said), "as a spreadsheet keeps it"
    last = store.whole_trail(credential)[-2]
    assert (ended, said.startswith("1 credentials, 10 rows, 0 faults")) == (0, True), said
    assert last.hash in answer.text
    kept = store.whole_trail(credential)[-1]
    assert (kept.actor, kept.action, kept.by) == (admin, "export_trail", "admin")
    assert audit.faults_of(credential) == []
    if form == "csv":
        lines = answer.text.splitlines(keepends=True)
        harmed = [
            lines[:-1],
            lines[:3] + lines[4:],
            [*lines[:3], lines[3].replace("reviewer", "owner"), *lines[4:]],
            [*lines[:3], lines[3].replace(last.hash, "0" * 64), *lines[4:]],
            [*lines[:3], lines[3].replace(f",{last.seq},", ",9999,"), *lines[4:]],
        ]
        assert all(checked(tmp_path, "".join(one), capsys)[0] == 1 for one in harmed)


def test_nobody_takes_out_the_trail_of_their_own_or_a_draft(world: World) -> None:
    organisation, admin = world.organisation(), world.admin()
    own = submitted(world, admin, organisation_id=organisation)
    draft = submit(world, world.person(), organisation_id=organisation, draft=True).json["id"]
    refused = world.get(f"/v1/admin/credentials/{own}/trail.csv", by=admin)
    assert (refused.status, refused.json["type"].rpartition("/")[2]) == (403, "own-credential")
    assert world.get(f"/v1/admin/credentials/{draft}/trail.jsonl", by=admin).status == 404
    assert len(store.whole_trail(draft)) == 1


def test_a_trail_too_long_for_an_answer_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _, credential = lived(world)
    monkeypatch.setattr(exporting, "MAX_ANSWER_BYTES", 1000)
    answer = world.get(f"/v1/admin/credentials/{credential}/trail.csv", by=world.admin())
    assert (answer.status, "order an export" in answer.json["detail"]) == (413, True)
    assert len(store.whole_trail(credential)) == 10, "nothing was handed out"


def test_all_trails_are_written_into_one_file_of_many_parts(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 1000)
    monkeypatch.setattr(exporting, "PART_BYTES", 1500)
    organisation, _ = lived(world)
    for _ in range(3):
        submitted(world, world.person(), organisation_id=organisation)
    submit(world, world.person(), organisation_id=organisation, draft=True)
    other = submitted(world, world.person(), organisation_id=world.organisation("Another"))
    export, content = written(world, admin := world.admin())
    stored = export_store.get_export(export["id"])
    assert stored is not None
    assert len(stored.parts) >= 3
    assert (export["trails"], export["rows"]) == (6, 15)
    ended, said = checked(tmp_path, content, capsys)
    assert ended == 0
    assert export["digest"] in said
    # What the check beside the tables prints at the same moment says the same.
    audit.main(["verify"])
    assert capsys.readouterr().out.strip().split("anchor ")[1] in said
    assert other.encode() in content
    assert rows_of(content)[0]["hash"] == store.whole_trail(rows_of(content)[0]["credential"])[0].hash

    one, content = written(world, admin, organisation_id=organisation)
    assert (one["trails"], other.encode() in content) == (5, False)
    assert checked(tmp_path, content, capsys)[0] == 0
    assert [each["id"] for each in world.get(EXPORTS, by=admin).json["items"]] == [one["id"], export["id"]]
    assert [row.after for row in audited("order_export")] == [export["id"], one["id"]]
    assert [row.actor for row in audited("export_done")] == ["job:follow_up"] * 2


@pytest.mark.parametrize("of_days", [False, True])
def test_an_admin_takes_out_no_trail_of_their_own_or_of_somebody_near(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], of_days: bool
) -> None:
    organisation, _ = lived(world)
    admin, other, mentee = world.admin(), world.admin(), world.person()
    mine = submitted(world, admin, organisation_id=organisation)
    theirs = submitted(world, mentee, organisation_id=organisation)
    world.write(people_store.put_tie(mentee, admin, world.at))
    whole = {"first_day": str(world.at.date())} if of_days else {}
    export, content = written(world, admin, **whole)
    assert not {mine, theirs} & {row["credential"] for row in rows_of(content)}
    assert mine.encode() not in content
    assert (export["trails"], export["rows"], export["left_out"]) == (1, 10, 2)
    end = json.loads(content.splitlines()[-1])["end"]
    assert (end["left_out"], end["digest"]) == (2, export["digest"])
    ended, said = checked(tmp_path, content, capsys)
    assert (ended, "without 2 trails that its admin may not read" in said, "anchor" in said) == (
        0,
        True,
        False,
    )
    assert export["digest"] in said
    for harm in (b'"left_out":0', b'"left_out":"2"'):
        harmed = content.replace(b'"left_out":2', harm)
        assert checked(tmp_path, harmed, capsys)[0] == 1, "how many is part of the digest"

    # Another admin's has them, and is no way to read them: not even the digest's own admin gets it from there.
    second, content = written(world, other, **whole)
    assert (second["trails"], second["left_out"]) == (3, 0)
    assert {mine, theirs} <= {row["credential"] for row in rows_of(content)}
    refused = world.get(f"{EXPORTS}/{second['id']}/file", by=admin)
    assert (refused.status, refused.json["type"].rpartition("/")[2]) == (403, "trail-export-of-another")
    assert world.get(f"{EXPORTS}/{second['id']}/file", by=other).status == 200
    if not of_days:
        later = str((world.at + timedelta(days=1)).date())
        world.pass_time(days=1)
        assert written(world, admin, first_day=later)[0]["left_out"] == 0, "nothing of these days"


def test_lines_too_few_for_a_part_wait_for_the_next_piece(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moto.s3.models.S3_UPLOAD_PART_MIN_SIZE", 1000)
    monkeypatch.setattr(exporting, "PART_BYTES", 2500)
    monkeypatch.setattr(exporting, "PIECE", 2)
    organisation = world.organisation()
    for _ in range(7):
        submitted(world, world.person(), organisation_id=organisation)
    export, content = written(world, world.admin())
    stored = export_store.get_export(export["id"])
    assert stored is not None
    assert (stored.pieces, len(stored.parts)) == (4, 2)
    assert (export["trails"], export["rows"]) == (7, 7)
    assert checked(tmp_path, content, capsys)[0] == 0


def test_an_export_of_some_days_has_their_part_of_each_trail(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    organisation, person, admin = world.organisation(), world.person(), world.admin()
    reviewer, begun = world.reviewer(organisation), world.at
    credential = submitted(world, person, organisation_id=organisation)
    for _ in range(3):
        world.pass_time(days=1)
        assert world.get(f"/v1/admin/credentials/{credential}", by=reviewer).status == 200
    submitted(world, world.person(), organisation_id=organisation)
    first, last = (str((begun + timedelta(days=n)).date()) for n in (1, 2))
    export, content = written(world, admin, first_day=first, last_day=last)
    assert [row["seq"] for row in rows_of(content)] == [2, 3]
    assert (export["trails"], export["first_day"], export["last_day"]) == (1, first, last)
    ended, said = checked(tmp_path, content, capsys)
    assert (ended, "anchor" in said) == (0, False), "where they end is no part of it"
    _, open_end = written(world, admin, first_day=first)
    assert [row["seq"] for row in rows_of(open_end)] == [2, 3, 4, 1]
    assert checked(tmp_path, open_end, capsys)[0] == 0
    lines = open_end.splitlines(keepends=True)
    assert "its head says 4" in checked(tmp_path, b"".join(lines[:3] + lines[4:]), capsys)[1]


Lines = list[dict[str, Any]]


def row_taken_out(lines: Lines) -> None:
    del lines[3]


def trail_taken_out(lines: Lines) -> None:
    while "trail" not in lines.pop(1):
        pass


def actor_changed(lines: Lines) -> None:
    lines[2]["actor"] = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


def row_put_in(lines: Lines) -> None:
    lines.insert(3, lines[2])


def end_cut_off(lines: Lines) -> None:
    del lines[-1]


def put_after_the_end(lines: Lines) -> None:
    lines.append(lines[1])


def head_taken_out(lines: Lines) -> None:
    next(one for one in lines if "trail" in one)["head"] = None


def an_illegal_move(lines: Lines) -> None:
    next(one for one in lines if one.get("action") == "verify")["before"] = "rejected"


def no_row(lines: Lines) -> None:
    lines[2]["seq"] = "2"


def days_put_in(lines: Lines) -> None:
    lines[0]["last_day"] = "2026-01-01"


@pytest.mark.parametrize("harm", [
    row_taken_out, trail_taken_out, actor_changed, row_put_in, end_cut_off, put_after_the_end, head_taken_out,
    an_illegal_move, no_row, days_put_in,
])  # fmt: skip
def test_harm_to_a_file_is_found(
    exported: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], harm: Callable[[Lines], None]
) -> None:
    lines = [json.loads(line) for line in exported.splitlines()]
    harm(lines)
    texts = [json.dumps(one, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for one in lines]
    assert checked(tmp_path, "\n".join(texts), capsys)[0] == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]\n", b"credential,seq\r\n", b"\xff\xfe"])
def test_what_is_no_export_is_told_so(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert checked(tmp_path, content, capsys)[0] == 1


_EXPORTED: list[bytes] = []


@pytest.fixture
def exported(request: pytest.FixtureRequest) -> bytes:
    """A file of two trails, made once: it is only read."""
    if not _EXPORTED:
        world: World = request.getfixturevalue("world")
        organisation, _ = lived(world)
        submitted(world, world.person(), organisation_id=organisation)
        _EXPORTED.append(written(world, world.admin())[1])
    return _EXPORTED[0]


def test_harm_to_the_tables_shows_in_an_export_and_is_not_mended_by_it(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.credentials.test_audit import remove, rows

    _, credential = lived(world)
    remove(rows(credential, "TRAIL#")[-1])
    _, content = written(world, world.admin())
    ended, said = checked(tmp_path, content, capsys)
    assert (ended, said.startswith(f"{credential}: the trail ends with row 9, its head says 10")) == (1, True)


def test_links_are_short_kept_in_the_audit_and_over_when_the_file_is(world: World) -> None:
    admin = world.admin()
    lived(world)
    ordered = order(world, admin).json["id"]
    early = world.get(f"{EXPORTS}/{ordered}/file", by=admin)
    assert (early.status, early.json["type"].rpartition("/")[2]) == (409, "trail-export-not-there")
    assert audited("open_export") == []
    while "trail-export" in world.follow_up():
        pass
    link = world.get(f"{EXPORTS}/{ordered}/file", by=admin).json
    assert (link["expires_in"], link["file_name"]) == (300, f"trails-{ordered}.jsonl")
    assert "X-Amz-Expires=300" in link["url"] or "Expires=" in link["url"]
    assert [(row.actor, row.after) for row in audited("open_export")] == [(admin, ordered)]
    world.pass_time(days=7)
    assert world.get(f"{EXPORTS}/{ordered}/file", by=admin).status == 409


def test_an_order_makes_sense(world: World) -> None:
    admin, day = world.admin(), world.at.date()
    for body, pointer in (
        ({"organisation_id": admin}, "/organisation_id"),
        ({"first_day": str(day + timedelta(days=1))}, "/first_day"),
        ({"first_day": str(day), "last_day": str(day - timedelta(days=1))}, "/last_day"),
    ):
        refused = order(world, admin, **body)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)


def test_it_stops_once_whoever_ordered_it_is_no_admin_any_more(world: World) -> None:
    admin, other = world.admin(), world.admin()
    ordered = order(world, admin).json["id"]
    assert world.put(f"/v1/admin/people/{admin}/admin", {"admin": False}, by=other).status == 200
    world.follow_up()
    assert world.get(f"{EXPORTS}/{ordered}", by=other).json["status"] == "stopped"
    assert world.get(f"{EXPORTS}/{ordered}/file", by=other).status == 409


class Cut(Exception):
    """The worker ends here."""


@pytest.mark.parametrize("where", ["write", "put_part", "join_parts", "commit"])
@pytest.mark.parametrize("after", [False, True])
def test_a_worker_cut_off_anywhere_is_followed_by_one_that_ends_the_same(
    world: World,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    after: bool,
) -> None:
    monkeypatch.setattr(exporting, "PIECE", 1)  # the first trail waits for the second
    organisation, _ = lived(world)
    submitted(world, world.person(), organisation_id=organisation)
    owner: Any = exporting if where == "commit" else documents
    admin = world.admin()
    ordered = order(world, admin).json["id"]
    plain, cut = getattr(owner, where), [True]

    def cutting(*given: Any, **how: Any) -> Any:
        first, cut[:] = cut[:], []
        if first and not after:
            raise Cut
        done = plain(*given, **how)
        if first:
            raise Cut
        return done

    with monkeypatch.context() as patch:
        patch.setattr(owner, where, cutting)
        for _ in range(4):
            try:
                while "trail-export" in world.follow_up():
                    pass
            except Cut:
                world.pass_time(seconds=outbox.CLAIM_LEASE.total_seconds())
    assert cut == []
    export = world.get(f"{EXPORTS}/{ordered}", by=admin).json
    assert (export["status"], export["trails"]) == ("done", 2)
    ended, said = checked(tmp_path, documents.read(f"trail-exports/{ordered}.jsonl"), capsys)
    assert (ended, export["digest"] in said) == (0, True)
    assert len(audited("export_done")) == 1


def test_an_upload_that_is_gone_fails_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = world.admin()
    ordered = order(world, admin).json["id"]

    class Gone:
        """S3 a day later; moto knows no such answer to a part."""

        def upload_part(self, **_: Any) -> None:
            raise ClientError({"Error": {"Code": "NoSuchUpload"}}, "UploadPart")

    monkeypatch.setattr(documents, "begin_parts", lambda *_: "gone")
    monkeypatch.setattr(documents, "client", lambda _: Gone())
    while "trail-export" in world.follow_up():
        pass
    assert world.get(f"{EXPORTS}/{ordered}", by=admin).json["status"] == "failed"


def test_a_trail_that_grows_while_it_is_read_is_read_again(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, credential = lived(world)
    reviewer, plain, looked = world.reviewer(organisation), store.heads_of, []

    def growing(ids: list[str]) -> Any:
        heads = plain(ids)
        if not looked:
            looked.append(world.get(f"/v1/admin/credentials/{credential}", by=reviewer).status)
        return heads

    monkeypatch.setattr(store, "heads_of", growing)
    export, content = written(world, world.admin())
    assert (looked, export["rows"]) == ([200], 11)
    assert checked(tmp_path, content, capsys)[0] == 0


def test_the_check_waits_for_what_moves_while_it_looks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation, credential = lived(world)
    reviewer, plain, looked = world.reviewer(organisation), kept_store.kept_of, []

    def growing(one: str) -> Any:
        kept = plain(one)
        if not looked:
            # The rows are read, and the head comes from a moment later.
            looked.append(world.get(f"/v1/admin/credentials/{credential}", by=reviewer).status)
            later = [raw for raw in plain(one) if raw["sk"]["S"] == "HEAD"]
            return [raw for raw in kept if raw["sk"]["S"] != "HEAD"] + later
        return kept

    monkeypatch.setattr(kept_store, "kept_of", growing)
    assert audit.faults_of(credential) == []
    assert looked == [200]


def test_a_credential_is_checked_in_one_read(world: World) -> None:
    _, credential = lived(world)
    with world.counted() as calls:
        assert audit.faults_of(credential) == []
    assert calls == ["Query"]
