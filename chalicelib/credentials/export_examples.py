"""Whole examples of exports of trails. The hashes of the two files are real ones: their check would take them."""

from typing import Any

from chalicelib.organisations.examples import ORGANISATION
from chalicelib.people.examples import NADIA

_EXPORT: dict[str, Any] = {
    "id": "01M4ZTNJM01QX40DC05VFRS2C3",
    "organisation_id": ORGANISATION,
    "first_day": "2026-01-01",
    "last_day": None,
    "status": "running",
    "created_at": "2026-10-15T13:05:20.000000Z",
    "created_by": NADIA,
    "trails": 0,
    "rows": 0,
    "left_out": 0,
    "digest": None,
    "finished_at": None,
    "kept_until": None,
}
_EXPORTED: dict[str, Any] = {
    **_EXPORT,
    "status": "done",
    "trails": 412,
    "rows": 5120,
    "left_out": 2,
    "digest": "3f5c0a4e1b7d92684c0d5e6f708192a3b4c5d69c1f0f3ab7d1c0f6e6f8ad9f2e",
    "finished_at": "2026-10-15T13:05:31.000000Z",
    "kept_until": "2026-10-22T13:05:31.000000Z",
}
_TRAIL_FILE = (
    '{"at":"2026-10-16T09:00:00.000000Z","crossward_trails":1,"export":null,"first_day":null,"last_da'
    'y":null,"organisation":"01M1E0K86GYM2WX0DR7DZKQDSW"}\n'
    '{"action":"submit","actor":"01M4Y7F3YR0BPP06Q1E3AB19V8","after":"submitted","at":"2026-10-15T13:'
    '05:20.000000Z","before":null,"by":"owner","credential":"01M4ZTNJM01QX40DC05VFRS2A1","detail":{"r'
    'evision":"1","wording":"9c1f0f3ab7d1c0f6e6f8ad9f2e5a4b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6"},"hash'
    '":"b5f6e0fb3aa4be1e0ba1a9488f3b321672f2590700fa84030e0646dade28f389","previous":"000000000000000'
    '0000000000000000000000000000000000000000000000000","seq":1}\n'
    '{"head":{"hash":"b5f6e0fb3aa4be1e0ba1a9488f3b321672f2590700fa84030e0646dade28f389","seq":1},"org'
    'anisation":"01M1E0K86GYM2WX0DR7DZKQDSW","trail":"01M4ZTNJM01QX40DC05VFRS2A1"}\n'
    '{"end":{"digest":"129ff5a28e6e228d6cccad8abc1332549dbeb12e4ce7e069036c9fca529d5a82","left_out":0,'
    '"rows":1,"trails":1}}\n'
)
_TRAIL_TABLE = (
    "credential,seq,at,actor,by,action,before,after,detail,previous,hash,head_seq,head_hash\r\n"
    "01M4ZTNJM01QX40DC05VFRS2A1,1,2026-10-15T13:05:20.000000Z,01M4Y7F3YR0BPP06Q1E3AB19V8,owner,submit"
    ',,submitted,"{""revision"": ""1"", ""wording"": ""9c1f0f3ab7d1c0f6e6f8ad9f2e5a4b7c8d9e0f1a2b3c4d'
    '5e6f708192a3b4c5d6""}",0000000000000000000000000000000000000000000000000000000000000000,b5f6e0fb'
    "3aa4be1e0ba1a9488f3b321672f2590700fa84030e0646dade28f389,1,b5f6e0fb3aa4be1e0ba1a9488f3b321672f25"
    "90700fa84030e0646dade28f389\r\n"
)

PARAMETERS: dict[str, Any] = {"export_id": _EXPORT["id"]}
BODIES: dict[str, Any] = {"order_export": {"organisation_id": ORGANISATION, "first_day": "2026-01-01"}}
ANSWERS: dict[str, Any] = {
    "export_trail": _TRAIL_FILE,
    "export_trail_table": _TRAIL_TABLE,
    "order_export": _EXPORT,
    "list_exports": [_EXPORTED],
    "read_export": _EXPORTED,
    "export_file": {
        "url": "https://crossward-prod-documents-111122223333.s3.amazonaws.com/trail-exports/…",
        "file_name": f"trails-{_EXPORT['id']}.jsonl",
        "digest": _EXPORTED["digest"],
        "expires_in": 300,
    },
}
REFUSALS: dict[str, str] = {
    "trail-export-not-there": "It is being written. Ask again when the export is done.",
    "trail-export-of-another": "Its file leaves out what they may not read, and you may. Order one of your own.",
}
