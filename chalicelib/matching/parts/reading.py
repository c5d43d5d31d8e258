"""The first steps of a run in parts: who takes part, and lot by lot their people as they are now."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.matching import settings_store
from chalicelib.matching.engine import text
from chalicelib.matching.engine.text import Frequencies
from chalicelib.matching.entries import entries_of
from chalicelib.matching.errors import EngineChanged
from chalicelib.matching.model import ENGINE_VERSION, MenteeEntry, MentorEntry, Snapshot
from chalicelib.matching.parts import files
from chalicelib.matching.parts.columns import Columns
from chalicelib.matching.parts.files import (
    MENTEES,
    MENTORS,
    Item,
    frequency_arrays,
    light_name,
    lot_name,
    segment_name,
)
from chalicelib.matching.parts.light import Light, light_of
from chalicelib.matching.runs import MatchRun
from chalicelib.people import service as people
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Enrolment, EnrolmentStatus, Side

SEGMENT = 10_000
"""Enrolments that one function reads the people of: some 300 reads of a hundred rows."""

_FILES, _DOINGS = 64, 2**24
"""The files of a side are numbered about a multiple of the first, another for each doing of a segment: by zone band,
hours from -12 to 14, and `CLOSED`."""
_WORDS = "words"

MADE_BY = f"engine {ENGINE_VERSION}, files {files.FORMAT}"


@dataclass(frozen=True)
class Header:
    """What all steps of a run share.

    Attributes
    ----------
    snapshot, settings_version
        A snapshot without its people, and the version of the settings that it has.
    lots, segments
        Under which name the lots of people lie, and how many they are.
    made_by
        The engine and the layout of files.
    """

    snapshot: Snapshot
    settings_version: int | None
    lots: str = ""
    segments: int = 0
    made_by: str = ""


@dataclass(frozen=True)
class Enrolled:
    """Who takes part, as a segment reads it; `apart` are the mentors who may not be proposed to a mentee."""

    person_id: str
    side: Side
    active: bool
    free: int
    capacity: int
    enrolled_at: datetime | None
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Segment:
    """Some of who take part."""

    enrolled: tuple[Enrolled, ...]


def read_header(run: MatchRun) -> Header:
    """Return what all steps of a run share.

    Raises
    ------
    EngineChanged
        If other code began the run: what it left may be of other bytes, and means others.
    """
    header = files.read_value(run, "header", Header)
    if header.made_by != MADE_BY:
        raise EngineChanged(f"begun by {header.made_by}, to be gone on with by {MADE_BY}")
    return header


def begin_with(run: MatchRun, header: Header) -> None:
    """Leave what all steps share, as made by this code, unless somebody has begun the run at the same moment; and what
    segments are to be read, as the one who was first has it."""
    files.write_value_once(run, "header", replace(header, made_by=MADE_BY))
    _list_segments(run)


def _list_segments(run: MatchRun) -> None:
    files.write_items(run, "segments", [{"number": n} for n in range(read_header(run).segments)])


def enrol(call: Call, run: MatchRun, kept_apart: Iterable[tuple[str, str, bool]]) -> None:
    """Find who takes part and who is kept apart from whom, and leave lots of them to be read.

    Of two at once one leaves the header, which names that one's lots: programmes change while they are read.
    One query of the programme's enrolments and one of its pairs, page by page, strongly consistent: a read
    unit for some thirteen of each.

    Parameters
    ----------
    kept_apart
        As of `steps.take_snapshot`.
    """
    if files.is_done(run, "header"):
        _list_segments(run)
        return
    programme = programmes.get_programme(run.programme_id)
    if programme is None:
        raise NotFound
    present = settings_store.get_settings(run.programme_id)
    snapshot = Snapshot(
        run.programme_id, run.id, call.now, (), (), present.settings, mentee_places=programme.mentee_places,
        kind=programme.kind,
    )  # fmt: skip
    apart: dict[str, list[str]] = {}
    for mentee_id, mentor_id, _ in kept_apart:
        apart.setdefault(mentee_id, []).append(mentor_id)
    enrolled = (
        Enrolled(
            one.person_id, one.side, one.status is EnrolmentStatus.ACTIVE, one.free, one.capacity, one.enrolled_at,
            tuple(sorted(set(apart.get(one.person_id, ())))) if one.side is Side.MENTEE else (),
        )
        for one in programmes.all_enrolments(programme)
        if one.takes_part
    )  # fmt: skip
    lots, segments = call.new_id(), 0
    for lot in _lots(enrolled, SEGMENT):
        files.write_value(run, lot_name(lots, segments), Segment(lot))
        segments += 1
    begin_with(run, Header(snapshot, present.version, lots, segments))


def _lots(enrolled: Iterator[Enrolled], size: int) -> Iterator[tuple[Enrolled, ...]]:
    while lot := tuple(islice(enrolled, size)):
        yield lot


def segment(run: MatchRun, item: Item) -> None:
    """Read the people of a segment and store them in columns, by side and zone band, with what a plan has to know of
    each, and with what words their goals have.

    Strongly consistent batches of three rows a person: three read units for most.
    """
    number = int(item["number"])
    if files.is_done(run, light_name(number)):
        return
    header = read_header(run)
    programme = programmes.get_programme(run.programme_id)
    if programme is None:
        raise NotFound
    lot = files.read_value(run, lot_name(header.lots, number), Segment).enrolled
    known = people.snapshot_of([one.person_id for one in lot])
    enrolments = [_enrolment(run, one) for one in lot]
    apart = {one.person_id: one.apart for one in lot}
    mentees, mentors = entries_of(programme, enrolments, known, apart, header.snapshot.taken_at)
    store_segment(run, header.snapshot, number, mentees, mentors)


def store_segment(
    run: MatchRun,
    header: Snapshot,
    number: int,
    mentees: Sequence[MenteeEntry],
    mentors: Sequence[MentorEntry],
) -> None:
    """Store some people of a snapshot as a segment.

    Another doing of it, at the same moment, may have read other people: each has files of its own, and the first to
    end says whose are the segment's.
    """
    first = _FILES * secrets.randbelow(_DOINGS)
    digest = hashlib.sha256()
    lights: dict[str, NDArray[Any]] = {}
    sides: tuple[tuple[str, type[Any], Sequence[Any]], ...] = (
        (MENTEES, MenteeEntry, mentees),
        (MENTORS, MentorEntry, mentors),
    )
    for side, kind, entries in sides:
        light = light_of(header, entries)
        light = replace(light, in_file=light.in_file + np.int32(first))
        whole = Columns.of(kind, entries)
        for file in np.unique(light.in_file).tolist():
            content = whole.take(np.flatnonzero(light.in_file == file)).to_bytes()
            digest.update(content)
            files.write_bytes(run, segment_name(number, side, file), content)
        lights |= files.named(side, light.arrays())
    goals = [entry.profile.goals for entry in mentees if not entry.closed_for()]
    goals += [entry.profile.goals for entry in mentors if not entry.closed_for(header.taken_at)]
    words = text.packaged().frequencies(goals)
    write_known(run, number, lights, digest.digest(), frequency_arrays(words))


def write_known(
    run: MatchRun,
    number: int,
    lights: Mapping[str, NDArray[Any]],
    digest: bytes,
    words: Mapping[str, NDArray[Any]],
) -> None:
    """Write what a plan has to know of a segment, unless it is there."""
    files.write_arrays_once(
        run, light_name(number), digest=np.frombuffer(digest, dtype=np.uint8), **lights,
        **files.named(_WORDS, words),
    )  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a plan knows of a segment.

    Attributes
    ----------
    lights
        Its people of each side.
    digest
        Of their files.
    words
        In the goals of who is open.
    """

    lights: dict[str, Light]
    digest: bytes
    words: Frequencies


def read_known(run: MatchRun, number: int) -> Known:
    """Return what `write_known` wrote."""
    found = files.read_arrays(run, light_name(number))
    lights = {side: Light.from_arrays(files.under(side, found)) for side in (MENTEES, MENTORS)}
    return Known(lights, found["digest"].tobytes(), files.frequencies_of(files.under(_WORDS, found)))


def _enrolment(run: MatchRun, one: Enrolled) -> Enrolment:
    status = EnrolmentStatus.ACTIVE if one.active else EnrolmentStatus.PAUSED
    return Enrolment(
        run.programme_id, one.person_id, one.side, one.capacity, one.free, status, enrolled_at=one.enrolled_at
    )
