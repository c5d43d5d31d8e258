"""Circuits: after several failures in a row, a host is left alone for a while.

The state is a row a host, because a function's memory is one process's and dies with it. A request reads it once; only
failures, and the success that ends them, write.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.kernel.call import written
from chalicelib.kernel.clock import from_text, instant_of, text_of, to_text
from chalicelib.kernel.errors import StaleVersion, Unavailable
from chalicelib.platform import tables
from chalicelib.platform.outgoing.failures import OutgoingFailed, Reason

THRESHOLD = 5
"""Failed requests in a row after which a circuit opens; each was tried several times."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=15)
TRIAL = timedelta(seconds=60)
"""For how long one request has the only try; no request takes that long."""
_KEEP = timedelta(days=1)


@dataclass(frozen=True)
class Circuit:
    """How a host has done lately.

    Attributes
    ----------
    failures
        In a row, up to now.
    not_before
        Until when nobody asks; None where anybody may.
    """

    host: str
    failures: int = 0
    not_before: datetime | None = None
    created_at: datetime | None = None
    version: int | None = None

    def is_open(self, now: datetime) -> bool:
        return self.not_before is not None and now < self.not_before

    def on_trial(self, now: datetime) -> "Circuit":
        """Return the circuit while one request tries whether the host has come back."""
        return replace(self, not_before=now + TRIAL)

    def after_failure(self, now: datetime, random: Callable[[], float]) -> "Circuit":
        """Return the circuit after one more failure.

        The pause doubles with each, and each is cut by up to a half at random, so that those who wait do not come back
        together.
        """
        failures = self.failures + 1
        if failures < THRESHOLD:
            return replace(self, failures=failures, not_before=None)
        doubled = FIRST_PAUSE * 2 ** min(failures - THRESHOLD, 10)
        pause = min(doubled, LONGEST_PAUSE) * (1 - random() / 2)
        return replace(self, failures=failures, not_before=now + pause)


class CircuitRow(tables.Row):
    class Meta:
        capability = "platform"

    failures = NumberAttribute()
    not_before = UnicodeAttribute(null=True)
    expires_at_epoch = NumberAttribute()


class Circuits:
    """The circuits of an installation.

    Parameters
    ----------
    now
        The real time: a host's health knows nothing of the domain's clock.
    """

    def __init__(self, now: Callable[[], datetime], random: Callable[[], float]) -> None:
        self._now = now
        self._random = random

    def enter(self, host: str) -> Circuit:
        """Return the host's circuit if it may be asked now: closed, or on trial and this is the one that tries.

        Raises
        ------
        OutgoingFailed
            With `CIRCUIT_OPEN`.
        """
        now = self._now()
        circuit = _read(host)
        if circuit.is_open(now):
            left = circuit.not_before - now if circuit.not_before else None
            raise OutgoingFailed(Reason.CIRCUIT_OPEN, retry_after=left)
        if circuit.not_before is None:
            return circuit
        try:
            _write(circuit.on_trial(now), now)
        except (StaleVersion, Unavailable):
            # Another is trying at this moment.
            raise OutgoingFailed(Reason.CIRCUIT_OPEN, retry_after=TRIAL) from None
        return written(circuit)

    def leave(self, circuit: Circuit, *, well: bool) -> None:
        """Take down how a request went."""
        if well and circuit.version is None:
            return
        now = self._now()
        after = (
            replace(circuit, failures=0, not_before=None)
            if well
            else circuit.after_failure(now, self._random)
        )
        if (after.failures, after.not_before) == (circuit.failures, circuit.not_before):
            return
        try:
            _write(after, now)
        except (StaleVersion, Unavailable):
            # Another request has taken its own down meanwhile: a count that is one short does no harm.
            return


def _read(host: str) -> Circuit:
    row = tables.get(CircuitRow, _pk(host), "CIRCUIT")
    if row is None:
        return Circuit(host)
    not_before = instant_of(row.not_before)
    return Circuit(host, int(row.failures), not_before, from_text(row.created_at), int(row.version))


def _write(circuit: Circuit, now: datetime) -> None:
    row = CircuitRow(
        _pk(circuit.host), "CIRCUIT", failures=circuit.failures,
        not_before=text_of(circuit.not_before),
        expires_at_epoch=int((now + _KEEP).timestamp()),
        **tables.stamps(to_text(now), to_text(circuit.created_at or now), version=circuit.version),
    )  # fmt: skip
    tables.transact([tables.put(row)], secrets.token_hex(16))


def _pk(host: str) -> str:
    return f"CIRCUIT#{host}"
