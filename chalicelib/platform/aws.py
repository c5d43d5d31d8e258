"""The AWS clients: made once a process, on first use, since making one costs more than a request."""

from functools import cache
from typing import Any

from chalicelib.platform.settings import settings


@cache
def client(service: str) -> Any:
    """Return the boto3 client of `service` in the installation's region; AWS_ENDPOINT_URL moves it."""
    import boto3
    from botocore.config import Config

    retries = Config(
        retries={"mode": "standard", "max_attempts": 4},
        connect_timeout=3,
        read_timeout=20,
        s3={"addressing_style": "path"} if settings().stage == "local" else None,
        signature_version="s3v4" if service == "s3" else None,
    )
    return boto3.client(service, region_name=settings().region, config=retries)
