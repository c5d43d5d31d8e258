"""People and programmes written straight into the emulator's tables: what a crowd costs over HTTP is not the point."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from chalicelib.people import store as people_store
from chalicelib.people.checks import checked_profile
from chalicelib.people.model import Person, PersonStatus, Profile, Standing
from chalicelib.people.schemas import ProfileChange
from chalicelib.platform import tables
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Enrolment, Programme, Side


def write(*writes: tables.Write) -> None:
    tables.transact(list(writes), new_id(system_clock()))


def person(profile: dict[str, Any], *, verified: bool = False) -> str:
    now = system_clock()
    person_id = new_id(now)
    until = now + timedelta(days=300) if verified else None
    row = Person(
        person_id, f"{person_id.lower()}@example.org", "Person", "Crowd", "en", PersonStatus.ACTIVE, Standing(until),
        now, now,
    )  # fmt: skip
    whole = checked_profile(replace(Profile(person_id), **ProfileChange.model_validate(profile).changes()))
    write(people_store.put_person(row, now), people_store.put_profile(whole, now))
    return person_id


def enrolled(programme: Programme, person_id: str, side: Side, capacity: int) -> str:
    now = system_clock()
    write(
        programmes_store.put_enrolment(
            Enrolment(programme.id, person_id, side, capacity, capacity, enrolled_at=now), now
        )
    )
    return person_id


def a_programme() -> Programme:
    now = system_clock()
    programme = Programme(new_id(now), new_id(now), "Crowded", created_at=now)
    write(programmes_store.put_programme(programme, now))
    return programme
