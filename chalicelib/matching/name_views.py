"""People by name on the wire, where they may be gone by now."""

from typing import Annotated

from pydantic import Field

from chalicelib.people.model import Person
from chalicelib.platform.web.shapes import Answer


class PersonName(Answer):
    person_id: str
    name: Annotated[str | None, Field(description="null where the person is gone by now")]


def name_view(person_id: str, person: Person | None) -> PersonName:
    return PersonName(person_id=person_id, name=person.name if person else None)
