"""Verifying a portfolio offline: what is genuine, and every way in which one is not."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.certificates import jws
from chalicelib.certificates.checking import Verdict
from chalicelib.certificates.jws import SigningKey
from chalicelib.certificates.portfolios.__main__ import main
from chalicelib.certificates.portfolios.checking import Check, Report, verify
from chalicelib.certificates.portfolios.model import FORMAT, Choice, Portfolio, Status, canonical, digest_of
from chalicelib.certificates.portfolios.statement import name_of, statement
from tests.certificates.paper import KEY, NOW, WHERE, document, known, signed

ID = "01MST64N00WQ9X42FTCHV4EG1C"
CONTENT: dict[str, Any] = {
    "id": name_of(ID, WHERE), "issuer": WHERE.issuer, "language": "fr", "holder": "Amina Otieno",
    "mentorships": [{"role": "mentee", "goals": [{"title": "Réduire l’attente à 5 €"}]}],
}  # fmt: skip
PORTFOLIO = Portfolio(
    ID, "01M4Y7F3YR0BPP06Q1E3AB19V8", Choice(), Status.SIGNED, NOW, "Amina Otieno", "fr", digest_of(CONTENT),
    len(canonical(CONTENT)), signed_at=NOW,
)  # fmt: skip
STRANGER = jws.new_key()


def proof(key: SigningKey = KEY, **changes: Any) -> str:
    return jws.sign(statement(PORTFOLIO, WHERE) | changes, key, WHERE.key(key.id))


def file(content: dict[str, Any] | None = None, proof_: str | None = None, **more: Any) -> str:
    whole = {"format": FORMAT, "proof": proof_ or proof(), "portfolio": content or CONTENT, **more}
    return json.dumps(whole)


def last(report: Report) -> tuple[Check, Verdict]:
    return report.findings[-1].check, report.findings[-1].verdict


def test_genuine_however_it_is_spelled() -> None:
    spelled = json.dumps(json.loads(file()), indent=3, sort_keys=True, ensure_ascii=False)
    for text in (file(), spelled):
        report = verify(text, known(), NOW)
        assert [one.check for one in report.findings] == list(Check)
        assert {one.verdict for one in report.findings} == {Verdict.GOOD}
        assert (report.issuer, report.issued_at, report.holder) == (WHERE.issuer, NOW, "Amina Otieno")


FORGED: dict[str, tuple[Callable[[], str], Check]] = {
    "a word in it changed": (lambda: file({**CONTENT, "language": "en"}), Check.CONTENT),
    "a mentorship more": (
        lambda: file({**CONTENT, "mentorships": [*CONTENT["mentorships"], {"role": "mentor"}]}),
        Check.CONTENT,
    ),
    "another's name on it": (lambda: file({**CONTENT, "holder": "Eve"}), Check.CLAIMS),
    "another's statement": (lambda: file(proof_=proof(holder="Eve")), Check.CLAIMS),
    "of another portfolio": (lambda: file(proof_=proof(jti="01")), Check.CLAIMS),
    "a key of the file's own": (lambda: file(proof_=proof(STRANGER)), Check.KEY),
    "a known key's name on another's signature": (
        lambda: file(proof_=jws.sign(statement(PORTFOLIO, WHERE), STRANGER, WHERE.key(KEY.id))),
        Check.SIGNATURE,
    ),
    "keys beside it": (lambda: file(keys=[STRANGER.public_jwk]), Check.FORM),
    "a certificate's signature": (lambda: file(proof_=signed()), Check.CLAIMS),
    "from tomorrow": (lambda: file(proof_=proof(nbf=int(NOW.timestamp()) + 86_400)), Check.TIME),
    "at no time": (lambda: file(proof_=proof(nbf=True)), Check.TIME),
    "half a character": (lambda: file({**CONTENT, "language": "\ud800"}), Check.CONTENT),
    "no JSON": (lambda: "portfolio", Check.FORM),
    "a name twice": (lambda: file()[:-1] + ',"portfolio":{}}', Check.FORM),
    "lists without end": (lambda: '{"portfolio":' + "[" * 100_000, Check.FORM),
}


@pytest.mark.parametrize("how", FORGED)
def test_what_is_not_genuine_is_told_by_what_is_wrong(how: str) -> None:
    make, check = FORGED[how]
    report = verify(make(), known(), NOW)
    assert last(report) == (check, Verdict.BAD)
    assert not report.is_genuine
    assert (report.issuer, report.holder, report.content) == (None, None, None)


def test_another_issuer_is_not_taken_for_this_one() -> None:
    elsewhere = replace(WHERE, origin="https://other.example.org")
    theirs = {**CONTENT, "issuer": elsewhere.issuer}
    told = jws.sign(statement(PORTFOLIO, elsewhere), KEY, WHERE.key(KEY.id))
    assert last(verify(file(theirs, told), known(), NOW)) == (Check.CLAIMS, Verdict.BAD)


def test_the_command_says_who_issued_it_and_when(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    issuer, good, bad = tmp_path / "issuer.json", tmp_path / "good.json", tmp_path / "bad.json"
    issuer.write_text(document(), encoding="utf-8")
    good.write_text(file(), encoding="utf-8")
    bad.write_text(file({**CONTENT, "language": "en"}), encoding="utf-8")
    assert main(["verify", str(good), "--issuer", str(issuer)], NOW) == 0
    assert f"verified: issued by {WHERE.issuer} on 2027-06-30 to Amina Otieno" in capsys.readouterr().out
    assert main(["verify", str(bad), "--issuer", str(issuer)], NOW) == 1
    assert "verified" not in capsys.readouterr().out
    assert main(["verify", str(good), "--issuer", str(tmp_path / "none.json")], NOW) == 2
    assert main(["verify", str(good), "--issuer", str(bad)], NOW) == 2
