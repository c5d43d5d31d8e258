"""moto with the resources of infra/data.yaml: made once a process, and put back as they were for each world.

Making them takes a quarter of a second (moto reads the user pool's key anew, and every resource is a request); putting
them back takes two milliseconds. Each world begins with a state of its own, as it would after making them.
"""

import io
import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.s3.models import s3_backends
from pynamodb.connection import Connection

from chalicelib.platform import tables, tokens
from chalicelib.platform.settings import settings
from infra.local.resources import create_all
from tests.support.quick_moto import quicken

quicken()


class KeptSession(boto3.Session):
    """Makes each client once: that costs more than a request."""

    @cache  # noqa: B019 - one session, kept to the end
    def client(self, service_name: str, **how: Any) -> Any:
        return super().client(service_name, **how)


SESSION = KeptSession(region_name="eu-west-1")


def forget_process_state() -> None:
    """Make the code under test read its settings and keys anew; clients serve every world."""
    for cached in (settings, tables.connection, tokens._keys):
        cached.cache_clear()


@contextmanager
def installation() -> Iterator[None]:
    """The resources in moto, with the settings that name them and nothing else in them."""
    names, state = _made()
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name, value in names.items():
            patch.setenv(name, value)
        _put(state)
        forget_process_state()
        patch.setattr(tables, "connection", cache(_connection))
        try:
            yield
        finally:
            forget_process_state()


@cache
def _connection() -> Connection:
    """One for all worlds: its client takes a tenth of a second to make."""
    return Connection(region=SESSION.region_name)


@cache
def _made() -> tuple[dict[str, str], bytes]:
    with mock_aws():
        return create_all("test", SESSION), state_now()


def state_now() -> bytes:
    """Return what moto's services hold, for `put_back`."""
    content = io.BytesIO()
    state = [(_index(services), dict(services)) for services in BackendDict._instances]
    _Pickler(content, pickle.HIGHEST_PROTOCOL).dump((state, s3_backends.bucket_accounts))
    return content.getvalue()


def put_back(state: bytes | None = None) -> None:
    """Have moto's services hold what they did, without a state what they do at first, and nothing else."""
    BackendDict.reset()
    _put(_made()[1] if state is None else state)


def _put(state: bytes) -> None:
    """Give moto's services, emptied by the mock's start, the state that they had."""
    found, bucket_accounts = pickle.loads(state)  # noqa: S301 - our own bytes
    for index, accounts in found:
        _SERVICES[index].update(accounts)
        BackendDict._instances.append(_SERVICES[index])
    s3_backends.bucket_accounts = bucket_accounts


_SERVICES: list[Any] = []
_KEYS: list[RSAPrivateKey | RSAPublicKey] = []


def _index(services: Any) -> int:
    for index, known in enumerate(_SERVICES):
        if known is services:
            return index
    _SERVICES.append(services)
    return len(_SERVICES) - 1


def _key(index: int) -> RSAPrivateKey | RSAPublicKey:
    return _KEYS[index]


class _Pickler(pickle.Pickler):
    """Pickles moto's state: keys never change, so one serves all; a lock is nothing but itself."""

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, RSAPrivateKey | RSAPublicKey):
            _KEYS.append(obj)
            return _key, (len(_KEYS) - 1,)
        for make in (threading.Lock, threading.RLock):
            if type(obj) is type(make()):
                return make, ()
        return NotImplemented
