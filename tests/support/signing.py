"""The key that certificates are signed with, and the worker that signs them."""

from chalicelib.certificates import signing
from chalicelib.kernel.call import job_call
from chalicelib.platform import outbox
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from infra import certificate_keys
from tests.support.world import World


def ensure_key() -> bool:
    return certificate_keys.ensure(client("ssm"), settings().stage)


def rotate_key() -> str:
    return certificate_keys.rotate(client("ssm"), settings().stage)


def waiting(world: World) -> list[str]:
    """Return the messages of certificates that wait, oldest first."""
    return [one.id for one in world.messages() if one.topic is outbox.Topic.CERTIFICATE]


def sign_all(world: World) -> list[str | None]:
    """Do what the worker does; return the kinds of what was done."""
    ensure_key()
    return [signing.work(job_call("sign_certificates", world.at), one) for one in waiting(world)]
