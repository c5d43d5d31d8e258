"""Asking another service: the one way out of this one, AWS and the user pool apart.

Only https to the hosts of `targets.HOSTS`; GET alone; no cookies, no proxy from the environment, no redirect to another
host. Whatever goes wrong is an `OutgoingFailed` with a reason, within the time given.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urljoin

from chalicelib.kernel.clock import Clock, system_clock
from chalicelib.platform.outgoing.circuits import Circuit, Circuits
from chalicelib.platform.outgoing.exchange import Answer, Deadline, Limits, exchange
from chalicelib.platform.outgoing.failures import OURS, PASSING, OutgoingFailed, Reason
from chalicelib.platform.outgoing.targets import Reach, Target, addresses, target

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Retries:
    """How often a request that may be repeated is sent, and the pauses between: exponential with full jitter.

    Source: Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015:
    `random_between(0, min(cap, base * 2 ** attempt))`.

    Attributes
    ----------
    longest_asked
        A `Retry-After` of more than so many seconds is not waited for: the request ends there.
    """

    tries: int = 3
    base: float = 0.25
    cap: float = 4
    longest_asked: float = 5


class Breaker(Protocol):
    """Who knows which hosts are left alone; `Circuits` in production."""

    def enter(self, host: str) -> Circuit: ...

    def leave(self, circuit: Circuit, *, well: bool) -> None: ...


@dataclass(frozen=True)
class Client:
    """Asks other services.

    Attributes
    ----------
    now, monotonic, sleep, chance
        Injected by tests; `chance` yields numbers from 0 to 1.
    """

    breaker: Breaker
    reach: Reach = field(default_factory=Reach)
    limits: Limits = field(default_factory=Limits)
    retries: Retries = field(default_factory=Retries)
    now: Clock = system_clock
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def get(self, url: str, *, accept: str) -> Answer:
        """Fetch one document.

        Parameters
        ----------
        accept
            The one media type that is taken, without parameters.

        Raises
        ------
        OutgoingFailed
            If it did not come, for whatever reason, or the host is left alone for now.
        """
        wanted = target(url, self.reach)
        circuit = self.breaker.enter(wanted.host)
        try:
            answer = self._with_retries(wanted, accept)
        except OutgoingFailed as failure:
            if failure.reason not in OURS:
                # A refusal of this one request is no sign of ill health.
                self.breaker.leave(circuit, well=failure.reason is Reason.REFUSED)
            raise
        self.breaker.leave(circuit, well=True)
        return answer

    def _with_retries(self, wanted: Target, accept: str) -> Answer:
        deadline = Deadline(self.monotonic, self.limits.total)
        attempt = 0
        while True:
            try:
                return self._following(wanted, accept, deadline)
            except OutgoingFailed as failure:
                attempt += 1
                pause = self._pause(failure, attempt)
                if pause is None or pause >= deadline.remaining():
                    raise
            self.sleep(pause)

    def _pause(self, failure: OutgoingFailed, attempt: int) -> float | None:
        """Return for how many seconds to wait before the next try, or None if there is to be none."""
        if failure.reason not in PASSING or attempt >= self.retries.tries:
            return None
        jittered = self.chance() * min(self.retries.cap, self.retries.base * (1 << attempt - 1))
        if failure.retry_after is None:
            return jittered
        asked = failure.retry_after.total_seconds()
        # Spread out, too: everybody else was told the same moment.
        return asked + jittered if asked <= self.retries.longest_asked else None

    def _following(self, wanted: Target, accept: str, deadline: Deadline) -> Answer:
        found = addresses(wanted.host, self.reach, seconds=min(self.limits.connect, deadline.left()))
        here = wanted
        for _ in range(self.limits.redirects + 1):
            answer = exchange(here, found, self.reach.port, self.reach.context, accept, self.limits, deadline)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return self._accepted(answer, accept)
            here = self._redirected(here, answer.headers["location"])
        raise OutgoingFailed(Reason.REDIRECTED_TOO_OFTEN)

    def _redirected(self, here: Target, location: str) -> Target:
        try:
            there = target(urljoin(here.url, location), self.reach)
        except (OutgoingFailed, ValueError):
            raise OutgoingFailed(Reason.REDIRECTED_ELSEWHERE) from None
        if there.host != here.host:
            raise OutgoingFailed(Reason.REDIRECTED_ELSEWHERE)
        return there

    def _accepted(self, answer: Answer, accept: str) -> Answer:
        status = answer.status
        if status == 429 or status == 503:
            reason = Reason.RATE_LIMITED if status == 429 else Reason.SERVER_ERROR
            asked = _retry_after(answer.headers.get("retry-after"), self.now())
            raise OutgoingFailed(reason, status=status, retry_after=asked)
        if status >= 500:
            raise OutgoingFailed(Reason.SERVER_ERROR, status=status)
        if status != 200:
            raise OutgoingFailed(Reason.REFUSED, status=status)
        media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != accept:
            raise OutgoingFailed(Reason.ANSWER_OF_ANOTHER_TYPE, status=status)
        return answer


def client() -> Client:
    """Return the client of production."""
    return Client(Circuits(system_clock, random.random))


def _retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read a `Retry-After` (RFC 9110, 10.2.3): seconds or a date; what is neither is not there."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        then = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    aware = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(aware - now, timedelta())
