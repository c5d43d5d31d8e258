"""Files in the documents bucket."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.ids import is_id
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings


@dataclass(frozen=True)
class Upload:
    """Where and how a client sends one file: an HTML form POST with these fields, the file last."""

    url: str
    fields: dict[str, str]
    max_bytes: int
    expires_in: int


def presigned_upload(
    key: str, *, content_types: tuple[str, ...], max_bytes: int, expires_in: int = 900
) -> Upload:
    """Return a presigned POST that takes one file of at most `max_bytes` under `key` for `expires_in` seconds.

    A presigned PUT could not limit the size.
    """
    conditions: list[Any] = [["content-length-range", 1, max_bytes]]
    fields: dict[str, str] = {}
    if len(content_types) == 1:
        fields["Content-Type"] = content_types[0]
        conditions.append({"Content-Type": content_types[0]})
    post = client("s3").generate_presigned_post(
        settings().documents_bucket, key, Fields=fields, Conditions=conditions, ExpiresIn=expires_in
    )
    return Upload(post["url"], post["fields"], max_bytes, expires_in)


def owner_and_id(key: str, prefix: str) -> tuple[str, str] | None:
    """Return the owner's id and the upload's of a key `<prefix><owner>/<upload>`, or None for any other key."""
    owner_id, slash, upload_id = key.removeprefix(prefix).partition("/")
    if key.startswith(prefix) and slash and is_id(owner_id) and is_id(upload_id):
        return owner_id, upload_id
    return None


def read(key: str) -> bytes:
    """Read a whole file."""
    body = client("s3").get_object(Bucket=settings().documents_bucket, Key=key)["Body"]
    content: bytes = body.read()
    return content


def find(key: str) -> bytes | None:
    """Read a whole file, or None where there is none."""
    return read(key) if is_there(key) else None


def write(key: str, content: bytes, content_type: str) -> None:
    """Write a whole file; the same content again changes nothing."""
    client("s3").put_object(
        Bucket=settings().documents_bucket, Key=key, Body=content, ContentType=content_type
    )


def write_once(key: str, content: bytes, content_type: str) -> None:
    """Write a whole file unless there is one. Of two at once, one is written."""
    bucket = settings().documents_bucket
    _unless(
        "PreconditionFailed",
        lambda: client("s3").put_object(
            Bucket=bucket, Key=key, Body=content, ContentType=content_type, IfNoneMatch="*"
        ),
    )


def begin_parts(key: str, content_type: str) -> str:
    """Begin a file that is written in parts; return the upload's id. What is not joined within a day is deleted."""
    upload_id: str = client("s3").create_multipart_upload(
        Bucket=settings().documents_bucket, Key=key, ContentType=content_type
    )["UploadId"]
    return upload_id


def put_part(key: str, upload_id: str, number: int, content: bytes) -> str | None:
    """Write a part, counted from 1, over what stood there; return its tag, or None where the upload is gone.

    All but the last have to be of 5 MiB at least.
    """
    answer = _unless(
        _GONE,
        lambda: client("s3").upload_part(
            Bucket=settings().documents_bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=content
        ),
    )
    return str(answer["ETag"]) if answer is not None else None


def join_parts(key: str, upload_id: str, tags: Sequence[str]) -> bool:
    """Make one file of all parts; tell whether it is there: it may have been joined before, or be gone."""
    parts = [{"PartNumber": n, "ETag": tag} for n, tag in enumerate(tags, 1)]
    answer = _unless(
        _GONE,
        lambda: client("s3").complete_multipart_upload(
            Bucket=settings().documents_bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts}
        ),
    )
    return answer is not None or is_there(key)


_GONE = "NoSuchUpload"


def _unless(refused: str, send: Callable[[], Any]) -> Any | None:
    """Return what a call gives, or None where S3 refuses it with this code."""
    from botocore.exceptions import ClientError

    try:
        return send()
    except ClientError as error:
        if error.response["Error"]["Code"] != refused:
            raise
        return None


def is_there(key: str) -> bool:
    """Tell whether there is a file of this name.

    It is looked up by its name: to who may not list the whole bucket, S3 refuses a file that is not there like one that
    is not theirs.
    """
    listed = client("s3").list_objects_v2(Bucket=settings().documents_bucket, Prefix=key, MaxKeys=1)
    # The first of a prefix is the very name, if there is any.
    return [one["Key"] for one in listed.get("Contents", ())] == [key]


def remove(key: str) -> None:
    """Remove a file; one that is gone already is no error."""
    client("s3").delete_object(Bucket=settings().documents_bucket, Key=key)


def presigned_download(key: str, *, file_name: str, expires_in: int = 300) -> str:
    """Return a link that serves the file as an attachment for `expires_in` seconds."""
    url: str = client("s3").generate_presigned_url(
        "get_object",
        Params={
            "Bucket": settings().documents_bucket,
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{file_name}"',
        },
        ExpiresIn=expires_in,
    )
    return url
