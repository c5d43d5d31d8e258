"""A past that is set down, not lived through: for a cohort that an installation begins with."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.credentials import notice_store, number_store, queue_store, store
from chalicelib.credentials.model import Credential
from chalicelib.credentials.person_file import CredentialFile
from chalicelib.credentials.trail import Head
from chalicelib.platform.tables import Write


def history_file(person_id: str, credentials: Iterable[Credential], organisation: str) -> CredentialFile:
    """Return the file of a new person whose credentials an organisation, by its name, has reviewed."""
    file = CredentialFile(person_id)
    for credential in credentials:
        file = file.after(credential, organisation=organisation)
    return file


def put_history(file: CredentialFile, credentials: Iterable[Credential], now: datetime) -> list[Write]:
    """Return the writes of a new person's credentials as their review left them, with their `history_file`.

    For a cohort whose past is set down, not lived through: no mail, and one row of the trail says so. The standing on
    the person's row is the caller's to write, from `CredentialFile.standing`, and so are the counters of
    the queue, once for all persons (`count_history`).
    """
    cases = list(credentials)
    writes = [write for one in cases for write in queue_store.places(one, now)]
    for credential in cases:
        entry = store.entry_after(
            Head(), credential, at=now, actor="job:set-down", by="job", action="set_down", before=None,
            after=credential.status, detail=store.digests_of(credential),
        )  # fmt: skip
        writes += [store.put_credential(credential, now), *store.put_entry(entry, Head(), now)]
        writes += number_store.place(credential, now)
        if credential.verified_until is not None:
            writes += notice_store.follow(None, credential, now)
    return [*writes, store.put_file(file, now)] if writes else []


def count_history(credentials: Iterable[Credential], now: datetime) -> list[Write]:
    """Return the writes by which all that was set down in one organisation is counted in its queue."""
    return queue_store.counted(credentials, now)
