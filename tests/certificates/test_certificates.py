"""Certificates over HTTP: due, ordered, signed, shown, verified, taken back."""

import base64
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import count
from typing import Any

import pytest

from chalicelib.certificates import issuer, page, signing, store
from chalicelib.certificates.checking import Verdict, verify
from chalicelib.certificates.model import Status
from chalicelib.kernel.call import job_call
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.pages import PageRequest
from chalicelib.mentorships import running_store
from chalicelib.notifications import service as notifications
from chalicelib.organisations import store as organisations
from chalicelib.organisations.model import Rights, StaffRole
from chalicelib.platform import tables
from chalicelib.platform.aws import client
from chalicelib.platform.secrets import SIGNING_KEY, parameter
from chalicelib.platform.settings import settings
from chalicelib.programmes.model import PairKind
from tests.certificates.conftest import Held, end
from tests.mentorships.goals.pair import Pair, code
from tests.support.signing import ensure_key, rotate_key, sign_all, waiting
from tests.support.world import Reply

ALL = {"name": True, "programme": True, "dates": True, "hours": True, "goals": True}


def standing(pair: Pair, by: str | None = None) -> Reply:
    return pair.world.get(f"/v1/mentorships/{pair.id}/certificate", by=by or pair.mentee)


def order(pair: Pair, by: str | None = None, key: str | None = None) -> Reply:
    headers = {"Idempotency-Key": key} if key else {}
    return pair.world.post(f"/v1/mentorships/{pair.id}/certificate", by=by or pair.mentee, headers=headers)


def issued(pair: Pair, by: str | None = None) -> str:
    """Have a certificate ordered and signed, and return its id."""
    reply = order(pair, by)
    assert reply.status == 201, reply.text
    sign_all(pair.world)
    return str(reply.json["id"])


def file_of(pair: Pair, certificate: str, by: str | None = None) -> str:
    reply = pair.world.get(f"/v1/me/certificates/{certificate}/file", by=by or pair.mentee)
    assert reply.status == 200, reply.text
    assert reply.headers["Content-Type"] == "application/vc+jwt"
    return reply.text


def verdict(pair: Pair, text: str, *, with_list: bool = True) -> Verdict:
    """Verify as anybody does who fetched the issuer's public documents."""
    known = issuer.read(pair.world.get("/v1/certificate-issuer").text)
    report = verify(text, known, pair.world.at)
    if not with_list or not report.credential:
        return report.verdict
    url = report.credential["credentialStatus"]["statusListCredential"]
    listed = pair.world.get(url.removeprefix("http://127.0.0.1:8000"))
    assert listed.status == 200
    return verify(text, known, pair.world.at, listed.text).verdict


def revoke(pair: Pair, certificate: str, by: str | None = None) -> Reply:
    body = {"reason": "record_wrong", "text": "Counted twice."}
    return pair.world.post(f"/v1/certificates/{certificate}/revoke", body, by=by or pair.coordinator)


def show(pair: Pair, certificate: str, **chosen: bool) -> Reply:
    return pair.world.put(f"/v1/me/certificates/{certificate}/shown", chosen, by=pair.mentee)


def public(pair: Pair, certificate: str) -> dict[str, Any]:
    reply = pair.world.get(f"/v1/certificates/{certificate}")
    assert reply.status == 200, reply.text
    found: dict[str, Any] = reply.json
    return found


def test_from_due_to_verified_and_revoked(pair: Pair, held: Held) -> None:
    held(sessions=5, reflection=False)
    before = standing(pair).json
    assert (before["is_due"], before["certificate"]) == (False, None)
    assert before["missing"] == [
        {"need": "sessions", "has": 5, "needs": 6}, {"need": "final_reflection", "has": 0, "needs": 1}
    ]  # fmt: skip
    refused = order(pair)
    assert (refused.status, code(refused)) == (409, "certificate-not-due")
    assert refused.json["detail"] == before["text"] == "Still missing: 1 session held; a final reflection."

    held()
    assert standing(pair).json["is_due"]
    ordered = order(pair).json
    assert (ordered["status"], ordered["issued_at"]) == ("ordered", None)
    assert pair.world.get(f"/v1/certificates/{ordered['id']}").status == 404, "nobody sees what is not signed"
    early = pair.world.get(f"/v1/me/certificates/{ordered['id']}/file", by=pair.mentee)
    assert code(early) == "certificate-unsigned"

    assert sign_all(pair.world) == ["sign-certificate"]
    (mine,) = pair.world.get("/v1/me/certificates", by=pair.mentee).json["items"]
    assert (mine["id"], mine["status"]) == (ordered["id"], "issued")
    text = file_of(pair, mine["id"])
    assert verdict(pair, text) is Verdict.GOOD
    assert verdict(pair, text, with_list=False) is Verdict.UNKNOWN

    taken_back = revoke(pair, mine["id"])
    assert (taken_back.status, taken_back.json["status"]) == (200, "revoked")
    assert public(pair, mine["id"])["status"] == "revoked", "the page says so at once"
    assert verdict(pair, text) is Verdict.GOOD, "the list is signed anew by its worker"
    assert sign_all(pair.world) == ["publish-status-list"]
    assert verdict(pair, text) is Verdict.BAD
    assert code(revoke(pair, mine["id"])) == "certificate-revoked"
    (told,) = pair.world.messages("certificate-revoked")
    assert notifications.deliver(told.id, pair.world.at) == "sent"
    assert mine["id"] not in told.id, "its address is the holder's to hand on"


def test_there_is_one_a_mentorship_and_side_however_often_it_is_asked_for(pair: Pair, held: Held) -> None:
    held()
    first, again = order(pair, key="once"), order(pair, key="twice")
    assert first.json["id"] == again.json["id"]
    assert order(pair, key="once").text == first.text
    mentors = order(pair, pair.mentor)
    assert mentors.json["id"] != first.json["id"]
    assert (mentors.json["role"], mentors.json["name"]) == ("mentor", "Claire Tremblay")
    assert len(waiting(pair.world)) == 2
    assert sign_all(pair.world) == ["sign-certificate"] * 2
    assert sign_all(pair.world) == []
    assert order(pair).json["status"] == "issued"


def test_it_has_the_name_that_its_holder_has_when_they_order_it(pair: Pair, held: Held) -> None:
    held()
    etag = pair.world.get("/v1/me", by=pair.mentor).etag
    change = {"family_name": "Okafor"}
    assert pair.world.patch("/v1/me", change, by=pair.mentor, headers={"If-Match": etag}).status == 200
    assert order(pair, pair.mentor).json["name"] == "Claire Okafor", "at once, whatever the card says"


def test_two_who_ask_at_the_same_instant_get_the_same(
    pair: Pair, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    held()
    plain, asked = tables.get_many, []

    def overtaken(keys: Any) -> list[Any]:
        found = plain(keys)
        if any(row_class is store.HeldRow for row_class, _, _ in keys) and not asked:
            asked.append(None)
            asked[0] = order(pair).json["id"]  # another click, between this one's read and its write
        return found

    monkeypatch.setattr(tables, "get_many", overtaken)
    assert order(pair).json["id"] == asked[0]
    assert len(waiting(pair.world)) == 1


def test_of_a_mentorship_that_goes_on_there_is_none_yet(active: Pair, held: Held) -> None:
    held()
    early = standing(active).json
    assert (early["is_due"], early["missing"]) == (False, [{"need": "ending", "has": 0, "needs": 1}])
    refused = order(active)
    assert (refused.status, refused.json["detail"]) == (409, "Still missing: the end of the mentorship.")
    end(active)
    assert order(active).status == 201


def test_a_programme_may_issue_none_or_ask_for_other_things(active: Pair, held: Held) -> None:
    pair = active
    held(sessions=1, minutes=90, reflection=False)
    path = f"/v1/programmes/{pair.programme}"

    def ask(rule: Any) -> None:
        headers = {"If-Match": pair.world.get(path, by=pair.coordinator).etag}
        reply = pair.world.patch(path, {"certificate": rule}, by=pair.coordinator, headers=headers)
        assert reply.status == 200, reply.text
        assert reply.json["certificate"] == rule

    ask(None)
    assert code(order(pair)) == "no-certificates"
    assert (standing(pair).json["rule"], standing(pair).json["is_due"]) == (None, False)
    ask({"sessions": 1, "minutes": 91, "goals_reached": 0, "final_reflection": False})
    assert [one["need"] for one in standing(pair).json["missing"]] == ["minutes", "ending"]
    ask({"sessions": 1, "minutes": 90, "goals_reached": 1, "final_reflection": False})
    assert [one["need"] for one in standing(pair).json["missing"]] == ["goals_reached", "ending"]
    goal = pair.written()
    assert pair.move(goal, "reach", note="Four rounds a week.").status == 200
    end(pair)
    assert standing(pair).json["missing"] == []
    assert order(pair).status == 201


def test_programmes_from_before_there_was_a_rule_have_the_usual_one(pair: Pair) -> None:
    key = {"pk": {"S": f"PROGRAMME#{pair.programme}"}, "sk": {"S": "PROGRAMME"}}
    client("dynamodb").update_item(
        TableName=settings().table("programmes"), Key=key, UpdateExpression="REMOVE certificate"
    )
    usual = {"sessions": 6, "minutes": 0, "goals_reached": 0, "final_reflection": True}
    assert standing(pair).json["rule"] == usual


def test_a_goal_that_is_taken_up_again_does_not_count(active: Pair) -> None:
    pair = active
    goal = pair.written()
    assert pair.move(goal, "reach", note="Done.").status == 200
    assert standing(pair).json["record"]["goals_reached"] == 1
    assert pair.move(goal, "reopen", why="Not quite.").status == 200
    assert standing(pair).json["record"]["goals_reached"] == 0


def test_between_peers_ones_own_goals_count(active: Pair) -> None:
    assert active.move(active.written(), "reach", note="Done.").status == 200
    assert [
        standing(active, one).json["record"]["goals_reached"] for one in (active.mentee, active.mentor)
    ] == [1, 1]
    before = running_store.get_mentorship(active.mentee, active.id)
    assert before is not None
    peers = replace(before, kind=PairKind.PEER)
    active.world.write(*running_store.put_mentorship(peers, None, active.world.at))
    assert [
        standing(active, one).json["record"]["goals_reached"] for one in (active.mentee, active.mentor)
    ] == [1, 0]


def test_what_was_signed_stays_as_it_was(pair: Pair, held: Held) -> None:
    held()
    certificate = issued(pair)
    text = file_of(pair, certificate)
    held(sessions=9)
    path = f"/v1/programmes/{pair.programme}"
    headers = {"If-Match": pair.world.get(path, by=pair.coordinator).etag}
    pair.world.patch(path, {"name": "Another name"}, by=pair.coordinator, headers=headers)
    assert order(pair).json["record"]["sessions"] == 6
    assert order(pair).json["programme"] == "Hearts across borders"
    assert file_of(pair, certificate) == text


class TestWhoMay:
    def test_a_stranger_and_the_other_of_the_two_find_nothing(self, pair: Pair, held: Held) -> None:
        held()
        certificate = issued(pair)
        for other in (pair.mentor, pair.world.person(), pair.coordinator):
            assert pair.world.get(f"/v1/me/certificates/{certificate}/file", by=other).status == 404
            reply = pair.world.put(f"/v1/me/certificates/{certificate}/shown", ALL, by=other)
            assert reply.status == 404
        assert standing(pair, pair.coordinator).status == 404
        assert order(pair, pair.coordinator).status == 404
        assert pair.world.get("/v1/me/certificates", by=pair.mentor).json["items"] == []

    def test_coordinators_list_and_revoke_and_nobody_of_the_pair_does(self, pair: Pair, held: Held) -> None:
        held()
        certificate = issued(pair)
        path = f"/v1/programmes/{pair.programme}/certificates"
        (listed,) = pair.world.get(path, by=pair.coordinator).json["items"]
        assert (listed["id"], listed["holder_id"], listed["reason"]) == (certificate, pair.mentee, None)
        assert pair.world.get(path, by=pair.mentee).status == 404
        assert revoke(pair, certificate, pair.mentee).status == 404
        elsewhere = pair.world.coordinator(pair.world.organisation("Another"))
        assert revoke(pair, certificate, elsewhere).status == 404

    def test_a_coordinator_decides_on_no_mentorship_of_their_own(self, pair: Pair, held: Held) -> None:
        held()
        certificate = issued(pair)
        rights = Rights(pair.mentor, False, {pair.organisation: frozenset({StaffRole.COORDINATOR})})
        pair.world.write(organisations.put_rights(rights, pair.world.at))
        refused = revoke(pair, certificate, pair.mentor)
        assert (refused.status, code(refused)) == (403, "own-certificate")

    def test_one_that_is_not_signed_yet_cannot_be_revoked(self, pair: Pair, held: Held) -> None:
        held()
        assert code(revoke(pair, order(pair).json["id"])) == "certificate-unsigned"


class TestWhatEverybodySees:
    HIDDEN = ("name", "programme", "started_on", "last_on", "issued_at", "sessions", "hours", "goals_reached")

    def test_nothing_but_what_a_verifier_needs_until_the_holder_chooses(self, pair: Pair, held: Held) -> None:
        held()
        found = public(pair, issued(pair))
        assert {name for name, value in found.items() if value is None} == set(self.HIDDEN)
        assert (found["status"], found["organisation"]) == ("issued", "Heart Alliance")

    @pytest.mark.parametrize(("choice", "fields"), [
        ("name", {"name"}), ("programme", {"programme"}), ("dates", {"started_on", "last_on", "issued_at"}),
        ("hours", {"sessions", "hours"}), ("goals", {"goals_reached"}),
    ])  # fmt: skip
    def test_each_choice_shows_its_own_and_nothing_else(
        self, pair: Pair, held: Held, choice: str, fields: set[str]
    ) -> None:
        held()
        certificate = issued(pair)
        assert show(pair, certificate, **{choice: True}).json["shown"][choice]
        found = public(pair, certificate)
        assert {name for name in self.HIDDEN if found[name] is not None} == fields
        assert show(pair, certificate).status == 200
        assert all(public(pair, certificate)[name] is None for name in fields)

    def test_a_choice_that_crosses_another_change_is_refused(self, pair: Pair, held: Held) -> None:
        held()
        certificate = issued(pair)
        path = f"/v1/me/certificates/{certificate}/shown"
        etag = show(pair, certificate, name=True).etag
        assert show(pair, certificate, goals=True).status == 200
        stale = pair.world.put(path, ALL, by=pair.mentee, headers={"If-Match": etag})
        assert (stale.status, code(stale)) == (412, "stale-version")

    def test_the_address_tells_nothing_and_no_other_opens(self, pair: Pair, held: Held) -> None:
        held()
        certificate = issued(pair)
        assert is_id(certificate)
        assert pair.world.get(f"/v1/certificates/{pair.id}").status == 404
        assert pair.world.get("/v1/certificate-issuer/keys/none").status == 404
        assert pair.world.get("/v1/certificate-issuer/status-lists/1999").status == 404
        assert pair.world.get("/v1/certificate-issuer/status-lists/..").status == 404

    def test_the_public_documents_name_nobody(self, pair: Pair, held: Held) -> None:
        held()
        certificate = issued(pair)
        for path in ("", "/status-lists/2026"):
            text = pair.world.get(f"/v1/certificate-issuer{path}").text
            assert certificate not in text
            assert pair.mentee not in text


class TestKeys:
    def test_a_key_is_read_at_the_address_that_signatures_name(self, pair: Pair, held: Held) -> None:
        held()
        issued(pair)
        (method,) = pair.world.get("/v1/certificate-issuer").json["verificationMethod"]
        jwk = pair.world.get(method["id"].removeprefix("http://127.0.0.1:8000"))
        assert jwk.json == method["publicKeyJwk"]
        assert "d" not in jwk.json

    def test_after_a_rotation_new_ones_have_the_new_key_and_earlier_ones_stay_good(
        self, pair: Pair, held: Held
    ) -> None:
        held()
        first = file_of(pair, issued(pair))
        pair.world.pass_time(days=30)
        later = rotate_key()
        second = file_of(pair, issued(pair, pair.mentor), pair.mentor)
        methods = pair.world.get("/v1/certificate-issuer").json["verificationMethod"]
        assert [one["publicKeyJwk"]["kid"] for one in methods][-1] == later
        assert len(methods) == 2
        assert (verdict(pair, first), verdict(pair, second)) == (Verdict.GOOD, Verdict.GOOD)

    def test_a_stage_has_its_key_made_once_and_kept_encrypted(self, pair: Pair) -> None:
        name = parameter("test", SIGNING_KEY)
        before = client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
        assert before["Type"] == "SecureString"
        assert ensure_key() is False
        after = client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
        assert after["Value"] == before["Value"]


class TestSigning:
    def test_a_place_that_another_has_is_passed_by(
        self, pair: Pair, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held()
        drawn = iter([7, 7, 7, 8])
        monkeypatch.setattr(signing.secrets, "randbelow", lambda _: next(drawn))
        order(pair)
        order(pair, pair.mentor)
        assert sign_all(pair.world) == ["sign-certificate"] * 2
        found = store.certificates_in(pair.programme, PageRequest()).items
        assert {one.signature.index for one in found if one.signature} == {7, 8}

    def test_a_full_list_is_told_and_its_message_waits(
        self, pair: Pair, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held()
        monkeypatch.setattr(signing.secrets, "randbelow", lambda _: 7)
        order(pair)
        sign_all(pair.world)
        order(pair, pair.mentor)
        with pytest.raises(signing.ListFull):
            sign_all(pair.world)
        assert len(waiting(pair.world)) == 1

    @pytest.mark.parametrize("write", [0, 1], ids=["claim", "signature"])
    @pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
    def test_a_worker_that_dies_at_a_write_leaves_nothing_half_done(
        self, pair: Pair, held: Held, monkeypatch: pytest.MonkeyPatch, write: int, before: bool
    ) -> None:
        """Killed, then run again: one signature, one place, one key."""
        held()
        certificate = order(pair).json["id"]
        (message,) = waiting(pair.world)
        plain, numbers = tables.transact, count()

        def dying(writes: Any, token: str) -> None:
            is_the_one = next(numbers) == write
            if is_the_one and before:
                raise KeyboardInterrupt
            plain(writes, token)
            if is_the_one:
                raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(tables, "transact", dying)
            with pytest.raises(KeyboardInterrupt):
                signing.work(job_call("sign_certificates", pair.world.at), message)
        pair.world.pass_time(minutes=16)  # the claim of who died lapses
        assert len(sign_all(pair.world)) == (0 if write == 1 and not before else 1)
        found = store.get_certificate(certificate)
        assert found is not None
        assert found.status is Status.ISSUED
        places = tables.query_all(store.PlaceRow, f"STATUS#{pair.world.at:%Y}", begins_with="PLACE#")
        assert len(list(places)) == 1
        assert verdict(pair, file_of(pair, certificate)) is Verdict.GOOD
        assert waiting(pair.world) == []

    def test_revocations_that_cross_are_both_in_the_list(
        self, pair: Pair, held: Held, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        held()
        texts = [file_of(pair, issued(pair, by), by) for by in (pair.mentee, pair.mentor)]
        ids = [
            pair.world.get("/v1/me/certificates", by=by).json["items"][0]["id"]
            for by in (pair.mentee, pair.mentor)
        ]
        assert revoke(pair, ids[0]).status == 200
        plain, done = store.revoked_in, []

        def overtaken(name: str) -> list[int]:
            found = list(plain(name))
            if not done:
                done.append(True)
                assert revoke(pair, ids[1]).status == 200
                signing.work(job_call("sign_certificates", pair.world.at), waiting(pair.world)[-1])
            return found

        monkeypatch.setattr(store, "revoked_in", overtaken)
        signing.work(job_call("sign_certificates", pair.world.at), waiting(pair.world)[0])
        assert [verdict(pair, one) for one in texts] == [Verdict.BAD, Verdict.BAD]


class _Outline(HTMLParser):
    """What assistive technology goes by: language, title, headings, terms, names of pictures, and what is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and data.strip():
            self.texts.setdefault(self._open[-1], []).append(data.strip())

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def outline(pair: Pair, certificate: str) -> _Outline:
    reply = pair.world.get(f"/v1/certificates/{certificate}/page")
    assert reply.status == 200, reply.text
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    found = _Outline()
    found.feed(reply.text)
    return found


class TestPage:
    def test_it_reads_well_without_sight_scripts_or_pictures(self, pair: Pair, held: Held) -> None:
        held()
        certificate = issued(pair)
        show(pair, certificate, **ALL)
        found = outline(pair, certificate)
        assert found.of("html") == [{"lang": "en", "dir": "ltr"}]
        assert found.texts["title"] == found.texts["h1"] == ["Mentorship completed as a mentee"]
        assert len(found.of("main")) == len(found.of("h1")) == 1
        assert found.texts["p"][0] == "This certificate is genuine and valid."
        told = dict(zip(found.texts["dt"], found.texts["bdi"], strict=True))
        assert told["Holder"] == "Amina Otieno"
        assert told["Programme"] == "Hearts across borders"
        assert (told["Sessions held"], told["Hours in sessions"], told["Goals reached"]) == ("6", "6", "0")
        assert told["Address of this certificate"].endswith(f"/v1/certificates/{certificate}/page")
        (drawn,) = found.of("svg")
        assert drawn["role"] == "img"
        assert drawn["aria-label"]
        assert not [tag for tag, _ in found.tags if tag in ("script", "img", "link", "iframe", "form")]
        assert {"name": "robots", "content": "noindex, nofollow"} in found.of("meta")

    def test_it_is_in_the_holders_language(self, pair: Pair, held: Held) -> None:
        held()
        reply = pair.world.patch(
            "/v1/me", {"locale": "fr"}, by=pair.mentee,
            headers={"If-Match": pair.world.get("/v1/me", by=pair.mentee).etag},
        )  # fmt: skip
        assert reply.status == 200, reply.text
        certificate = issued(pair)
        found = outline(pair, certificate)
        assert found.of("html") == [{"lang": "fr", "dir": "ltr"}]
        assert found.texts["h1"] == ["Mentorat accompli, en tant que personne mentorée"]
        content = json.loads(_payload(file_of(pair, certificate)))
        assert content["credentialSubject"]["achievement"]["inLanguage"] == "fr"

    def test_what_is_not_chosen_is_nowhere_on_it(self, pair: Pair, held: Held) -> None:
        held()
        certificate = issued(pair)
        text = pair.world.get(f"/v1/certificates/{certificate}/page").text
        for hidden in ("Amina", "Hearts across borders", "Sessions held", "2026", pair.mentee, pair.id):
            assert hidden not in text

    def test_what_people_write_stays_text(self, pair: Pair, held: Held) -> None:
        held()
        path = f"/v1/programmes/{pair.programme}"
        headers = {"If-Match": pair.world.get(path, by=pair.coordinator).etag}
        name = "<script>alert('x')</script> & \"more\""
        assert pair.world.patch(path, {"name": name}, by=pair.coordinator, headers=headers).status == 200
        certificate = issued(pair)
        show(pair, certificate, programme=True)
        found = outline(pair, certificate)
        assert name in found.texts["bdi"]
        assert found.of("script") == []

    def test_a_revoked_one_says_so(self, pair: Pair, held: Held) -> None:
        held()
        certificate = issued(pair)
        revoke(pair, certificate)
        assert "revoked" in outline(pair, certificate).texts["p"][0]
        assert "Counted twice" not in pair.world.get(f"/v1/certificates/{certificate}/page").text

    def test_ink_and_paper_are_far_apart(self, pair: Pair, held: Held) -> None:
        """WCAG 2.2, 1.4.6: seven to one for every colour that letters have."""
        held()
        text = pair.world.get(f"/v1/certificates/{issued(pair)}/page").text
        inks = re.findall(r"[{;] ?color: #([0-9a-f]{6})", text)
        assert len(inks) == 2
        assert all(1.05 / (_luminance(one) + 0.05) >= 7 for one in inks)

    def test_the_code_is_drawn_with_its_quiet_zone(self) -> None:
        svg = page.code(
            "https://mentors.example.org/v1/certificates/5ZW7Q2N8K0V6T4R1Y3M9J2H8B6/page", "A code"
        )
        width = int(re.findall(r'viewBox="0 0 (\d+) ', svg)[0])
        assert (width - 8 - 17) % 4 == 0, "21 modules and four more a version, and four at each side"
        first = re.findall(r'd="M(\d+) ([\d.]+)h7', svg)
        assert first == [("4", "4.5")]


def _payload(text: str) -> bytes:
    part = text.split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
