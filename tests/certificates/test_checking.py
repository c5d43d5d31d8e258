"""A certificate is verified with the issuer's public document alone, and whatever was changed is seen."""

import base64
import gzip
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.certificates import bitstring, issuer, jws
from chalicelib.certificates.__main__ import main
from chalicelib.certificates.checking import Check, Report, Verdict, verify
from chalicelib.certificates.jws import Unreadable
from chalicelib.certificates.model import OfMentorship
from chalicelib.programmes.model import PairKind
from tests.certificates.paper import (
    CERTIFICATE,
    KEY,
    NOW,
    RECORD,
    SIGNATURE,
    WHERE,
    document,
    known,
    payload,
    revocations,
    signed,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
TOKEN = signed()


def verified(text: str = TOKEN, status: str | None = None) -> Report:
    return verify(text, known(), NOW, status)


def last(report: Report) -> tuple[Check, Verdict]:
    found = report.findings[-1]
    return found.check, found.verdict


def raw(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_a_genuine_one_is_good_in_everything_but_what_nobody_gave() -> None:
    report = verified()
    assert [one.check for one in report.findings] == list(Check)
    assert {one.verdict for one in report.findings[:-1]} == {Verdict.GOOD}
    assert (last(report), report.verdict) == ((Check.STATUS, Verdict.UNKNOWN), Verdict.UNKNOWN)
    assert report.credential == payload()
    assert verified(status=revocations(1, 94_566, 94_568)).verdict is Verdict.GOOD


def test_another_implementation_finds_the_signature_good_too() -> None:
    """RFC 7515 and RFC 8032 by hand: the letters before the last dot, and the key as 32 bytes."""
    head, body, signature = TOKEN.split(".")
    (method,) = json.loads(document())["verificationMethod"]
    key = Ed25519PublicKey.from_public_bytes(raw(method["publicKeyJwk"]["x"]))
    key.verify(raw(signature), f"{head}.{body}".encode())
    assert json.loads(raw(head)) == {"alg": "EdDSA", "typ": "JWT", "kid": method["id"]}
    with pytest.raises(InvalidSignature):
        key.verify(raw(signature), f"{head}.{body}=".encode())


def test_what_is_signed_is_an_open_badges_credential_with_the_claims_of_a_token() -> None:
    """What its JSON schema and the chapter on JWT proofs ask for."""
    whole = payload()
    assert whole["@context"][:2] == issuer.CONTEXT[:2]
    assert whole["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert (whole["iss"], whole["jti"], whole["sub"]) == (
        whole["issuer"]["id"], whole["id"], whole["credentialSubject"]["id"]
    )  # fmt: skip
    assert whole["nbf"] == NOW.timestamp()
    assert whole["validFrom"] == "2027-06-30T16:00:00Z"
    subject = whole["credentialSubject"]
    assert {"id", "type", "name", "description", "criteria", "creator"} <= set(subject["achievement"])
    described = {one["id"]: one["name"] for one in subject["achievement"]["resultDescription"]}
    assert {described[one["resultDescription"]]: one["value"] for one in subject["result"]} == {
        "Sessions held": "8", "Hours in sessions": "7.5", "Goals reached": "3"
    }  # fmt: skip
    assert subject["identifier"] == [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Amina Otieno", "identityType": "name"}
    ]
    assert whole["credentialStatus"]["statusListIndex"] == "94567"
    assert "proof" not in whole


def test_what_was_not_counted_is_not_claimed_and_leaves_no_empty_list() -> None:
    bare = payload(record=replace(RECORD, sessions=0, minutes=0, goals_reached=0))["credentialSubject"]
    assert "result" not in bare
    assert "resultDescription" not in bare["achievement"]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(TOKEN) - 1), st.sampled_from(LETTERS + "=. é"))
def test_any_letter_that_is_changed_is_seen(place: int, letter: str) -> None:
    """The last letter of a part holds bits that lenient readers overlook: there, too."""
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    report = verified(changed)
    if changed.strip() == TOKEN:
        assert report.verdict is Verdict.UNKNOWN
    else:
        assert report.verdict is Verdict.BAD
        assert report.credential == {}, "nothing of it is shown as if it were true"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TOKEN)), st.integers(0, 8), st.text(LETTERS, max_size=6))
def test_whatever_is_cut_out_or_put_in_is_seen(place: int, gone: int, put_in: str) -> None:
    changed = TOKEN[:place] + put_in + TOKEN[place + gone :]
    assert (verified(changed).verdict is Verdict.BAD) == (changed != TOKEN)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda one: one.decode("latin-1")))
def test_anything_at_all_gets_an_answer(text: str) -> None:
    assert verified(text).verdict is Verdict.BAD
    assert verified(status=text).verdict is Verdict.BAD
    with pytest.raises(Unreadable):
        issuer.read(text)


@pytest.mark.parametrize("changes", [
    {"iss": "https://elsewhere.example/v1/certificate-issuer"},
    {"issuer": {"id": "https://elsewhere.example/v1/certificate-issuer"}},
    {"jti": "https://mentors.example.org/v1/certificates/another"},
    {"sub": "https://mentors.example.org/v1/certificates/another#holder"},
    {"nbf": int(NOW.timestamp()) - 1},
    {"validFrom": "2027-06-30"},
    {"credentialSubject": []},
])  # fmt: skip
def test_claims_that_contradict_each_other_are_refused_though_they_are_signed(
    changes: dict[str, Any],
) -> None:
    report = verified(signed(payload() | changes))
    assert last(report) == (Check.CLAIMS, Verdict.BAD)
    assert report.credential == {}


@pytest.mark.parametrize(("changes", "check"), [
    ({"type": ["VerifiableCredential"]}, Check.KIND),
    ({"type": "OpenBadgeCredential"}, Check.KIND),
    ({"validUntil": "2027-06-30T16:00:00Z"}, Check.TIME),
    ({"credentialStatus": None}, Check.STATUS),
    ({"credentialStatus": {**payload()["credentialStatus"], "statusListIndex": "-1"}}, Check.STATUS),
    ({"credentialStatus": {**payload()["credentialStatus"], "statusPurpose": "suspension"}}, Check.STATUS),
])  # fmt: skip
def test_what_is_signed_must_be_a_badge_that_is_valid_now(changes: dict[str, Any], check: Check) -> None:
    assert last(verified(signed(payload() | changes))) == (check, Verdict.BAD)


def test_a_status_list_of_its_issuer_is_no_certificate() -> None:
    assert verified(revocations()).verdict is Verdict.BAD


def test_before_its_day_it_is_not_valid_but_for_clocks_that_differ() -> None:
    assert last(verify(TOKEN, known(), NOW - timedelta(hours=1))) == (Check.TIME, Verdict.BAD)
    assert verify(TOKEN, known(), NOW - timedelta(minutes=4)).verdict is Verdict.UNKNOWN


def test_a_revoked_one_is_seen_by_the_list_that_it_names_alone() -> None:
    assert last(verified(status=revocations(SIGNATURE.index))) == (Check.STATUS, Verdict.BAD)
    assert "revoked" in verified(status=revocations(SIGNATURE.index)).findings[-1].text
    others = [
        revocations(id=WHERE.status_list("2026")),
        revocations(type=["VerifiableCredential"]),
        revocations(iss="https://elsewhere.example"),
        revocations(validFrom="2031-01-01T00:00:00Z"),
        revocations(credentialSubject={"type": "BitstringStatusList", "statusPurpose": "message"}),
        revocations(key=jws.new_key()),
        signed(),
    ]
    assert {last(verified(status=one)) for one in others} == {(Check.STATUS, Verdict.BAD)}


def test_another_key_of_the_same_name_is_not_the_issuers() -> None:
    forger = jws.new_key()
    assert last(verified(jws.sign(payload(), forger, WHERE.key(KEY.id)))) == (Check.SIGNATURE, Verdict.BAD)
    assert last(verified(signed(key=forger))) == (Check.KEY, Verdict.BAD)


def test_what_an_earlier_key_signed_stays_good_after_a_rotation() -> None:
    later = jws.new_key()
    both = known(KEY, later)
    for one in (KEY, later):
        status = revocations(7, key=later)
        assert verify(signed(key=one), both, NOW, status).verdict is Verdict.GOOD


@pytest.mark.parametrize("header", [
    {"alg": "none"}, {"alg": "HS256"}, {"alg": "RS256"}, {"jwk": KEY.public_jwk}, {"crit": ["b64"]}, {"typ": "JOSE"},
])  # fmt: skip
def test_a_header_decides_nothing(header: dict[str, Any]) -> None:
    head, body, signature = TOKEN.split(".")
    changed = json.dumps(json.loads(raw(head)) | header).encode()
    text = f"{base64.urlsafe_b64encode(changed).decode().rstrip('=')}.{body}.{signature}"
    assert last(verified(text))[1] is Verdict.BAD


@pytest.mark.parametrize("spoil", [
    lambda found: found["verificationMethod"][0]["publicKeyJwk"].update(d="AAAA"),
    lambda found: found["verificationMethod"][0]["publicKeyJwk"].update(crv="P-256"),
    lambda found: found["verificationMethod"][0]["publicKeyJwk"].update(x="AAAA"),
    lambda found: found["verificationMethod"][0]["publicKeyJwk"].update(kid="another"),
    lambda found: found["verificationMethod"][0].update(controller="https://elsewhere.example"),
    lambda found: found.update(verificationMethod=None),
    lambda found: found.pop("id"),
])  # fmt: skip
def test_an_issuers_document_that_is_not_right_is_refused(spoil: Any) -> None:
    found = json.loads(document())
    spoil(found)
    with pytest.raises(Unreadable):
        issuer.read(json.dumps(found))


def test_a_key_that_is_not_for_credentials_signs_none() -> None:
    found = json.loads(document()) | {"assertionMethod": []}
    report = verify(TOKEN, issuer.read(json.dumps(found)), NOW)
    assert last(report) == (Check.KEY, Verdict.BAD)


def test_a_key_comes_back_from_its_secret_and_its_public_part_holds_none_of_it() -> None:
    again = jws.key_of(KEY.to_secret())
    assert (again.id, again.public_jwk) == (KEY.id, KEY.public_jwk)
    secret = json.loads(KEY.to_secret())["d"]
    assert secret not in document()
    assert secret not in repr(KEY)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, bitstring.LENGTH - 1), max_size=40), st.integers(0, bitstring.LENGTH - 1))
def test_a_list_says_of_each_place_what_was_put_in(revoked: set[int], asked: int) -> None:
    text = bitstring.encoded(revoked)
    assert text == bitstring.encoded(sorted(revoked, reverse=True))
    assert bitstring.is_set(text, asked) == (asked in revoked)
    assert all(bitstring.is_set(text, one) for one in revoked)


def test_a_list_has_the_order_of_bits_and_the_length_that_the_standard_says() -> None:
    bits = gzip.decompress(raw(bitstring.encoded([0, 9])[1:]))
    assert (len(bits) * 8, bits[:3]) == (131_072, b"\x80\x40\x00")


def test_a_list_that_unpacks_to_more_than_any_list_is_refused() -> None:
    bomb = "u" + base64.urlsafe_b64encode(gzip.compress(bytes(20_000_000))).decode().rstrip("=")
    with pytest.raises(Unreadable, match="too long"):
        bitstring.is_set(bomb, 5)
    with pytest.raises(Unreadable):
        bitstring.is_set(bitstring.encoded([])[:-8], 5)
    with pytest.raises(Unreadable):
        bitstring.is_set(bitstring.encoded([]), bitstring.LENGTH)


class TestCommandLine:
    @pytest.fixture
    def files(self, tmp_path: Path) -> dict[str, str]:
        content = {
            "certificate": TOKEN + "\n",
            "issuer": document(),
            "list": revocations(1),
            "revoking": revocations(SIGNATURE.index),
        }
        for name, text in content.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return {name: str(tmp_path / name) for name in content}

    def run(self, *arguments: str) -> int:
        return main(["verify", *arguments], NOW)

    def test_it_tells_what_it_looked_at_and_what_the_certificate_says(
        self, files: dict[str, str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = (files["certificate"], "--issuer", files["issuer"])
        assert self.run(*given) == 3
        assert "--status" in capsys.readouterr().out
        assert self.run(*given, "--status", files["list"]) == 0
        told = capsys.readouterr().out
        for one in (*Check, "Amina Otieno", "Heart Alliance", "Hours in sessions", "7.5"):
            assert str(one) in told
        assert self.run(*given, "--status", files["revoking"]) == 1
        assert "revoked" in capsys.readouterr().out

    def test_what_it_cannot_read_is_told_apart_from_what_is_wrong(
        self, files: dict[str, str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(files["issuer"], "--issuer", files["issuer"]) == 1
        capsys.readouterr()
        assert self.run(files["certificate"], "--issuer", files["certificate"]) == 2
        assert self.run(files["certificate"] + "x", "--issuer", files["issuer"]) == 2
        assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("kind", "role", "told"),
    [
        (PairKind.ONE_TO_ONE, "mentee", "One-to-one mentorship"),
        (PairKind.REVERSE, "mentee", "Reverse mentorship"),
        (PairKind.PEER, "peer", "Peer mentorship"),
    ],
)
def test_a_badge_says_of_what_kind_of_mentorship_it_is(kind: PairKind, role: str, told: str) -> None:
    of = CERTIFICATE.of
    assert isinstance(of, OfMentorship)
    subject = payload(of=replace(of, kind=kind))["credentialSubject"]
    assert subject["role"] == role
    assert subject["achievement"]["id"].endswith(f"-{role}")
    assert subject["achievement"]["description"].startswith(told)
