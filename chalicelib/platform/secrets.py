"""Secrets, kept encrypted in Parameter Store: read by the functions whose policy lets them, when they need one."""

from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings

SIGNING_KEY = "certificate-signing-key"


def parameter(stage: str, name: str) -> str:
    """Return the name under which a stage's secret is kept."""
    return f"/crossward/{stage}/{name}"


def secret(name: str) -> str:
    """Return a secret of this stage. It is read each time, so that one that was replaced counts at once."""
    found = client("ssm").get_parameter(Name=parameter(settings().stage, name), WithDecryption=True)
    return str(found["Parameter"]["Value"])
