"""Verifying a portfolio with its file and the issuer's public document alone. No key is ever taken from the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from chalicelib.certificates import jws
from chalicelib.certificates.checking import LEEWAY, Verdict
from chalicelib.certificates.issuer import Issuer
from chalicelib.certificates.jws import Unreadable
from chalicelib.certificates.portfolios.model import FORMAT, STATEMENT, digest_of

MAX_LETTERS = 32 * 1024 * 1024
"""The longest file that is read: the largest there is (`MAX_BYTES`), of letters of two bytes each of which were spelled
in six (`\\u0645`), is shorter."""


class Check(StrEnum):
    """What is looked at, in this order."""

    FORM = "form"
    KEY = "key"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    TIME = "time"
    CONTENT = "content"


@dataclass(frozen=True)
class Finding:
    """What one check came to, with a sentence for people."""

    check: Check
    verdict: Verdict
    text: str


@dataclass(frozen=True)
class Report:
    """All findings. Issuer, instant and holder are as signed; they are None unless everything is good."""

    findings: tuple[Finding, ...]
    issuer: str | None = None
    issued_at: datetime | None = None
    holder: str | None = None
    content: Mapping[str, Any] | None = None

    @property
    def is_genuine(self) -> bool:
        return self.issuer is not None


class _Bad(Exception):
    def __init__(self, check: Check, text: str) -> None:
        super().__init__(text)
        self.check = check


def verify(text: str, issuer: Issuer, now: datetime) -> Report:
    """Verify the file of a portfolio against an issuer whom the reader knows."""
    findings: list[Finding] = []

    def good(check: Check, sentence: str) -> None:
        findings.append(Finding(check, Verdict.GOOD, sentence))

    try:
        proof, content = _parts(text)
        good(Check.FORM, "It is the file of a portfolio.")
        if proof.key_url not in issuer.keys:
            raise _Bad(
                Check.KEY, "It names a key that this issuer does not have: it is another's, or forged."
            )
        good(Check.KEY, "It names a key of this issuer.")
        if not jws.is_signed_by(proof, issuer.keys[proof.key_url]):
            raise _Bad(Check.SIGNATURE, "The signature does not fit: somebody else signed it.")
        good(Check.SIGNATURE, "The issuer signed the statement in it.")
        said = proof.payload
        holder = _require_claims(said, content, issuer)
        good(Check.CLAIMS, "The statement is of this portfolio.")
        at = _require_time(said, now)
        good(Check.TIME, f"It was issued on {at:%Y-%m-%d}.")
        _require_content(said, content)
        good(Check.CONTENT, "Nothing in it was changed since.")
    except _Bad as bad:
        findings.append(Finding(bad.check, Verdict.BAD, str(bad)))
        return Report(tuple(findings))
    return Report(tuple(findings), issuer.id, at, holder, content)


def _parts(text: str) -> tuple[jws.Signed, Mapping[str, Any]]:
    if len(text) > MAX_LETTERS:
        raise _Bad(Check.FORM, f"It is longer than {MAX_LETTERS} letters.")
    try:
        whole = jws.parse_object(text, "file")
        if set(whole) != {"format", "proof", "portfolio"} or whole["format"] != FORMAT:
            raise Unreadable(f"It is no {FORMAT}.")
        if not isinstance(whole["proof"], str) or not isinstance(whole["portfolio"], dict):
            raise Unreadable("It lacks its signed statement, or what is in it.")
        return jws.read(whole["proof"]), whole["portfolio"]
    except Unreadable as error:
        raise _Bad(Check.FORM, str(error)) from error


def _require_claims(said: Mapping[str, Any], content: Mapping[str, Any], issuer: Issuer) -> str:
    if said.get("type") != STATEMENT:
        raise _Bad(Check.CLAIMS, "The issuer signed it, and it is no statement of a portfolio.")
    if said.get("iss") != issuer.id or content.get("issuer") != issuer.id:
        raise _Bad(Check.CLAIMS, "It says that another issuer issued it.")
    if not isinstance(said.get("jti"), str) or said["jti"] != content.get("id"):
        raise _Bad(Check.CLAIMS, "The statement is of another portfolio.")
    holder = said.get("holder")
    if not isinstance(holder, str) or holder != content.get("holder"):
        raise _Bad(Check.CLAIMS, "The statement is of another holder.")
    return holder


def _require_time(said: Mapping[str, Any], now: datetime) -> datetime:
    seconds = said.get("nbf")
    # A bool is an int to Python, and a number beyond the calendar is no instant.
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 <= seconds < 2**33:
        raise _Bad(Check.TIME, "It does not say when it was issued.")
    at = datetime.fromtimestamp(seconds, UTC)
    if at > now + LEEWAY:
        raise _Bad(Check.TIME, "It is from a time to come.")
    return at


def _require_content(said: Mapping[str, Any], content: Mapping[str, Any]) -> None:
    try:
        digest = digest_of(content)
    except (UnicodeEncodeError, RecursionError):
        # Halves of a character, or lists in lists without end: no content of ours spells so.
        digest = ""
    if said.get("digest") != f"sha-256:{digest}":
        raise _Bad(Check.CONTENT, "What is in it was changed since it was signed.")
