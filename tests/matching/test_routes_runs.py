"""Match runs over HTTP: asked for, followed, reviewed, released, discarded."""

from typing import Any

import pytest

from chalicelib.mentorships import jobs
from tests.mentorships.scene import Scene, deliver, fire, make_scene
from tests.support.world import World


@pytest.fixture
def scene(world: World) -> Scene:
    return make_scene(world)


def code(answer: Any) -> tuple[int, str]:
    return answer.status, answer.json["type"].rpartition("/")[2]


def get(scene: Scene, rest: str, **query: Any) -> Any:
    answer = scene.world.get(scene.path(rest), by=scene.coordinator, query=query)
    assert answer.status == 200, answer.text
    return answer.json


SETTINGS = {"weights": {"topics": 40, "waiting": 0}, "objective": "stable", "min_overlap_minutes": 90}


def test_settings_have_defaults_and_are_changed_under_their_version(scene: Scene) -> None:
    world, path = scene.world, scene.path("match-settings")
    usual = world.get(path, by=scene.coordinator)
    assert usual.etag == '"0"'
    shown = usual.json
    assert (shown["objective"], shown["min_overlap_minutes"], shown["language_floor"]) == ("total", 60, "B2")
    assert shown["weights"]["topics"] == 25
    assert world.put(path, SETTINGS, by=scene.coordinator).status == 428
    done = world.put(path, SETTINGS, by=scene.coordinator, headers={"If-Match": '"0"'})
    assert (done.status, done.etag) == (200, '"1"')
    assert (done.json["weights"]["topics"], done.json["weights"]["goals"]) == (40, 15)
    assert world.get(path, by=scene.coordinator).json == done.json
    assert world.put(path, {}, by=scene.coordinator, headers={"If-Match": '"0"'}).status == 412
    back = world.put(path, {}, by=scene.coordinator, headers={"If-Match": '"1"'})
    assert back.json == shown


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"weights": {"luck": 1}}, "/weights/luck"),
        ({"weights": {"topics": -1}}, "/weights/topics"),
        ({"weights": {"topics": 1e-320}}, "/weights/topics"),
        ({"weights": {"topics": 9e-7}}, "/weights/topics"),
        ({"weights": dict.fromkeys(["topics", "research", "goals", "career", "languages", "overlap", "values",
                                    "wishes", "cross_border", "waiting"], 0)}, "/weights"),
        ({"min_overlap_minutes": 50}, "/min_overlap_minutes"),
        ({"weeks": 0}, "/weeks"),
        ({"min_score": 1_000_001}, "/min_score"),
        ({"language_floor": "B3"}, "/language_floor"),
        ({"objective": "cheapest"}, "/objective"),
        ({"all_pairs_up_to": 1}, "/all_pairs_up_to"),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(scene: Scene, body: Any, pointer: str) -> None:
    refused = scene.world.put(
        scene.path("match-settings"), body, by=scene.coordinator, headers={"If-Match": '"0"'}
    )
    assert refused.status == 422
    assert [one["pointer"] for one in refused.json["errors"]] == [pointer]


def test_the_next_run_follows_the_settings(scene: Scene) -> None:
    scene.mentor()
    scene.mentee()
    scene.world.put(scene.path("match-settings"), SETTINGS, by=scene.coordinator, headers={"If-Match": '"0"'})
    report = scene.run(scene.match(dry_run=True))["report"]
    assert report["objective"] == "stable"
    weights = {one["criterion"]: one["points"] for one in report["weights"]}
    assert weights["waiting"] == 0
    assert sum(weights.values()) == 1_000_000


def test_a_run_is_queued_then_done_with_report_pairs_and_reasons(scene: Scene) -> None:
    mentor, mentee = scene.mentor(), scene.mentee()
    left = scene.mentee(languages=[{"language": "sw", "level": "C2"}])
    run_id = scene.start()
    queued = scene.run(run_id)
    assert (queued["status"], queued["step"], queued["report"]) == ("queued", "none", None)
    assert get(scene, f"match-runs/{run_id}/pairs") == {"items": [], "next": None}
    deliver(f"match-run:{run_id}:start")
    done = scene.run(run_id)
    assert (done["status"], done["pairs"], done["pairs_published"], done["left_out"]) == ("done", 1, 1, 1)
    assert done["report"]["pool"]["open_mentees"] == 2
    matched = done["report"]["matched"]
    assert (matched["mentees"], matched["matched"]) == (2, 1)
    [pair] = get(scene, f"match-runs/{run_id}/pairs")["items"]
    assert (pair["mentee"]["person_id"], pair["mentor"]["person_id"]) == (mentee, mentor)
    assert pair["mentor"]["name"] == "Claire Tremblay"
    assert sum(one["points"] for one in pair["contributions"]) == pair["score"]
    [without] = get(scene, f"match-runs/{run_id}/left-out")["items"]
    assert without["person"] == {"person_id": left, "name": "Amina Otieno"}
    assert [one["code"] for one in without["reasons"]] == ["no_shared_language"]
    told = {
        person: scene.world.get(
            "/v1/me/match-reasons", by=person, query={"programme_id": scene.programme}
        ).json
        for person in (mentee, left)
    }
    assert (told[mentee]["proposed"], told[mentee]["reasons"]) == (True, [])
    assert told[left]["reasons"] == without["reasons"]
    assert told[left]["run_id"] == run_id


def test_the_latest_run_comes_first_and_a_repeat_with_the_same_key_is_one(scene: Scene) -> None:
    world, key = scene.world, {"Idempotency-Key": "tonight"}
    first = world.post(scene.path("match-runs"), {}, by=scene.coordinator, headers=key)
    again = world.post(scene.path("match-runs"), {}, by=scene.coordinator, headers=key)
    assert first.json == again.json
    deliver(f"match-run:{first.json['id']}:start")
    world.pass_time(minutes=1)
    second = scene.match()
    assert [one["id"] for one in get(scene, "match-runs")["items"]] == [second, first.json["id"]]
    page = get(scene, "match-runs", limit=1)
    assert [one["id"] for one in get(scene, "match-runs", cursor=page["next"])["items"]] == [first.json["id"]]


def test_what_if_of_people_as_they_are_is_beside_the_present_settings_and_the_last_run(scene: Scene) -> None:
    scene.mentor(capacity=1)
    first = scene.mentee()
    scene.world.pass_time(days=30)
    second = scene.mentee(topics_sought=["asthma"])
    last = scene.match()
    [pair] = get(scene, f"match-runs/{last}/pairs")["items"]
    assert pair["mentee"]["person_id"] == first
    proposal = scene.proposals(first)[0]["id"]
    scene.world.post(f"/v1/proposals/{proposal}/decline", {"reason": "no_time"}, by=first)
    scene.mentor(capacity=1, topics_offered=["asthma"])
    scene.world.pass_time(minutes=1)
    tried = {"rules_off": ["time"], "forbidden": [{"mentee_id": second, "mentor_id": scene.mentors[0]}]}
    found = scene.run(scene.match(dry_run=True, settings=tried, people="now"))
    comparison = found["comparison"]
    assert found["report"]["rules_off"] == ["time"]
    assert (comparison["tried"]["pairs"], comparison["before"]["pairs"]) == (1, 2)
    assert comparison["tried"]["total"] < comparison["before"]["total"]
    kept = ("same_mentor", "other_mentor", "gained", "lost")
    assert (sum(comparison[name] for name in kept), comparison["lost"]) == (2, 1)
    assert comparison["last_run"]["run_id"] == last
    # Nothing of it is kept: the next run follows the programme's own.
    assert get(scene, "match-settings")["rules_off"] == []
    assert scene.run(scene.match(dry_run=True))["comparison"] is None


def test_only_a_dry_run_takes_settings_of_its_own(scene: Scene) -> None:
    refused = scene.world.post(scene.path("match-runs"), {"settings": {}}, by=scene.coordinator)
    assert (refused.status, [one["pointer"] for one in refused.json["errors"]]) == (422, ["/settings"])


def test_a_coordinator_locks_and_forbids_pairs(scene: Scene) -> None:
    wanted, other = scene.mentor(capacity=1, topics_offered=["asthma"]), scene.mentor(capacity=1)
    mentee = scene.mentee()
    named = {"mentee_id": mentee, "mentor_id": wanted}
    body, headers = {"locked": [named]}, {"If-Match": '"0"'}
    kept = scene.world.put(scene.path("match-settings"), body, by=scene.coordinator, headers=headers)
    assert kept.json["locked"] == [named]
    report = scene.run(scene.match())["report"]
    assert (report["locked_pairs"], report["locked_made"], report["locked_missed"]) == (1, 1, [])
    scene.world.pass_time(minutes=1)
    again = scene.run(scene.match())["report"]  # the two have each other now
    assert (again["locked_made"], again["locked_missed"]) == (0, [{"code": "kept_apart", "pairs": 1}])
    assert [one["mentor"]["person_id"] for one in scene.proposals(mentee)] == [wanted]
    assert scene.proposals(other) == []
    both = {"locked": [named], "forbidden": [named]}
    refused = scene.world.put(
        scene.path("match-settings"), both, by=scene.coordinator, headers={"If-Match": kept.etag}
    )
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/locked")


def test_what_would_help_is_told_and_to_coordinators_what_would_have_tonight(scene: Scene) -> None:
    scene.mentor()
    mentee = scene.mentee(languages=[{"language": "sw", "level": "C1"}, {"language": "en", "level": "B1"}])
    run_id = scene.match()
    (left_out,) = get(scene, f"match-runs/{run_id}/left-out")["items"]
    kinds = [[change["kind"] for change in one["changes"]] for one in left_out["suggestions"]]
    assert kinds == [["accept_language"], ["improve_language"]]
    assert left_out["suggestions"][0] == left_out["tonight"]
    assert (left_out["tonight"]["changes"][0]["level"], left_out["tonight"]["opens"]) == ("B1", 1)
    own = scene.world.get("/v1/me/match-reasons", by=mentee, query={"programme_id": scene.programme}).json
    assert own["suggestions"] == left_out["suggestions"]
    assert "tonight" not in own
    (row,) = scene.run(run_id)["report"]["shortage_by_language"]
    assert (row["language"], row["left_out"], row["places_left"]) == ("sw", 1, 0)
    assert row["one_more"]["pairs"] == 1


def test_a_run_is_told_in_the_language_of_who_reads_it(scene: Scene) -> None:
    scene.mentor()
    scene.mentee()
    left = scene.mentee(languages=[{"language": "sw", "level": "C2"}])
    run_id = scene.start()
    assert scene.run(run_id)["summary"] is None
    deliver(f"match-run:{run_id}:start")

    def read() -> list[tuple[str, str]]:
        (without,) = get(scene, f"match-runs/{run_id}/left-out")["items"]
        own = scene.world.get("/v1/me/match-reasons", by=left, query={"programme_id": scene.programme}).json
        summary = scene.run(run_id)["summary"]
        first = summary["sections"][0]["sentences"][0]
        return [
            (summary["language"], first),
            *((one["summary"]["language"], one["summary"]["sentences"][0]["text"]) for one in (without, own)),
        ]

    assert read() == [
        ("en", "The match found a mentor for 1 of 2 mentees (50%); without one: 1."),
        ("en", "Open mentors who share a language with the mentee at the level that is needed: none of 1. But for "
               "this, 1 more would fit."),
        ("en", "Open mentors who share a language with you at the level that is needed: none of 1. But for this, "
               "1 more would fit."),
    ]  # fmt: skip
    for person in (scene.coordinator, left):
        etag = scene.world.get("/v1/me", by=person).etag
        scene.world.patch("/v1/me", {"locale": "fr"}, by=person, headers={"If-Match": etag})
    assert [language for language, _ in read()] == ["fr"] * 3
    assert [text.split()[0] for _, text in read()] == ["L’appariement", "Mentors", "Mentors"]


def test_a_dry_run_proposes_nothing_and_tells_nobody(scene: Scene) -> None:
    scene.mentor()
    mentee = scene.mentee()
    run_id = scene.match(dry_run=True)
    done = scene.run(run_id)
    assert (done["status"], done["step"], done["dry_run"], done["pairs"]) == ("done", "matched", True, 1)
    assert len(get(scene, f"match-runs/{run_id}/pairs")["items"]) == 1
    assert scene.proposals(mentee) == []
    assert scene.mails() == []
    reasons = scene.world.get("/v1/me/match-reasons", by=mentee, query={"programme_id": scene.programme})
    assert reasons.status == 404
    assert set(scene.free().values()) == {1, 2}


def test_one_run_at_a_time_but_a_dry_run_beside_it(scene: Scene) -> None:
    world = scene.world
    run_id = scene.start()
    assert code(world.post(scene.path("match-runs"), {}, by=scene.coordinator)) == (409, "run-under-way")
    dry = scene.start(dry_run=True)
    assert code(world.post(scene.path("match-runs"), {"dry_run": True}, by=scene.coordinator))[0] == 409
    deliver(f"match-run:{dry}:start")
    deliver(f"match-run:{run_id}:start")
    assert scene.run(scene.match())["status"] == "done"


def test_only_the_programme_s_coordinators(scene: Scene) -> None:
    world = scene.world
    scene.mentor()
    mentee = scene.mentee()
    run_id = scene.match()
    run = f"match-runs/{run_id}"
    etag = {"If-Match": '"1"'}
    calls: list[tuple[str, str, Any, dict[str, str]]] = [
        ("GET", "match-settings", None, {}), ("PUT", "match-settings", {}, etag),
        ("POST", "match-runs", {}, {}), ("GET", "match-runs", None, {}), ("GET", run, None, {}),
        ("GET", f"{run}/left-out", None, {}), ("GET", f"{run}/pairs", None, {}),
        ("GET", f"{run}/pairs/{mentee}", None, {}),
        ("PATCH", f"{run}/pairs/{mentee}", {"mentor_id": scene.mentors[0]}, etag),
        ("DELETE", f"{run}/pairs/{mentee}", None, etag), ("POST", f"{run}/release", None, {}),
        ("POST", f"{run}/stop", None, {}), ("POST", f"{run}/retry", None, {}),
    ]  # fmt: skip
    foreign = world.coordinator(world.organisation("Another"))
    reviewer = world.reviewer(scene.organisation)
    for method, path, body, headers in calls:
        for stranger, status in ((foreign, 404), (mentee, 404), (reviewer, 403)):
            refused = world.request(method, scene.path(path), body, by=stranger, headers=headers)
            assert refused.status == status, (method, path)
    # A run of one programme is not there under another, whoever asks.
    other = make_scene(world)
    assert world.get(other.path(run), by=other.coordinator).status == 404


def test_a_run_needs_a_running_programme_and_a_dry_one_not_yet(scene: Scene) -> None:
    world = scene.world
    scene.change_programme(starts_on="2026-12-01")
    refused = world.post(scene.path("match-runs"), {}, by=scene.coordinator)
    assert code(refused) == (409, "programme-not-running")
    assert scene.start(dry_run=True)
    scene.change_programme(status="ended")
    assert code(world.post(scene.path("match-runs"), {"dry_run": True}, by=scene.coordinator))[0] == 409


def test_a_match_of_nobody_says_so(scene: Scene) -> None:
    run = scene.run(scene.match())
    assert (run["status"], run["pairs"], run["report"]["pool"]["mentees"]) == ("done", 0, 0)


def test_what_the_reads_cost(scene: Scene) -> None:
    world = scene.world
    scene.mentor()
    mentee = scene.mentee()
    scene.mentee(languages=[{"language": "sw", "level": "C2"}])
    with world.counted() as calls:
        run_id = scene.start()
        assert calls == ["BatchGetItem", "TransactWriteItems"]
    deliver(f"match-run:{run_id}:start")

    def cost(path: str, by: str = scene.coordinator, **query: Any) -> list[str]:
        with world.counted() as calls:
            assert world.get(path, by=by, query=query).status == 200
            return list(calls)

    one = ["BatchGetItem"]
    assert cost(scene.path("match-settings")) == one
    assert cost(scene.path(f"match-runs/{run_id}")) == one
    assert cost(scene.path("match-runs")) == [*one, "Query"]
    assert cost(scene.path(f"match-runs/{run_id}/left-out")) == [*one, *one]  # the run, then the names
    assert cost(scene.path(f"match-runs/{run_id}/pairs")) == [*one, *one]
    assert cost("/v1/me/match-reasons", mentee, programme_id=scene.programme) == one
    with world.counted() as calls:
        world.put(
            scene.path("match-settings"), {"rounds": 2}, by=scene.coordinator, headers={"If-Match": '"0"'}
        )
        assert calls == ["BatchGetItem", "TransactWriteItems"]


def test_pages_of_many_pairs_and_of_many_left_out(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.matching import files

    monkeypatch.setattr(files, "PER_FILE", 3)
    scene.mentor(capacity=5)
    scene.mentor(capacity=3)
    for _ in range(12):
        scene.mentee()
    run_id = scene.match(dry_run=True)
    for rest, of, many in (
        ("pairs", lambda one: one["mentee"]["person_id"], 8),
        ("left-out", lambda one: one["person"]["person_id"], 4),
    ):
        seen: list[str] = []
        query: dict[str, Any] = {"limit": 5}
        while True:
            page = get(scene, f"match-runs/{run_id}/{rest}", **query)
            seen += [of(one) for one in page["items"]]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
        assert len(seen) == many
        assert seen == sorted(set(seen))
    bad = scene.world.get(
        scene.path(f"match-runs/{run_id}/pairs"), by=scene.coordinator, query={"cursor": "eyJhdCI6Ii0xIn0"}
    )
    assert bad.status == 422


def test_the_schedule_starts_only_what_is_due_tonight(world: World) -> None:
    nightly, weekly, manual = (make_scene(world, cadence=one) for one in ("nightly", "weekly", "manual"))
    draft = make_scene(world, status="draft")
    fire(jobs.nightly_match)  # the night to Sunday
    started = {one.payload["programme_id"] for one in world.messages("match-run")}
    assert started == {nightly.programme}
    fire(jobs.nightly_match)
    assert len(world.messages("match-run")) == 1
    deliver(world.messages("match-run")[0].id)
    world.pass_time(days=1)
    fire(jobs.nightly_match)
    started = {one.payload["programme_id"] for one in world.messages("match-run")}
    assert started == {nightly.programme, weekly.programme}
    for scene in (manual, draft):
        assert world.get(scene.path("match-runs"), by=scene.coordinator).json["items"] == []


def test_a_second_event_of_the_same_day_is_another_run(scene: Scene) -> None:
    fire(jobs.nightly_match, "2026-11-22T02:00:00Z")
    deliver(scene.world.messages("match-run")[0].id)
    fire(jobs.nightly_match, "2026-11-22T02:00:00Z")
    assert len(get(scene, "match-runs")["items"]) == 1
    fire(jobs.nightly_match, "2026-11-22T14:30:07Z")
    ids = [one["id"] for one in get(scene, "match-runs")["items"]]
    assert len(ids) == 2


def test_the_schedule_leaves_a_run_that_is_under_way(scene: Scene) -> None:
    scene.start()
    fire(jobs.nightly_match)
    assert len(get(scene, "match-runs")["items"]) == 1
