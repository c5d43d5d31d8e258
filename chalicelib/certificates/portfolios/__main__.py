"""Verifies a portfolio with no server, account or network.

    python -m chalicelib.certificates.portfolios verify FILE --issuer issuer.json

The issuer's document is at `/v1/certificate-issuer` of the installation that issued it: fetch it once, from an address
that you trust.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.certificates import issuer as issuers
from chalicelib.certificates.checking import Verdict
from chalicelib.certificates.jws import Unreadable
from chalicelib.certificates.portfolios.checking import MAX_LETTERS, verify

_USAGE = 2
_EPILOG = """\
exit codes:
  0  it is genuine
  1  it is not genuine
  2  a file cannot be read, or the issuer's document is none
"""


def main(argv: Sequence[str] | None = None, now: datetime | None = None) -> int:
    """Run the command line; return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m chalicelib.certificates.portfolios", description=__doc__, epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser("verify", help="verify a portfolio")
    verifying.add_argument("file", metavar="FILE", help="the portfolio, as it was downloaded")
    verifying.add_argument("--issuer", required=True, help="the issuer's public document")
    given = parser.parse_args(argv)
    try:
        issuer = issuers.read(_text(given.issuer))
        text = _text(given.file)
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        print(error, file=sys.stderr)
        return _USAGE
    report = verify(text, issuer, now or datetime.now(UTC))
    for one in report.findings:
        print(f"{'ok' if one.verdict is Verdict.GOOD else 'NO'}  {one.check.value:<10} {one.text}")
    if not report.is_genuine:
        return 1
    holder = "".join(char if char.isprintable() else "?" for char in report.holder or "")
    print(f"\n    verified: issued by {report.issuer} on {report.issued_at:%Y-%m-%d} to {holder}")
    return 0


def _text(path: str) -> str:
    with Path(path).open(encoding="utf-8") as file:
        # One letter more than is read, so that what is too long is seen to be.
        return file.read(MAX_LETTERS + 1)


if __name__ == "__main__":
    sys.exit(main())
