"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.people.examples import SAMUEL
from chalicelib.programmes.examples import PROGRAMME

_IMPORT = "01M4JJBPE082Y4K0XCMD83ZRXT"
_BODY: dict[str, Any] = {
    "filename": "mentees 2026.xlsx",
    "role": "mentee",
    "column_map": {"Service e-mail": "email", "Remarks": "ignore"},
    "validate_only": False,
}
_WAITING: dict[str, Any] = {
    "id": _IMPORT,
    "programme_id": PROGRAMME,
    "status": "waiting",
    "filename": _BODY["filename"],
    "role": "mentee",
    "validate_only": False,
    "created_by": SAMUEL,
    "created_at": "2026-10-10T09:30:00.000000Z",
    "finished_at": None,
    "rows": None,
    "rows_done": 0,
    "counts": {"invited": 0, "enrolled": 0, "changed": 0, "unchanged": 0, "refused": 0},
    "problems": 0,
    "problems_kept": 0,
    "headings": [],
    "notes": [],
    "failure": None,
}
_DONE: dict[str, Any] = {
    **_WAITING,
    "status": "done",
    "finished_at": "2026-10-10T09:33:41.000000Z",
    "rows": 120,
    "rows_done": 120,
    "counts": {"invited": 104, "enrolled": 9, "changed": 3, "unchanged": 2, "refused": 2},
    "problems": 2,
    "problems_kept": 2,
    "headings": [
        {
            "heading": "Zone",
            "reason": 'not a column that we know, so it was left out; did you mean "time_zone"?',
            "nearest": "time_zone",
            "fatal": False,
        }
    ],
}
_UPLOAD: dict[str, Any] = {
    "url": "https://crossward-prod-documents.s3.amazonaws.com/",
    "fields": {
        "key": f"uploads/rosters/{PROGRAMME}/{_IMPORT}",
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": "AKIDEXAMPLE/20261010/eu-west-1/s3/aws4_request",
        "x-amz-date": "20261010T093000Z",
        "policy": "eyJleHBpcmF0aW9uIjoiMjAyNi0xMC0xMFQwOTo0NTowMFoifQ==",
        "x-amz-signature": "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    },
    "max_bytes": 10_485_760,
    "expires_in": 900,
}

PARAMETERS: dict[str, Any] = {
    "programme_id": PROGRAMME,
    "import_id": _IMPORT,
    "role": "mentee",
    "format": "xlsx",
}
BODIES: dict[str, Any] = {"start_import": _BODY}
ANSWERS: dict[str, Any] = {
    "start_import": {**_WAITING, "upload": _UPLOAD},
    "list_imports": [_DONE],
    "read_import": {**_DONE, "upload": None},
    "list_problems": [
        {
            "row": 17,
            "column": "country",
            "reason": (
                "Give a country by its ISO 3166-1 code, for example KE, or its English or French name."
            ),
            "value_excerpt": "Kenia?",
        },
        {
            "row": 88,
            "column": "email",
            "reason": "Give one e-mail address, for example amina.otieno@example.org.",
            "value_excerpt": None,
        },
    ],
    "roster_template": {
        "url": "https://crossward-prod-documents.s3.amazonaws.com/rosters/templates/1/mentees.xlsx?X-Amz-Expires=300",
        "file_name": "mentees.xlsx",
        "media_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "expires_in": 300,
    },
}
REFUSALS: dict[str, str] = {}
