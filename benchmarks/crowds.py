"""Crowds over HTTP at the deployed package on the emulator: a session of a series that 500 people join and leave 200
times a minute for 90 minutes, and a simulation in which 100 chat at once.

    python -m benchmarks.crowds                                 # both: a quarter of an hour
    python -m benchmarks.crowds attendance --paced 3            # three minutes of it at 200 a minute, the rest at once
    python -m benchmarks.crowds chats --participants 100

Each starts an environment of its own, as `make run` does. Attendance is sent as the provider of calls tells of it:
signed events, in no order, some of them again. What each person is to have is worked out here second by second from
what was sent, and by no code of the product; writes are the rows that were made or changed in all tables meanwhile. A
lost answer is a connection that the client closes before it has read any; it sends the same again. Exits with status 1
if something is not as it must be; latencies have no bar, since they are the emulator's, and its machine's, as much as
ours.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import http.client
import json
import os
import random
import secrets
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from benchmarks import bars

MINUTES, A_MINUTE = 90, 200
SECRET, MEETING = "the-secret-of-these-calls", "93283599276"
LATER = timedelta(hours=3)
AGAIN = 0.05
"""The share of events that the provider sends twice."""
LOST = 0.2
"""The share of answers of a chat that are lost."""
TRIES = 60
CASE = Path(__file__).parents[1] / "infra" / "local" / "cohort_data" / "ketoacidosis.json"
SAYINGS = ("Blood sugar please", "Does it run in the family?", "ketones", "Has she eaten anything odd?", "vital signs",
           "Who is with her tonight?", "Is she on any medication?", "Thank you, what else?")  # fmt: skip
REPLIES = 3
A_BATCH = 10


class Api:
    """HTTP at the deployed API's own address; counts what each kind of request took."""

    def __init__(self, address: str, width: int) -> None:
        parts = urlsplit(address)
        # The emulator starts a process for each request that is under way: more of them than this are of the machine.
        self._under_way = threading.Semaphore(width)
        self._host, self._base = parts.netloc, parts.path
        self._lock = threading.Lock()
        self.seconds: dict[str, list[float]] = {}
        self.taken_again: Counter[str] = Counter()

    def send(
        self,
        kind: str,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict[str, str],
        *,
        lost: bool = False,
    ) -> tuple[int, bytes, dict[str, str]] | None:
        """Send a request; None where its answer is lost on the way."""
        with self._under_way:
            connection = http.client.HTTPConnection(self._host, timeout=300)
            begun = time.perf_counter()
            try:
                connection.request(method, f"{self._base}{path}", body, headers)
                if lost:
                    return None
                answer = connection.getresponse()
                content = answer.read()
            finally:
                connection.close()
        with self._lock:
            self.seconds.setdefault(kind, []).append(time.perf_counter() - begun)
        return answer.status, content, {name.casefold(): value for name, value in answer.getheaders()}

    def show(self) -> None:
        for kind, found in self.seconds.items():
            print(f"{kind}: {percentiles(found)}")
        again = ", ".join(f"{count:,} {why}" for why, count in sorted(self.taken_again.items()))
        print(f"sent again: {again or 'nothing'}")


def percentiles(found: Sequence[float]) -> str:
    ordered = sorted(found)
    at = {share: ordered[min(len(ordered) - 1, len(ordered) * share // 100)] * 1000 for share in (50, 95, 99)}
    told = ", ".join(f"p{share} {value:,.0f} ms" for share, value in at.items())
    return f"{len(ordered):,} requests, {told}, most {ordered[-1] * 1000:,.0f} ms"


@dataclass
class Person:
    """Somebody who is signed in."""

    api: Api
    id: str
    token: str = field(repr=False)

    def ask(
        self, method: str, path: str, body: Any = None, *, kind: str = "else", chance: random.Random | None = None,
        **query: Any,
    ) -> Any:  # fmt: skip
        """Return an answer's JSON. Given a chance, answers are lost and the same is sent again; so it is where the
        product asks for that."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        content = json.dumps(body).encode() if body is not None else None
        if query:
            path = f"{path}?{urlencode(query)}"
        for _ in range(TRIES):
            is_lost = chance is not None and chance.random() < LOST
            answer = self.api.send(kind, method, path, content, headers, lost=is_lost)
            if answer is None or answer[0] == 429 or answer[0] >= 500:
                self.api.taken_again[
                    "as the answer was lost" if answer is None else f"after {answer[0]}"
                ] += 1
                continue
            status, told, _ = answer
            if status >= 300:
                raise SystemExit(f"{method} {path}: {status} {told[:500]!r}")
            return json.loads(told) if told else None
        raise SystemExit(f"{method} {path}: never answered")


class House:
    """A running environment, an organisation with its coordinator, and people who are written into it."""

    def __init__(self, place: Any, width: int) -> None:
        self.place, self.api = place, Api(place.api, width)
        self.coordinator, self.organisation = self._founded()

    def people(self, count: int) -> list[str]:
        """Write so many people; return their ids."""
        from chalicelib.kernel.ids import new_id
        from chalicelib.people import store
        from chalicelib.people.model import Person as Known
        from chalicelib.people.model import PersonStatus, Profile
        from chalicelib.people.service import ClaimState
        from chalicelib.platform import clock
        from infra.local.seed import Bulk

        now = clock.now()
        found = [new_id(now) for _ in range(count)]
        with Bulk(now, workers=2) as bulk:
            for n, one in enumerate(found):
                person = Known(
                    one, f"{one.lower()}@example.org", "Person", f"Number {n}", "en", PersonStatus.ACTIVE,
                    confirmed_at=now, created_at=now,
                )  # fmt: skip
                email = store.put_email(person.email, one, ClaimState.CONFIRMED, None, None, now)
                bulk.add([email, store.put_person(person, now), store.put_profile(Profile(one), now)])
        return found

    def enrol(self, ids: Sequence[str]) -> None:
        """Enrol people in a programme of the organisation."""
        from chalicelib.platform import clock
        from chalicelib.programmes import store
        from chalicelib.programmes.model import Enrolment, Side
        from infra.local.seed import Bulk

        body = {"organisation_id": self.organisation, "name": "Crowded"}
        programme = self.coordinator.ask("POST", "/v1/programmes", body)["id"]
        now = clock.now()
        with Bulk(now, workers=2) as bulk:
            for one in ids:
                place = Enrolment(programme, one, Side.MENTEE, 1, 1, enrolled_at=now)
                bulk.add([store.put_enrolment(place, now)])

    def signed_in(self, ids: Sequence[str]) -> list[Person]:
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(self._signed_in, ids))

    def _signed_in(self, person_id: str) -> Person:
        pool, password = self.place.target.client("cognito-idp"), secrets.token_urlsafe(12)
        where = {"UserPoolId": self.place.data["UserPoolId"], "Username": person_id}
        email = f"{person_id.lower()}@example.org"
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        pool.admin_create_user(**where, MessageAction="SUPPRESS", UserAttributes=attributes)
        pool.admin_set_user_password(**where, Password=password, Permanent=True)
        body = json.dumps({"email": email, "password": password}).encode()
        answer = self.api.send(
            "sign-in", "POST", "/v1/auth/sign-in", body, {"Content-Type": "application/json"}
        )
        if answer is None or answer[0] != 200:
            raise SystemExit(f"sign-in: {answer}")
        return Person(self.api, person_id, json.loads(answer[1])["access_token"])

    def _founded(self) -> tuple[Person, str]:
        from chalicelib.kernel.ids import new_id
        from chalicelib.organisations import store
        from chalicelib.organisations.model import Organisation, Rights, StaffRole
        from chalicelib.platform import clock
        from chalicelib.platform.tables import transact

        now = clock.now()
        organisation, person_id = new_id(now), self.people(1)[0]
        rights = Rights(person_id, roles={organisation: frozenset({StaffRole.COORDINATOR})})
        known = Organisation(organisation, "Benchmark", "KE")
        transact([store.put_organisation(known, now), store.put_rights(rights, now)], new_id(now))
        return self.signed_in([person_id])[0], organisation

    def move_clock(self, offset: timedelta) -> None:
        from chalicelib.platform import clock

        clock.set_offset(offset)

    def settle(self) -> None:
        from infra.local import tick

        tick.settle(self.place)

    def hold_mails(self) -> None:
        """Leave mails in their queue: those that tell of a place would go out beside what is measured."""
        functions = self.place.target.client("lambda")
        mapped = functions.list_event_source_mappings(FunctionName=self.place.functions["SendMail"])
        for one in mapped["EventSourceMappings"]:
            functions.update_event_source_mapping(UUID=one["UUID"], Enabled=False)

    def rows(self) -> dict[tuple[str, str, str], str]:
        """Return what stands in all tables, each row by its key."""
        dynamodb, found = self.place.target.client("dynamodb"), {}
        for table in dynamodb.list_tables()["TableNames"]:
            for page in dynamodb.get_paginator("scan").paginate(TableName=table):
                for item in page["Items"]:
                    found[table, item["pk"]["S"], item["sk"]["S"]] = json.dumps(
                        item, sort_keys=True, default=str
                    )
        return found


# Attendance.


@dataclass(frozen=True)
class Seen:
    """A join or leave as a provider tells of it, in seconds after the session begins."""

    person: str
    device: str
    joins: bool
    second: int


def comings_and_goings(people: Sequence[str], minutes: int, chance: random.Random) -> list[Seen]:
    """Return `A_MINUTE` joins and leaves a minute: each person's on two devices, that come and go by themselves, from a
    minute before the session begins until a minute after it ends."""
    pairs_of_a_device = max(1, minutes * A_MINUTE // (4 * len(people)))
    found = []
    for person in people:
        for device in ("a", "b"):
            edges = sorted(chance.sample(range(-60, minutes * 60 + 60), 2 * pairs_of_a_device))
            found += [Seen(person, device, n % 2 == 0, second) for n, second in enumerate(edges)]
    return sorted(found, key=lambda one: (one.second, one.person, one.device))


def by_hand(events: Iterable[Seen], minutes: int) -> dict[str, int]:
    """Return for how many seconds each person was there on one device at least, counted second by second."""
    edges: dict[tuple[str, str], list[int]] = {}
    for one in sorted(events, key=lambda one: one.second):
        edges.setdefault((one.person, one.device), []).append(one.second)
    there: dict[str, bytearray] = {}
    for (person, _), seconds in edges.items():
        marked = there.setdefault(person, bytearray(minutes * 60))
        for since, until in zip(seconds[::2], seconds[1::2], strict=True):
            for second in range(max(0, since), min(minutes * 60, until)):
                marked[second] = 1
    return {person: sum(marked) for person, marked in there.items()}


def attendance(house: House, members: int, minutes: int, paced: float, width: int, seed: int) -> list[bool]:
    from chalicelib.attendance import zoom
    from chalicelib.platform import clock

    chance, owner = random.Random(seed), house.coordinator
    series = owner.ask(
        "POST", f"/v1/organisations/{house.organisation}/series", {"title": "Crowded", "time_zone": "Etc/UTC"}
    )["id"]
    path = f"/v1/series/{series}"
    owner.ask("PUT", f"{path}/meeting-events", {"secret": SECRET})
    begins = (clock.now() + timedelta(minutes=30)).replace(second=0, microsecond=0)
    begins -= timedelta(minutes=begins.minute % 15)
    plan = {
        "title": "Breathless", "on": str(begins.date()), "at": begins.strftime("%H:%M"), "meeting": MEETING,
        "blocks": [{"kind": "didactic", "minutes": minutes}],
    }  # fmt: skip
    session_id = owner.ask("POST", f"{path}/sessions", plan)["items"][0]["id"]
    session = f"{path}/sessions/{session_id}"
    house.settle()
    people = house.people(members)
    _take_part(series, people)
    house.move_clock(LATER)
    events = comings_and_goings(people, minutes, chance)
    rate = len(events) / (minutes + 2)  # from a minute before until a minute after
    print(f"{members} members, {len(events):,} joins and leaves: {rate:.0f} a minute of the session")
    stamp_lock, stamped = threading.Lock(), [0.0, ""]

    def stamp() -> str:
        with stamp_lock:
            if time.monotonic() - float(stamped[0]) > 30 or not stamped[1]:
                stamped[:] = [time.monotonic(), str(int((datetime.now(UTC) + LATER).timestamp()))]
            return str(stamped[1])

    def tell(one: Seen, kind: str) -> None:
        what, when = ("joined", "join_time") if one.joins else ("left", "leave_time")
        at = (begins + timedelta(seconds=one.second)).isoformat()
        seen = {
            "user_id": f"{one.device}-{one.person[-8:]}",
            "customer_key": one.person,
            "email": "",
            when: at,
        }
        event = {
            "event": f"meeting.participant_{what}",
            "payload": {"object": {"id": MEETING, "participant": seen}},
        }
        content = json.dumps(event).encode()
        signed_at = stamp()
        # As the provider's documentation has it, and not by the product's own function.
        mac = hmac.new(SECRET.encode(), f"v0:{signed_at}:".encode() + content, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json", zoom.TIMESTAMP: signed_at, zoom.SIGNATURE: f"v0={mac}",
        }  # fmt: skip
        for _ in range(TRIES):
            answer = house.api.send(kind, "POST", f"{path}/meeting-events", content, headers)
            if answer is not None and answer[0] < 300:
                return
            if answer is not None and answer[0] < 500 and answer[0] != 429:
                raise SystemExit(f"{answer[0]} {answer[1][:300]!r}")
            house.api.taken_again["after no answer" if answer is None else f"after {answer[0]}"] += 1
        raise SystemExit("an event was never taken")

    warm = [
        Seen(secrets.token_hex(13).upper(), "w", True, -3000) for _ in range(width)
    ]  # nobody of the series
    with ThreadPoolExecutor(width) as pool:
        list(pool.map(lambda one: tell(one, "warm-up"), warm))
    before = house.rows()
    at_rate = events[: int(paced * A_MINUTE)]
    with ThreadPoolExecutor(width) as pool:
        begun, late = time.perf_counter(), []
        for n, one in enumerate(at_rate):
            time.sleep(max(0.0, begun + n * 60 / A_MINUTE - time.perf_counter()))
            late.append(pool.submit(tell, one, f"at {A_MINUTE} a minute"))
        for each in late:
            each.result()
    if at_rate:
        took = time.perf_counter() - begun
        print(f"{len(at_rate):,} at a rate of {len(at_rate) / took * 60:.0f} a minute")
    rest = events[len(at_rate) :]
    again = chance.sample(events, int(len(events) * AGAIN))
    sent = [*rest, *again]
    chance.shuffle(sent)
    with ThreadPoolExecutor(width) as pool:
        begun = time.perf_counter()
        list(pool.map(lambda one: tell(one, "as fast as it takes them"), sent))
    took = time.perf_counter() - begun
    fast = len(sent) / took * 60
    print(f"{len(sent):,} in no order, {len(again):,} of them again: {fast:,.0f} a minute, {width} at once")
    after = house.rows()
    written = [key for key, row in after.items() if before.get(key) != row]
    told = [key for key in written if key[0].endswith("-attendance")]
    # Schedules go on meanwhile, and note how far they have come.
    other = [key for key in written if key not in set(told) and key[1] != "INSTALLATION"]
    for table, pk, sk in sorted(set(written) - set(told)):
        print(f"written meanwhile, in {table}: {pk} {sk}")
    owner.ask("POST", f"{session}/moves", {"move": "end"})

    expected = by_hand(events, minutes)
    reported: dict[str, int] = {}
    pages, cursor = 0, {}
    while True:
        page = owner.ask("GET", f"{session}/attendance", kind="a page of the report", **cursor)
        pages += 1
        reported |= {one["person_id"]: one["seconds"] for one in page["items"]}
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    csv = house.api.send(
        "the report as a file",
        "GET",
        f"{session}/attendance.csv",
        None,
        {"Authorization": f"Bearer {owner.token}"},
    )
    lines = csv[1].decode().splitlines() if csv is not None and csv[0] == 200 else []
    owner.ask("POST", f"{session}/moves", {"move": "close"})
    begun = time.perf_counter()
    credited = _credited(house, session_id, members)
    took = time.perf_counter() - begun
    print(f"closed, and written among what each of {len(credited)} took part in, in {took:.0f} s")
    print(f"the report in {pages} pages, {len(lines):,} lines as a file")
    house.api.show()
    attended = {person: seconds for person, seconds in expected.items() if seconds}
    wrong = [one for one in people if reported.get(one, 0) != expected[one]]
    return [
        bars.most("people whose seconds are not those counted by hand", len(wrong), 0, ",.0f"),
        bars.most("people whose credit's seconds are not", sum(credited.get(one) != n for one, n in attended.items()),
                  0, ",.0f"),
        bars.told(f"{len(told):,} rows written for {len(events):,} joins and leaves, and {len(other)} elsewhere",
                  holds=len(told) == len(events) and not other),
        bars.told("each in the report once", holds=len(reported) == members and len(lines) >= members),
    ]  # fmt: skip


def _take_part(series_id: str, people: Sequence[str]) -> None:
    from chalicelib.platform import clock
    from chalicelib.series import store
    from chalicelib.series.model import Membership, SeriesPlace, SeriesRole
    from infra.local.seed import Bulk

    now = clock.now()
    with Bulk(now, workers=2) as bulk:
        for one in people:
            member = Membership(series_id, one, SeriesRole.MEMBER, SeriesPlace.ACTIVE, since=now)
            bulk.add([store.put_member(member, now)])


def _credited(house: House, session_id: str, members: int) -> dict[str, int]:
    """Wait until the follower has written for each what they took part in; return the seconds."""
    dynamodb, table = house.place.target.client("dynamodb"), f"{house.place.data['TablePrefix']}credits"
    deadline = time.monotonic() + 600
    found: dict[str, int] = {}
    while len(found) < members and time.monotonic() < deadline:
        time.sleep(1)
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                if item["sk"]["S"].endswith(f"#{session_id}"):
                    found[item["pk"]["S"].removeprefix("PERSON#")] = int(item["attended"]["N"])
    return found


# Chats.


def chats(house: House, participants: int, seed: int) -> list[bool]:
    coordinator = house.coordinator
    cases = f"/v1/organisations/{house.organisation}/simulated-cases"
    case = coordinator.ask("POST", cases, json.loads(CASE.read_text(encoding="utf-8")))["id"]
    coordinator.ask("POST", f"/v1/simulated-cases/{case}/versions", {"is_anonymised": True})
    plan = {
        "title": "Crowded", "starts_at": (datetime.now(UTC) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:00:00Z"),
        "cases": [{"case_id": case, "version": 1, "setting": "district"}],
    }  # fmt: skip
    planned = coordinator.ask("POST", f"/v1/organisations/{house.organisation}/simulations", plan)
    path = f"/v1/simulations/{planned['id']}"
    players = house.signed_in(house.people(participants))
    staff = house.signed_in(house.people(-(-participants // 5)))
    house.hold_mails()
    house.enrol([one.id for one in (*staff, *players)])
    _add(house, path, [one.id for one in staff], "moderators")
    _add(house, path, [one.id for one in players], "participants")
    begun_by = staff[0]
    begun_by.ask("POST", f"{path}/moves", {"move": "begin_case"})
    names = {one.id: f"1-{one.id}" for one in players}
    width = len(players) + len(staff)
    with ThreadPoolExecutor(width) as pool:
        list(pool.map(lambda one: one.ask("GET", path, kind="warm-up"), [*players, *staff]))
    there, gate = 0, threading.Barrier(width)
    lock, widest = threading.Lock(), 0

    def counted(act: Callable[[], list[int]]) -> list[int]:
        nonlocal there, widest
        gate.wait()
        with lock:
            there += 1
            widest = max(widest, there)
        try:
            return act()
        finally:
            with lock:
                there -= 1

    def play(one: Person, number: int) -> list[int]:
        chance, got = random.Random(f"{seed} {number}"), [0]
        chat = f"{path}/chats/{names[one.id]}"
        for n, text in enumerate(SAYINGS):
            body = {"client_key": f"saying-{n:03}", "text": text, "after": got[-1]}
            turn = one.ask("POST", chat, body, kind="something said", chance=chance)
            got += [each["number"] for each in turn["messages"]]
            if n % 2:
                turn = one.ask("GET", chat, kind="a poll", chance=chance, after=got[-1])
                got += [each["number"] for each in turn["messages"]]
        return got[1:]

    def moderate(one: Person, number: int) -> list[int]:
        chance = random.Random(f"{seed} of moderators {number}")
        for n in range(REPLIES):
            for each in players[5 * number : 5 * number + 5]:
                body = {
                    "client_key": f"reply-{n:03}",
                    "text": f"Reply {n} of a moderator",
                    "by": "nurse",
                    "after": 0,
                }
                one.ask("POST", f"{path}/chats/{names[each.id]}/replies", body, kind="a reply", chance=chance)
        return []

    tasks = [lambda one=one, n=n: play(one, n) for n, one in enumerate(players)]
    tasks += [lambda one=one, n=n: moderate(one, n) for n, one in enumerate(staff)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(width) as pool:
        results = list(pool.map(counted, tasks))
    took = time.perf_counter() - begun
    wrong: Counter[str] = Counter()
    messages = 0
    for one, got in zip(players, results, strict=False):
        whole = _whole(one, f"{path}/chats/{names[one.id]}")
        messages += len(whole)
        numbers = [each["number"] for each in whole]
        said = [each["text"] for each in whole if each["by"] == "participant"]
        replies = Counter(each["text"] for each in whole if each["text"].startswith("Reply "))
        wrong["numbers with a gap or twice"] += numbers != list(range(1, len(numbers) + 1))
        wrong["their sayings lost, doubled or out of order"] += said != list(SAYINGS)
        wrong["replies lost or doubled"] += replies != Counter(
            f"Reply {n} of a moderator" for n in range(REPLIES)
        )
        wrong["turns that brought a message twice, or left one out"] += got != numbers[: len(got)]
    print(f"{len(players)} participants and {len(staff)} moderators, {widest} at once")
    print(f"{messages:,} messages in {took:.0f} s")
    house.api.show()
    return [
        bars.least("who were at it at once", widest, width, ",.0f"),
        *(bars.most(f"chats with {what}", count, 0, ",.0f") for what, count in wrong.items()),
    ]


def _whole(one: Person, chat: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        turn = one.ask("GET", chat, kind="reading it whole", after=found[-1]["number"] if found else 0)
        found += turn["messages"]
        if not turn["more"]:
            return found


def _add(house: House, path: str, people: Sequence[str], role: str) -> None:
    for start in range(0, len(people), A_BATCH):
        house.coordinator.ask("POST", f"{path}/people", {role: list(people[start : start + A_BATCH])})


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", nargs="*", help="attendance, chats (default both)")
    parser.add_argument("--members", type=int, default=500)
    parser.add_argument("--minutes", type=int, default=MINUTES)
    parser.add_argument("--paced", type=float, default=3, help="minutes sent at its own rate (default 3)")
    parser.add_argument("--width", type=int, default=8, help="requests under way at a time (default 8)")
    parser.add_argument("--participants", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    wanted = given.what or ["attendance", "chats"]
    if set(wanted) - {"attendance", "chats"}:
        parser.error("give attendance, chats, or nothing for both")

    from infra.local.up import Environment

    held: list[bool] = []
    for what in wanted:
        print(f"\n{what}", flush=True)
        with (
            tempfile.TemporaryDirectory(prefix="crossward-crowds-") as folder,
            Environment(Path(folder)) as environment,
        ):
            os.environ.update(environment.place.environment())
            _forget()
            environment.warm()
            house = House(environment.place, given.width)
            if what == "attendance":
                held += attendance(house, given.members, given.minutes, given.paced, given.width, given.seed)
            else:
                held += chats(house, given.participants, given.seed)
    return 0 if all(held) else 1


def _forget() -> None:
    """Let clients be made anew, for another environment."""
    from benchmarks.reminders import forget_clients

    forget_clients()


if __name__ == "__main__":
    sys.exit(main())
