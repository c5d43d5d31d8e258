"""Fixtures of all tests: no test reaches beyond this machine, none knows real credentials."""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest

for _name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
    os.environ[_name] = "testing"
os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
os.environ["POWERTOOLS_TRACE_DISABLED"] = "true"
os.environ["POWERTOOLS_DEV"] = "false"
for _name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "LOCAL_CLOCK"):
    os.environ.pop(_name, None)

from tests.support.aws import installation
from tests.support.sharing_out import Sharing
from tests.support.world import World, make_world


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    return Sharing(config, log)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave what is there once all tests are read out of the collector's rounds, and have these less often: a tenth of
    all time went into looking for garbage among what stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


@pytest.fixture
def aws_world() -> Iterator[None]:
    """The resources of infra/data.yaml in moto, with the settings that name them."""
    with installation():
        yield


@pytest.fixture
def world(aws_world: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """An installation to act in."""
    return make_world(monkeypatch)
