"""Reads the record of a mentorship. It stands above mentorships, as it tells of certificates, too.

Nothing of it is kept: it is worked out from rows that do not change once the mentorship is closed.
"""

from dataclasses import dataclass
from datetime import UTC, date

from chalicelib.certificates import store
from chalicelib.certificates.model import Certificate, Signature, Status
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import NotFound
from chalicelib.mentorships import service as mentorships
from chalicelib.mentorships.closing.record import PairRecord
from chalicelib.mentorships.running import MentorshipStatus
from chalicelib.organisations import service as organisations
from chalicelib.platform import tables
from chalicelib.programmes import service as programmes
from chalicelib.programmes.model import Side


@dataclass(frozen=True)
class Issued:
    """A certificate of the mentorship.

    Attributes
    ----------
    id
        With which everybody opens its page: for its holder and for coordinators alone.
    """

    side: Side
    issued_on: date
    is_revoked: bool
    id: str | None


@dataclass(frozen=True)
class SeenRecord:
    """A mentorship's record as one reader has it; `side` is None for a coordinator."""

    record: PairRecord
    status: MentorshipStatus
    side: Side | None
    programme_name: str
    organisation_name: str
    certificates: tuple[Issued, ...]


def read(call: Call, mentorship_id: str) -> SeenRecord:
    """Return the record of a mentorship that is closing or closed, to its two people and its programme's coordinators.

    Raises
    ------
    NotFound, RoleRefused, StillUnderWay
    """
    found = mentorships.pair_record(call, mentorship_id)
    mentorship = found.record.mentorship
    programme_row, organisation_row, *side_rows = tables.get_many(
        [
            programmes.programme_key(mentorship.programme_id),
            organisations.organisation_key(mentorship.organisation_id),
            *(store.side_key(mentorship_id, side) for side in Side),
        ]
    )
    if programme_row is None or organisation_row is None:
        raise NotFound
    held = {row.certificate_id: side for side, row in zip(Side, side_rows, strict=True) if row is not None}
    rows = tables.get_many([store.certificate_key(one) for one in held])
    certificates = [store.certificate_of(row) for row in rows if row is not None]
    return SeenRecord(
        found.record,
        found.status,
        found.side,
        programmes.programme_of(programme_row).name,
        organisations.organisation_of(organisation_row).name,
        tuple(
            _issued(one, held[one.id], one.signature, found.side)
            for one in certificates
            if one.signature is not None
        ),
    )


def _issued(certificate: Certificate, side: Side, signature: Signature, reader: Side | None) -> Issued:
    may_open = reader is None or reader is side
    return Issued(
        side,
        signature.at.astimezone(UTC).date(),
        certificate.status is Status.REVOKED,
        certificate.id if may_open else None,
    )
