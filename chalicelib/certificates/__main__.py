"""Verifies a certificate with no server, account or network.

    python -m chalicelib.certificates verify FILE --issuer issuer.json [--status list.jwt]

FILE is what a holder downloads and hands on. The issuer's document is at `/v1/certificate-issuer` of the installation
that issued it: fetch it once, from an address that you trust. docs/certificates.md tells more.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.certificates import issuer as issuers
from chalicelib.certificates.checking import Report, Verdict, verify
from chalicelib.certificates.jws import MAX_LETTERS, Unreadable

_CODES = {Verdict.GOOD: 0, Verdict.BAD: 1, Verdict.UNKNOWN: 3}
_USAGE = 2
_EPILOG = """\
exit codes:
  0  it is genuine, and not revoked as the status list has it
  1  it is not genuine, not valid, or revoked
  2  a file cannot be read, or the issuer's document is none
  3  it is genuine; whether it is revoked was not looked at
"""
_SIGNS = {Verdict.GOOD: "ok", Verdict.BAD: "NO", Verdict.UNKNOWN: "??"}


def main(argv: Sequence[str] | None = None, now: datetime | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.certificates", description=__doc__, epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser("verify", help="verify a certificate")
    verifying.add_argument("file", metavar="FILE", help="the certificate, as it was downloaded")
    verifying.add_argument("--issuer", required=True, help="the issuer's public document")
    verifying.add_argument("--status", help="the status list that the certificate names, as it was fetched")
    given = parser.parse_args(argv)
    try:
        issuer = issuers.read(_text(given.issuer))
        status = _text(given.status) if given.status else None
        text = _text(given.file)
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        print(error, file=sys.stderr)
        return _USAGE
    report = verify(text, issuer, now or datetime.now(UTC), status)
    _tell(report, issuer.id)
    return _CODES[report.verdict]


def _text(path: str) -> str:
    with Path(path).open(encoding="utf-8") as file:
        # One letter more than is read, so that what is too long is seen to be.
        return file.read(MAX_LETTERS + 1)


def _tell(report: Report, issuer_id: str) -> None:
    for one in report.findings:
        print(f"{_SIGNS[one.verdict]}  {one.check.value:<10} {one.text}")
    if report.credential:
        print()
        for name, value in _facts(report.credential, issuer_id):
            # What was signed may still hold what turns a terminal about.
            print(f"    {name:<12} {''.join(char if char.isprintable() else '?' for char in value)}")


def _facts(credential: Mapping[str, Any], issuer_id: str) -> list[tuple[str, str]]:
    """Return what the credential says, as far as it is there."""
    subject = _at(credential, "credentialSubject")
    achievement = _at(subject, "achievement")
    names = [
        one.get("identityHash")
        for one in subject.get("identifier") or ()
        if isinstance(one, dict) and one.get("identityType") == "name"
    ]
    results = {
        one["id"]: one.get("name") for one in achievement.get("resultDescription") or () if "id" in one
    }
    found = [
        ("issuer", issuer_id),
        ("by", _at(achievement, "creator").get("name")),
        ("holder", next(iter(names), None)),
        ("for", achievement.get("name")),
        ("from", subject.get("activityStartDate")),
        ("to", subject.get("activityEndDate")),
        *(
            (str(results.get(one.get("resultDescription"), "result")), one.get("value"))
            for one in subject.get("result") or ()
        ),
        ("id", credential.get("id")),
    ]
    return [(name, str(value)) for name, value in found if value is not None]


def _at(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


if __name__ == "__main__":
    sys.exit(main())
