"""The first admin."""

import pytest

from infra.admin import main
from tests.support.world import World


def test_who_confirmed_an_address_becomes_an_admin(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    person = world.person(email="amina@example.org")
    assert world.get("/v1/me/rights", by=person).json["admin"] is False
    assert main(["Amina@example.org"]) == 0
    assert person in capsys.readouterr().out
    assert world.get("/v1/me/rights", by=person).json["admin"] is True


def test_an_address_that_nobody_confirmed_is_refused(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nobody@example.org"]) == 1
    assert "sign up with it first" in capsys.readouterr().err
