"""Credentials from earlier releases are found by their numbers, too."""

import pytest

from chalicelib.credentials import authorities, number_store, store
from chalicelib.platform import tables
from infra.mend_credentials import mend
from tests.credentials.support import LICENCE, submitted
from tests.support.world import World


def test_rows_are_written_for_what_lacks_them(world: World) -> None:
    organisation = world.organisation()
    old, late = (submitted(world, world.person(), organisation_id=organisation) for _ in range(2))
    submitted(world, world.person(), organisation_id=organisation, draft=True)
    withdrawn = world.person()
    taken_back = submitted(world, withdrawn, organisation_id=organisation)
    # It had another number when it was withdrawn.
    other = {**LICENCE, "number": "B 2"}
    assert world.put(f"/v1/me/credentials/{taken_back}", other, by=withdrawn).status == 200
    assert world.delete(f"/v1/me/credentials/{taken_back}", by=withdrawn).status == 204
    credential = store.get_credential(old)
    assert credential is not None
    key = number_store.key_of(credential)
    assert key is not None
    for gone in (old, taken_back):
        world.write(tables.delete_entry(number_store.NumberRow, f"NUMBER#{key}", gone))
    reviewer = world.reviewer(organisation)

    def others() -> list[str]:
        case = world.get(f"/v1/admin/credentials/{late}", by=reviewer).json
        return [one["credential_id"] for told in case["assessment"]["remarks"] for one in told["claims"]]

    assert others() == []
    for _ in range(2):
        assert mend() == 3
        assert sorted(others()) == sorted([taken_back, old])


def test_an_authority_that_has_come_to_the_list_brings_its_numbers_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its register is one, whether it was named before or after."""
    world.organisation()
    with monkeypatch.context() as before:
        before.setattr(authorities, "named", lambda *_: None)
        old = submitted(world, world.person(), authority="KMPDC")
    credential = store.get_credential(old)
    assert credential is not None
    key, was = number_store.key_of(credential), credential.claim.unlisted_number_key
    assert key is not None
    assert was is not None
    found = [[one.credential_id for one in number_store.claimants(each)] for each in (was, key)]
    assert found == [[old], []]
    assert mend() == 1
    found = [[one.credential_id for one in number_store.claimants(each)] for each in (was, key)]
    assert found == [[], [old]]
