"""The snapshot of a run as bytes: what is stored with the run, and what it can be repeated from."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from chalicelib.matching import documents
from chalicelib.matching.model import MenteeEntry, MentorEntry, Snapshot
from chalicelib.people.model import Profile


def snapshot_bytes(snapshot: Snapshot) -> bytes:
    """Write a snapshot as canonical JSON, people by id; what matching does not use is left out. The settings are
    written whole: a run is repeated by those of its day, whatever the defaults have become."""
    minimal_one = replace(
        snapshot,
        mentees=tuple(map(_minimal_mentee, sorted(snapshot.mentees, key=_by_id))),
        mentors=tuple(map(_minimal_mentor, sorted(snapshot.mentors, key=_by_id))),
    )
    plain = documents.to_plain(minimal_one) | {"settings": documents.to_plain(snapshot.settings, whole=True)}
    return documents.plain_bytes(plain)


def snapshot_from_bytes(document: bytes) -> Snapshot:
    """Read what `snapshot_bytes` wrote; raises `ValueError` for anything else."""
    return documents.from_bytes(Snapshot, document)


def snapshot_digest(document: bytes) -> str:
    """Return the SHA-256 of a snapshot's bytes in hexadecimal, by which two runs can be told to be of one pool."""
    return hashlib.sha256(document).hexdigest()


def minimal(profile: Profile) -> Profile:
    """Return a profile without what matching never reads; gender stays only with consent."""
    return replace(
        profile,
        background=None,
        gender=profile.gender if profile.sensitive_consent else None,
        access_needs=(),
        study_year=None,
        capacity=Profile.capacity,
        visible=Profile.visible,
        version=None,
    )


def _minimal_mentee(entry: MenteeEntry) -> MenteeEntry:
    return replace(entry, profile=minimal(entry.profile))


def _minimal_mentor(entry: MentorEntry) -> MentorEntry:
    return replace(entry, profile=minimal(entry.profile))


def _by_id(entry: MenteeEntry | MentorEntry) -> str:
    return entry.person_id
