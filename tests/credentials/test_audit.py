"""Whatever is taken out of a trail, changed or put in is found, and a whole one passes."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.credentials import audit
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from tests.credentials.support import LICENCE, revoke, submit, submitted, verify, want_more
from tests.support.world import World

Row = dict[str, Any]


def lived(world: World) -> tuple[str, str]:
    """Return an organisation and a credential with a long past."""
    organisation, person = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, person, organisation_id=organisation)
    path = f"/v1/admin/credentials/{credential}"
    world.get(path, by=reviewer)
    want_more(world, credential, reviewer)
    world.put(f"/v1/me/credentials/{credential}", {**LICENCE, "number": "B 2"}, by=person)
    world.post(f"/v1/me/credentials/{credential}/submit", by=person)
    world.post(f"{path}/notes", {"text": "They called back."}, by=reviewer)
    assert verify(world, credential, reviewer).status == 200
    assert revoke(world, credential, reviewer).status == 200
    return organisation, credential


def rows(credential: str, prefix: str) -> list[Row]:
    answer = client("dynamodb").query(
        TableName=settings().table("credentials"), KeyConditionExpression="pk = :p AND begins_with(sk, :s)",
        ExpressionAttributeValues={":p": {"S": f"CREDENTIAL#{credential}"}, ":s": {"S": prefix}},
    )  # fmt: skip
    return answer["Items"]


def put(row: Row, **changes: Row) -> None:
    client("dynamodb").put_item(TableName=settings().table("credentials"), Item={**row, **changes})


def remove(row: Row) -> None:
    key = {"pk": row["pk"], "sk": row["sk"]}
    client("dynamodb").delete_item(TableName=settings().table("credentials"), Key=key)


def test_what_reviewers_have_while_more_is_wanted_is_compared_too(world: World) -> None:
    organisation, person = world.organisation(), world.person()
    reviewer = world.reviewer(organisation)
    credential = submitted(world, person, organisation_id=organisation)
    want_more(world, credential, reviewer)
    world.put(f"/v1/me/credentials/{credential}", {**LICENCE, "number": "B 2"}, by=person)
    assert audit.faults_of(credential) == []
    (row,) = rows(credential, "CREDENTIAL")
    changed = row["handed_in"]["S"].replace("A 10423", "A 10424")
    assert changed != row["handed_in"]["S"]
    put(row, handed_in={"S": changed})
    assert audit.faults_of(credential) == ["what reviewers have is not wording 1"]


def test_a_long_past_is_whole(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    organisation, credential = lived(world)
    submit(world, world.person(), organisation_id=organisation, draft=True)
    assert audit.faults_of(credential) == []
    capsys.readouterr()
    assert audit.main(["verify", "--organisation", organisation]) == 0
    said = capsys.readouterr().out
    assert "2 credentials, 11 rows, 0 with faults; anchor " in said
    assert audit.main(["verify"]) == 0
    assert capsys.readouterr().out == said


def taken_out(credential: str) -> None:
    remove(rows(credential, "TRAIL#")[3])


def cut_off(credential: str) -> None:
    remove(rows(credential, "TRAIL#")[-1])


def head_taken_out(credential: str) -> None:
    remove(rows(credential, "HEAD")[0])


def actor_changed(credential: str) -> None:
    put(rows(credential, "TRAIL#")[2], actor={"S": "01ARZ3NDEKTSV4RRFFQ69G5FAV"})


def detail_changed(credential: str) -> None:
    put(rows(credential, "TRAIL#")[2], detail={"S": "{}"})


def put_in(credential: str) -> None:
    last = rows(credential, "TRAIL#")[-1]
    put(last, sk={"S": f"TRAIL#{int(last['sk']['S'][6:]) + 1:08d}"})


def exchanged(credential: str) -> None:
    second, third = rows(credential, "TRAIL#")[1:3]
    put(second, sk=third["sk"])
    put(third, sk=second["sk"])


def wording_changed(credential: str) -> None:
    (row,) = rows(credential, "REVISION#")
    put(row, claim={"S": row["claim"]["S"].replace("A 10423", "A 10424")})


def wording_taken_out(credential: str) -> None:
    remove(rows(credential, "REVISION#")[0])


def claim_changed(credential: str) -> None:
    (row,) = rows(credential, "CREDENTIAL")
    put(row, claim={"S": row["claim"]["S"].replace("B 2", "B 3")})


def state_changed(credential: str) -> None:
    put(rows(credential, "CREDENTIAL")[0], status={"S": "verified"})


def decision_changed(credential: str) -> None:
    (row,) = rows(credential, "CREDENTIAL")
    put(row, decision={"S": row["decision"]["S"].replace("suspended", "other_cause")})


def note_changed(credential: str) -> None:
    (row,) = [one for one in rows(credential, "RECORD#") if "called back" in one["said"]["S"]]
    put(row, said={"S": row["said"]["S"].replace("called", "rang")})


def note_put_in(credential: str) -> None:
    row = rows(credential, "RECORD#")[0]
    put(row, sk={"S": "RECORD#00000002"})


def credential_taken_out(credential: str) -> None:
    remove(rows(credential, "CREDENTIAL")[0])


@pytest.mark.parametrize(
    "harm",
    [
        taken_out, cut_off, head_taken_out, actor_changed, detail_changed, put_in, exchanged, wording_changed,
        wording_taken_out, claim_changed, state_changed, decision_changed, note_changed, note_put_in,
        credential_taken_out,
    ],
)  # fmt: skip
def test_harm_is_found_and_named(
    world: World, capsys: pytest.CaptureFixture[str], harm: Callable[[str], None]
) -> None:
    organisation, credential = lived(world)
    harm(credential)
    capsys.readouterr()
    assert audit.main(["verify", "--organisation", organisation]) == 1
    assert capsys.readouterr().out.startswith(f"{credential}: ")


def test_the_anchor_changes_with_every_row(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    organisation, credential = lived(world)
    capsys.readouterr()
    audit.main(["verify", "--heads"])
    before = capsys.readouterr().out
    assert f"{credential} 10 " in before
    world.get(f"/v1/admin/credentials/{credential}", by=world.reviewer(organisation))
    capsys.readouterr()
    audit.main(["verify", "--heads"])
    assert before != capsys.readouterr().out
