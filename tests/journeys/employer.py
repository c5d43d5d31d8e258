"""Whoever is shown a certificate, and verifies it with the issuer's public document alone."""

import base64
import gzip
import json
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import BadSignatureError, SecurityWarning
from joserfc.jwk import OKPKey

from chalicelib.certificates.__main__ import main
from tests.journeys.deployed import Deployed
from tests.journeys.people import anonymous


@dataclass
class Employer:
    """Somebody without an account, and what they have fetched: the issuer's document, and its list of what is
    revoked."""

    home: Path
    issuer: str
    listed: str

    def verdict(self, certificate: str, now: datetime, *, with_list: bool = True) -> int:
        """Return the exit code of the command in docs/certificates.md."""
        paths = {name: self.home / name for name in ("certificate.jwt", "issuer.json", "list.jwt")}
        for path, text in zip(paths.values(), (certificate, self.issuer, self.listed), strict=True):
            path.write_text(text, encoding="utf-8")
        status = ["--status", str(paths["list.jwt"])] if with_list else []
        given = ["verify", str(paths["certificate.jwt"]), "--issuer", str(paths["issuer.json"]), *status]
        return main(given, now)

    def is_signed(self, text: str) -> bool:
        """Tell whether a text is signed with EdDSA by the issuer's key that it names, as joserfc has it: nothing of
        ours signs or verifies with that."""
        keys = {one["id"]: one["publicKeyJwk"] for one in json.loads(self.issuer)["verificationMethod"]}
        header = jws.extract_compact(text.encode()).headers()
        assert header["alg"] == "EdDSA"
        with warnings.catch_warnings():
            # RFC 9864 has another name for it, of which Open Badges 3.0 does not know yet.
            warnings.simplefilter("ignore", SecurityWarning)
            try:
                jws.deserialize_compact(text, OKPKey.import_key(keys[header["kid"]]), algorithms=["EdDSA"])
            except BadSignatureError:
                return False
        return True

    def is_revoked(self, certificate: str) -> bool:
        """Look a certificate up in the list, as Bitstring Status List 1.0, section 3.2, has it: bits from the left, in
        GZIP, in base64url."""
        status = payload_of(certificate)["credentialStatus"]
        found = payload_of(self.listed)
        assert (status["statusListCredential"], status["statusPurpose"]) == (found["id"], "revocation")
        bits = gzip.decompress(_raw(found["credentialSubject"]["encodedList"].removeprefix("u")))
        byte, bit = divmod(int(status["statusListIndex"]), 8)
        return bool(bits[byte] >> (7 - bit) & 1)


def employer_of(deployed: Deployed, certificate: str, home: Path) -> Employer:
    """Return somebody who has fetched what a certificate names."""
    with anonymous(deployed) as http:
        issuer = http.get("/v1/certificate-issuer")
        listed = http.get(payload_of(certificate)["credentialStatus"]["statusListCredential"])
    assert listed.headers["Content-Type"] == "application/vc+jwt"
    return Employer(home, issuer.text, listed.text)


def forged(certificate: str) -> str:
    """Return a certificate that says more than was signed."""
    header, _, signature = certificate.split(".")
    better = json.dumps({**payload_of(certificate), "name": "Professor of Cardiology"}).encode()
    return f"{header}.{base64.urlsafe_b64encode(better).decode().rstrip('=')}.{signature}"


def payload_of(text: str) -> dict[str, Any]:
    """Return what a signed text says."""
    read: dict[str, Any] = json.loads(_raw(text.split(".")[1]))
    return read


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
