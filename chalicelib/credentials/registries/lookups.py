"""The registers that can be asked without a person: online, or from the file that an organisation keeps."""

from dataclasses import dataclass
from datetime import date

from chalicelib.credentials import numbers
from chalicelib.credentials.registries import load_store as store
from chalicelib.credentials.registries.model import (
    FILE_TOO_OLD,
    NO_REGISTER,
    Answer,
    Asked,
    Entry,
    Means,
    RegisterUnavailable,
    Registry,
    State,
    not_found,
    unavailable,
)
from chalicelib.credentials.registries.names import found
from chalicelib.credentials.registries.npi import NpiRegistry
from chalicelib.credentials.registries.register_files import MAX_NUMBER, is_too_old
from chalicelib.platform.outgoing.client import Client, client
from chalicelib.platform.outgoing.failures import OutgoingFailed

JSON = "application/json"
NPI = "us-nppes"
"""The authority whose numbers the NPI registry knows."""


@dataclass(frozen=True)
class FileRegistry:
    """An organisation's copy of a register: one read a lookup."""

    organisation_id: str
    authority_id: str
    today: date

    def lookup(self, asked: Asked) -> Answer:
        """Return what the file in use says of a number; a file that is too old says nothing."""
        number = numbers.normalised(asked.number)
        if not 0 < len(number) <= MAX_NUMBER:
            return not_found()
        stored = store.look_up(self.organisation_id, self.authority_id, number)
        head = stored.head
        if head is None or head.slot is None or head.as_of is None:
            return unavailable(NO_REGISTER)
        if is_too_old(head.as_of, self.today):
            return unavailable(FILE_TOO_OLD)
        row = stored.rows.get(head.slot)
        # What an earlier file left in the slot is no part of this one.
        if row is None or row.load_id != head.load_id:
            return not_found(as_of=head.as_of)
        entry = Entry(
            number, (row.name,), True, row.status, State(row.state), valid_until=row.valid_until, as_of=head.as_of
        )  # fmt: skip
        return found(asked, entry)


def fetch_by(outgoing: Client, url: str) -> bytes:
    """Fetch a JSON document for a register.

    Raises
    ------
    RegisterUnavailable
        With the reason of the request's failure.
    """
    try:
        return outgoing.get(url, accept=JSON).body
    except OutgoingFailed as failure:
        raise RegisterUnavailable(failure.reason.value) from None


def registry(
    organisation_id: str, authority_id: str, today: date, outgoing: Client | None = None
) -> tuple[Means, Registry]:
    """Return how an authority's register is asked: online where we know how, else from the organisation's file.

    Parameters
    ----------
    outgoing
        Who asks online; production's by default.
    """
    if authority_id == NPI:
        asking = outgoing or client()
        return Means.ONLINE, NpiRegistry(lambda url: fetch_by(asking, url))
    return Means.FILE, FileRegistry(organisation_id, authority_id, today)
