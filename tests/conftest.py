"""Fixtures of all tests: no test reaches beyond this machine, none knows real credentials."""

import os
from collections.abc import Iterator

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

from chalicelib.platform import aws, tables, tokens
from chalicelib.platform.settings import settings
from infra.local.resources import create_all
from tests.support.world import World, make_world


def forget_process_state() -> None:
    """Make the code under test read its settings, clients and keys anew."""
    for cached in (settings, aws.client, tables.connection, tokens._keys):
        cached.cache_clear()


@pytest.fixture
def aws_world(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The resources of infra/data.yaml in moto, with the settings that name them."""
    with mock_aws():
        for name, value in create_all("test", boto3.Session(region_name="eu-west-1")).items():
            monkeypatch.setenv(name, value)
        forget_process_state()
        yield
    forget_process_state()


@pytest.fixture
def world(aws_world: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """An installation to act in."""
    return make_world(monkeypatch)
