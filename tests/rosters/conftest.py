"""Coordinators and their roster files."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.kernel.call import job_call
from chalicelib.people import service as people
from chalicelib.platform import documents, outbox
from chalicelib.platform.outbox import Topic
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Programme, Side
from chalicelib.rosters import service, store, worker
from chalicelib.rosters.imports import Order, RosterImport
from chalicelib.rosters.model import RowProblem
from tests.support.world import World

GOOD = {
    "external_id": "H-1", "email": "amina@hospital.example", "given_name": "Amina", "family_name": "Otieno",
    "profession": "2212", "country": "KE", "languages": "en:C1; sw:C2", "time_zone": "Africa/Nairobi",
    "availability": "mon 17:00-19:00", "channels": "video", "topics_offered": "ethics; leadership",
}  # fmt: skip


def person(n: int, **changes: str) -> dict[str, str]:
    return {
        **GOOD,
        "external_id": f"H-{n}",
        "email": f"p{n}@hospital.example",
        "given_name": f"P{n}",
        **changes,
    }


def sheet(*rows: dict[str, str]) -> bytes:
    headings = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headings, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@dataclass
class Rosters:
    """One organisation's programme and its coordinator, who imports."""

    world: World
    organisation: str
    coordinator: str
    programme: str

    def open(self, role: Side | None = Side.MENTOR, **order: Any) -> RosterImport:
        call = self.world.call(self.coordinator)
        return service.start_import(call, self.programme, Order("roster.csv", role, **order)).roster

    def upload(self, roster: RosterImport, content: bytes) -> None:
        documents.write(service.upload_key(roster), content, "text/csv")
        service.file_arrived(job_call("roster_uploaded", self.world.at), service.upload_key(roster))

    def work(self, has_time: Any = lambda: True) -> None:
        """Let the worker take up what waits for it, and what that hands on, until nothing does."""
        while waiting := [
            one
            for one in self.world.messages()
            if one.topic is Topic.ROSTER_IMPORT and one.status is outbox.Status.WAITING
        ]:
            for one in waiting:
                worker.work(job_call("import_roster", self.world.at), one.id, has_time)

    def read(self, roster: RosterImport) -> RosterImport:
        found = store.get_import(roster.programme_id, roster.id)
        assert found is not None
        return found

    def problems(self, roster: RosterImport) -> list[RowProblem]:
        found, page = [], service.PageRequest(100)
        while True:
            part = store.list_problems(roster.id, page)
            found += part.items
            if part.next is None:
                return found
            page = service.PageRequest(100, part.next)

    def run(self, *rows: dict[str, str], role: Side | None = Side.MENTOR, **order: Any) -> RosterImport:
        """Import rows, whole."""
        roster = self.open(role, **order)
        self.upload(roster, sheet(*rows))
        self.work()
        self.world.pass_time(minutes=1)
        return self.read(roster)

    def enrolments(self, side: Side | None = None) -> dict[str, Any]:
        every = programmes_store.all_enrolments_in(self.programme)
        return {one.person_id: one for one in every if side in (None, one.side)}


def make_rosters(world: World, **rules: Any) -> Rosters:
    organisation = world.organisation()
    coordinator = world.coordinator(organisation)
    programme = Programme(
        world.call(coordinator).new_id(), organisation, "Roster programme", created_at=world.at, **rules
    )
    world.write(programmes_store.put_programme(programme, world.at))
    return Rosters(world, organisation, coordinator, programme.id)


@pytest.fixture
def rosters(world: World) -> Rosters:
    return make_rosters(world)


def found(email: str):
    """Return the person who holds an address, with their profile."""
    claim = people.find_by_email(email)
    assert claim is not None
    return people.get_person_and_profile(claim[0])
