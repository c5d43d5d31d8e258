"""Files that people send as evidence: in quarantine until they were looked at, then in a bucket of their own.

The quarantine keeps every version of what is sent under a key, so that what was looked at, what a scanner judged and
what is taken over are the very same bytes, whatever else is sent meanwhile.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.platform.aws import client
from chalicelib.platform.documents import Upload
from chalicelib.platform.settings import settings

_ENCRYPTION = "AES256"
_GONE = {"NoSuchKey", "NoSuchVersion", "404"}


@dataclass(frozen=True)
class Quarantined:
    """One version of a file in quarantine; `content` is cut off one byte beyond what was asked for, `size` is whole."""

    content: bytes
    size: int
    version: str


def presigned_post(key: str, *, content_type: str, sizes: tuple[int, int], expires_in: int) -> Upload:
    """Return a presigned POST that takes one file into quarantine under `key`, encrypted, of one type.

    What the form may say is fixed by its signed policy: anything else in it, a tag for one, is refused.

    Parameters
    ----------
    sizes
        The fewest and the most bytes.
    """
    fields = {"Content-Type": content_type, "x-amz-server-side-encryption": _ENCRYPTION}
    conditions: list[Any] = [
        ["content-length-range", *sizes],
        *({name: text} for name, text in fields.items()),
    ]
    post = client("s3").generate_presigned_post(
        settings().quarantine_bucket, key, Fields=fields, Conditions=conditions, ExpiresIn=expires_in
    )
    return Upload(post["url"], post["fields"], sizes[1], expires_in)


def fetch(key: str, version: str | None, max_bytes: int) -> Quarantined | None:
    """Return a version of a file in quarantine, the latest if None is named; None where there is no such."""
    which = {"VersionId": version} if version else {}
    try:
        found = client("s3").get_object(Bucket=settings().quarantine_bucket, Key=key, **which)
    except client("s3").exceptions.ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return None
        raise
    with found["Body"] as body:
        return Quarantined(body.read(max_bytes + 1), found["ContentLength"], found["VersionId"])


def tag_of(key: str, version: str, name: str) -> str | None:
    """Return what a tag of one version in quarantine says; None where there is none."""
    try:
        found = client("s3").get_object_tagging(
            Bucket=settings().quarantine_bucket, Key=key, VersionId=version
        )
    except client("s3").exceptions.ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return None
        raise
    return next((one["Value"] for one in found["TagSet"] if one["Key"] == name), None)


def take_over(key: str, version: str, content_type: str) -> None:
    """Copy one version from quarantine into the evidence bucket, of a type that we say; again, nothing changes."""
    client("s3").copy_object(
        Bucket=settings().evidence_bucket,
        Key=key,
        CopySource={"Bucket": settings().quarantine_bucket, "Key": key, "VersionId": version},
        ContentType=content_type,
        MetadataDirective="REPLACE",
        TaggingDirective="REPLACE",
        ServerSideEncryption=_ENCRYPTION,
    )


def drop(key: str, version: str) -> None:
    """Delete one version from quarantine for good; one that is gone is no error."""
    client("s3").delete_object(Bucket=settings().quarantine_bucket, Key=key, VersionId=version)


def discard(key: str) -> None:
    """Delete a file from the evidence bucket; one that is gone, or never came there, is no error."""
    client("s3").delete_object(Bucket=settings().evidence_bucket, Key=key)


def presigned_link(key: str, *, content_type: str, file_name: str, expires_in: int) -> str:
    """Return a link that serves a file of the evidence bucket as an attachment, under a type and name of ours."""
    url: str = client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().evidence_bucket,
            "Key": key,
            "ResponseContentType": content_type,
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
            "ResponseCacheControl": "no-store",
        },
        ExpiresIn=expires_in,
    )
    return url
