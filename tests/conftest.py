"""Fixtures of all tests: no test reaches beyond this machine, none knows real credentials."""

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from moto import mock_aws

for _name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
    os.environ[_name] = "testing"
os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
os.environ["POWERTOOLS_TRACE_DISABLED"] = "true"
os.environ["POWERTOOLS_DEV"] = "false"
for _name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION", "LOCAL_CLOCK"):
    os.environ.pop(_name, None)

from chalicelib.platform import tables, tokens
from chalicelib.platform.settings import settings
from infra.local.resources import create_all
from tests.support.world import World, make_world


class KeptSession(boto3.Session):
    """Makes each client once: that costs more than all resources of a world."""

    @cache  # noqa: B019 - one session, kept to the end
    def client(self, service_name: str, **how: Any) -> Any:
        return super().client(service_name, **how)


SESSION = KeptSession(region_name="eu-west-1")


def forget_process_state() -> None:
    """Make the code under test read its settings and keys anew; clients serve every world."""
    for cached in (settings, tables.connection, tokens._keys):
        cached.cache_clear()


@pytest.fixture
def aws_world(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The resources of infra/data.yaml in moto, with the settings that name them."""
    with mock_aws():
        for name, value in create_all("test", SESSION).items():
            monkeypatch.setenv(name, value)
        forget_process_state()
        yield
    forget_process_state()


@pytest.fixture
def world(aws_world: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """An installation to act in."""
    return make_world(monkeypatch)
