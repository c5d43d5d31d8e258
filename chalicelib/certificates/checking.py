"""Verifying a certificate with its text and the issuer's public document alone, and a status list if there is one.

Every check has its finding, so that who reads it sees what was looked at, and not a bare yes or no.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.certificates import bitstring, jws
from chalicelib.certificates.issuer import Issuer
from chalicelib.certificates.jws import Signed, Unreadable

LEEWAY = timedelta(minutes=5)
"""How far the clocks of who signs and who verifies may be apart."""


class Check(StrEnum):
    """What is looked at, in this order."""

    FORM = "form"
    KEY = "key"
    SIGNATURE = "signature"
    CLAIMS = "claims"
    KIND = "kind"
    TIME = "time"
    STATUS = "status"


class Verdict(StrEnum):
    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """What one check came to, with a sentence for people."""

    check: Check
    verdict: Verdict
    text: str


@dataclass(frozen=True)
class Report:
    """All findings; `credential` is what was signed, and empty unless signature and claims are good."""

    findings: tuple[Finding, ...]
    credential: Mapping[str, Any]

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings: a certificate of which one thing is not known is not known to be good."""
        found = {one.verdict for one in self.findings}
        return next((one for one in (Verdict.BAD, Verdict.UNKNOWN) if one in found), Verdict.GOOD)


class _Bad(Exception):
    def __init__(self, check: Check, text: str) -> None:
        super().__init__(text)
        self.check = check


def verify(text: str, issuer: Issuer, now: datetime, status_list: str | None = None) -> Report:
    """Verify a signed certificate.

    Parameters
    ----------
    text
        The compact JWS; white space around it does not matter.
    status_list
        The signed status list that the certificate names, as it was fetched; None leaves open whether it is revoked.
    """
    findings: list[Finding] = []

    def good(check: Check, sentence: str) -> None:
        findings.append(Finding(check, Verdict.GOOD, sentence))

    credential: Mapping[str, Any] = {}
    try:
        signed = _signed(text.strip(), Check.FORM)
        good(Check.FORM, "It is a signed credential.")
        _require_key(signed, issuer)
        good(Check.KEY, "It names a key of this issuer.")
        _require_signature(signed, issuer)
        good(Check.SIGNATURE, "The issuer signed it, and nothing in it was changed since.")
        _require_claims(signed.payload, issuer)
        good(Check.CLAIMS, "What was signed and what it says of itself are the same.")
        credential = signed.payload
        _require_kind(credential)
        good(Check.KIND, "It is an Open Badges 3.0 credential.")
        since = _require_time(credential, now)
        good(Check.TIME, f"It is valid since {since:%Y-%m-%d}.")
        findings.append(_status(credential, issuer, now, status_list))
    except _Bad as bad:
        findings.append(Finding(bad.check, Verdict.BAD, str(bad)))
    return Report(tuple(findings), credential)


def _signed(text: str, check: Check) -> Signed:
    try:
        return jws.read(text)
    except Unreadable as error:
        raise _Bad(check, str(error)) from error


def _require_key(signed: Signed, issuer: Issuer, check: Check = Check.KEY) -> None:
    if signed.key_url not in issuer.keys:
        raise _Bad(check, "It names a key that this issuer does not have: it is another's, or forged.")


def _require_signature(signed: Signed, issuer: Issuer, check: Check = Check.SIGNATURE) -> None:
    if not jws.is_signed_by(signed, issuer.keys[signed.key_url]):
        raise _Bad(check, "The signature does not fit: it was changed, or somebody else signed it.")


def _require_claims(payload: Mapping[str, Any], issuer: Issuer) -> None:
    """See that the claims of the token are those of the credential in it (Open Badges 3.0, 8.2.4.1)."""
    subject = payload.get("credentialSubject")
    if _id_of(payload.get("issuer")) != issuer.id or payload.get("iss") != issuer.id:
        raise _Bad(Check.CLAIMS, "It says that another issuer issued it.")
    if not _is_same(payload.get("jti"), payload.get("id")):
        raise _Bad(Check.CLAIMS, "It has two ids.")
    if not _is_same(payload.get("sub"), _id_of(subject)):
        raise _Bad(Check.CLAIMS, "It says of two holders that it is theirs.")
    since = _instant(payload.get("validFrom"))
    if since is None or payload.get("nbf") != int(since.timestamp()):
        raise _Bad(Check.CLAIMS, "It says of two instants that it is valid from then.")


def _require_kind(credential: Mapping[str, Any]) -> None:
    kinds = credential.get("type")
    if not isinstance(kinds, list) or not {"VerifiableCredential", "OpenBadgeCredential"} <= set(
        map(str, kinds)
    ):
        raise _Bad(Check.KIND, "It is signed by the issuer, and no Open Badges 3.0 credential.")


def _require_time(credential: Mapping[str, Any], now: datetime) -> datetime:
    since = _instant(credential["validFrom"])
    if since is None or since > now + LEEWAY:
        raise _Bad(Check.TIME, "It is not valid yet.")
    if "validUntil" in credential:
        until = _instant(credential["validUntil"])
        if until is None or until <= now:
            raise _Bad(Check.TIME, "It is not valid any more.")
    return since


def _status(credential: Mapping[str, Any], issuer: Issuer, now: datetime, status_list: str | None) -> Finding:
    entry = credential.get("credentialStatus")
    url, index = _place(entry)
    if status_list is None:
        told = f"Whether it was revoked since is not known: fetch {url} and give it with --status."
        return Finding(Check.STATUS, Verdict.UNKNOWN, told)
    signed = _signed(status_list.strip(), Check.STATUS)
    _require_key(signed, issuer, Check.STATUS)
    _require_signature(signed, issuer, Check.STATUS)
    listed, since = signed.payload, _instant(signed.payload.get("validFrom"))
    if listed.get("id") != url or listed.get("iss") != issuer.id or _id_of(listed.get("issuer")) != issuer.id:
        raise _Bad(Check.STATUS, "The status list given is not the one that it names.")
    subject = listed.get("credentialSubject")
    if (
        not isinstance(subject, dict)
        or "BitstringStatusListCredential" not in (listed.get("type") or ())
        or subject.get("type") != "BitstringStatusList"
        or subject.get("statusPurpose") != "revocation"
        or not isinstance(subject.get("encodedList"), str)
    ):
        raise _Bad(Check.STATUS, "What was given as its status list is none.")
    if since is None or since > now + LEEWAY:
        raise _Bad(Check.STATUS, "The status list given is from a time to come.")
    try:
        is_revoked = bitstring.is_set(subject["encodedList"], index)
    except Unreadable as error:
        raise _Bad(Check.STATUS, str(error)) from error
    if is_revoked:
        raise _Bad(Check.STATUS, "The issuer has revoked it.")
    told = f"It is not revoked, as the list of {since:%Y-%m-%d %H:%M} UTC has it."
    return Finding(Check.STATUS, Verdict.GOOD, told)


def _place(entry: Any) -> tuple[str, int]:
    """Return the URL of the status list that a credential names, and its place there."""
    if isinstance(entry, dict) and entry.get("type") == "BitstringStatusListEntry":
        url, index = entry.get("statusListCredential"), entry.get("statusListIndex")
        is_number = isinstance(index, str) and index.isascii() and index.isdigit() and len(index) < 10
        if entry.get("statusPurpose") == "revocation" and isinstance(url, str) and is_number:
            return url, int(str(index))
    raise _Bad(Check.STATUS, "It does not say where it would be revoked.")


def _id_of(value: Any) -> Any:
    return value.get("id") if isinstance(value, dict) else value


def _is_same(one: Any, other: Any) -> bool:
    return isinstance(one, str) and one == other


def _instant(value: Any) -> datetime | None:
    """Read an instant in UTC to the second, as ours are written."""
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None
