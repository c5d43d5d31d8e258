"""Portfolios over HTTP, from the order to what another installation says of the file."""

import json
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.certificates import signing
from chalicelib.certificates.portfolios import store
from chalicelib.follow_ups import service as follow_ups
from chalicelib.kernel.call import job_call
from chalicelib.platform import documents
from tests.mentorships.goals.pair import Pair, code
from tests.mentorships.reflections.test_reflections import PARTS, end, rule, written
from tests.support.signing import ensure_key, sign_all
from tests.support.world import Reply

PATH = "/v1/me/portfolios"


def order(pair: Pair, by: str | None = None, **choice: Any) -> Reply:
    ensure_key()
    return pair.world.post(PATH, choice, by=by or pair.mentee)


def work(pair: Pair) -> None:
    """Do all that workers do with what was ordered."""
    pair.world.follow_up()
    sign_all(pair.world)
    pair.world.follow_up()


def made(pair: Pair, by: str | None = None, **choice: Any) -> str:
    reply = order(pair, by, **choice)
    assert reply.status == 201, reply.text
    work(pair)
    return str(reply.json["id"])


def read(pair: Pair, one: str, by: str | None = None) -> Any:
    reply = pair.world.get(f"{PATH}/{one}", by=by or pair.mentee)
    assert reply.status == 200, reply.text
    return reply.json


def file_of(pair: Pair, one: str, form: str = "json") -> str:
    found = store.get_portfolio(pair.mentee, one)
    assert found is not None
    return documents.read(store.file_key(found, form)).decode()


def check(pair: Pair, text: str, issuer: str | None = None) -> Any:
    reply = pair.world.post("/v1/portfolio-checks", {"file": text, "issuer": issuer}, by=pair.coordinator)
    assert reply.status == 200, reply.text
    return reply.json


def told(pair: Pair, one: str) -> dict[str, Any]:
    (mentorship,) = json.loads(file_of(pair, one))["portfolio"]["mentorships"]
    found: dict[str, Any] = mentorship
    return found


def test_from_the_order_to_verified_elsewhere(pair: Pair) -> None:
    goal = pair.written(title="Count soap")
    assert pair.move(goal, "reach", note="Seventy-eight of a hundred.").status == 200
    one = made(pair)
    seen = read(pair, one)
    assert (seen["status"], seen["links"]["expires_in"]) == ("ready", 300)
    assert f"portfolio-{one}.json" in seen["links"]["file"]
    text = file_of(pair, one)
    assert seen["bytes"] < len(text)
    mentorship = told(pair, one)
    assert mentorship["with"] == {"role": "mentor", "profession": None, "country": "CA"}
    assert [(one["title"], one["status"], one["note"]) for one in mentorship["goals"]] == [
        ("Count soap", "reached", "Seventy-eight of a hundred.")
    ]

    issuer = pair.world.get("/v1/certificate-issuer").text
    for document in (None, issuer):
        report = check(pair, text, document)
        assert (report["genuine"], report["holder"]) == (True, "Amina Otieno")
        assert report["issuer"] == json.loads(issuer)["id"]
    forged = check(pair, text.replace("Seventy-eight", "Ninety-eight"))
    assert (forged["genuine"], forged["issuer"]) == (False, None)
    assert forged["findings"][-1] == {"check": "content", "verdict": "bad"}
    other = pair.world.post("/v1/portfolio-checks", {"file": text, "issuer": "{}"}, by=pair.mentee)
    assert other.status == 422


def test_only_what_the_holder_chose_is_in_it_and_never_the_others_name_or_words(pair: Pair) -> None:
    kept, left_out = written(pair, learned="Supply."), written(pair, learned="About my consultant.")
    written(pair, by=pair.mentor, learned="What Claire keeps to herself.", shared=True)
    goal = pair.written()
    nothing = made(
        pair, goals=False, sessions=False, introductions=False, certificates=False
    )  # fmt: skip
    assert {"goals", "sessions", "introductions", "reflections", "certificates"} & set(
        told(pair, nothing)
    ) == set()
    usual = file_of(pair, made(pair))
    assert "Supply." not in usual, "reflections are in it only if the holder says so"
    assert told(pair, made(pair, reflections="final"))["reflections"] == [], "these are no final ones"
    chosen = made(pair, reflections="all", left_out=[left_out, goal])
    assert [one["learned"] for one in told(pair, chosen)["reflections"]] == ["Supply."]
    assert told(pair, chosen)["goals"] == []
    assert kept not in file_of(pair, chosen)
    for form in ("json", "html"):
        whole = file_of(pair, chosen, form)
        for word in ("Claire", "Tremblay", pair.mentor, "herself"):
            assert word not in whole
    elsewhere = made(pair, mentorship_ids=[goal])
    assert json.loads(file_of(pair, elsewhere))["portfolio"]["mentorships"] == []


def test_certificates_go_along_with_their_signed_files(pair: Pair) -> None:
    rule(pair, sessions=0)
    end(pair, closed=True)
    written(pair, final=True)
    ensure_key()
    ordered = pair.world.post(f"/v1/mentorships/{pair.id}/certificate", by=pair.mentee)
    assert ordered.status == 201, ordered.text
    sign_all(pair.world)
    (certificate,) = told(pair, made(pair))["certificates"]
    path = f"/v1/me/certificates/{ordered.json['id']}/file"
    assert certificate["file"] == pair.world.get(path, by=pair.mentee).text


def test_a_portfolio_is_its_holders_for_seven_days(pair: Pair) -> None:
    one = made(pair)
    for other in (pair.mentor, pair.coordinator, pair.world.admin()):
        assert pair.world.get(f"{PATH}/{one}", by=other).status == 404
    assert pair.world.get(PATH, by=pair.mentor).json["items"] == []
    (listed,) = pair.world.get(PATH, by=pair.mentee).json["items"]
    assert (listed["id"], listed["links"]) == (one, None)
    pair.world.at += timedelta(days=7)
    assert read(pair, one)["links"] is None


def test_no_more_a_day_than_stated(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_A_DAY", 1)
    assert order(pair).status == 201
    assert code(order(pair)) == "too-many-portfolios"
    assert order(pair, by=pair.mentor).status == 201
    pair.world.at += timedelta(days=1)
    assert order(pair).status == 201


@pytest.mark.parametrize("step", ["compose", "sign", "assemble"])
def test_a_step_that_is_cut_off_is_done_anew_with_one_outcome(
    pair: Pair, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies when all but the commit is done; its message comes again."""
    from chalicelib.certificates.portfolios import composing

    ordered = order(pair).json["id"]
    module = signing if step == "sign" else composing
    plain, left = module.commit, [{"compose": 1, "sign": 1, "assemble": 2}[step]]

    def dies(*given: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise RuntimeError("killed")
        return plain(*given)

    monkeypatch.setattr(module, "commit", dies)
    with pytest.raises(RuntimeError):
        work(pair)
    work(pair)
    work(pair)
    assert read(pair, ordered)["status"] == "ready"
    assert check(pair, file_of(pair, ordered))["genuine"]


def test_a_message_that_comes_twice_changes_nothing(pair: Pair) -> None:
    one = made(pair)
    before, text = read(pair, one), file_of(pair, one)
    written(pair)
    for message in pair.world.messages():
        follow_ups.follow_up(message.id, lambda: pair.world.at)
        signing.work(job_call("sign_certificates", pair.world.at), message.id)
    assert file_of(pair, one) == text
    assert read(pair, one)["issued_at"] == before["issued_at"]


def test_what_is_too_large_is_told_and_not_written(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.certificates.portfolios import composing

    pair.written()
    monkeypatch.setattr(composing, "MAX_BYTES", 600)
    one = made(pair)
    seen = read(pair, one)
    assert (seen["status"], seen["links"], seen["issued_at"]) == ("too_large", None, None)
    assert seen["bytes"] > 600
    assert read(pair, made(pair, goals=False))["status"] == "ready"


class Outline(HTMLParser):
    """The tags of a page, and the words of its headings."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "html":
            self.language = dict(attrs)["lang"]


def test_the_page_is_small_reads_in_order_and_runs_nothing(pair: Pair) -> None:
    assert pair.world.patch("/v1/me", {"locale": "fr"}, by=pair.mentee).status == 200
    for number in range(8):
        pair.written(title=f"Objectif {number} <script>alert(1)</script>", change="Mesuré chaque mois. " * 8)
    for _ in range(12):
        written(pair, **{name: f"{text} " * 8 for name, text in PARTS.items()})
    html = file_of(pair, made(pair, reflections="all"), "html")
    assert len(html.encode()) < 30_000
    outline = Outline()
    outline.feed(html)
    assert outline.language == "fr"
    assert "Ce que j’ai appris" in html
    assert not {"script", "img", "iframe", "link", "object"} & set(outline.tags)
    headings = [tag for tag in outline.tags if tag in ("h1", "h2", "h3", "h4")]
    assert (headings[0], headings.count("h1"), headings.count("h2")) == ("h1", 1, 1)
    levels = [int(tag[1]) for tag in headings]
    assert all(after - before <= 1 for before, after in pairwise(levels))
