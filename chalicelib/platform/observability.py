"""Logs, metrics and traces. No personal data goes in: identifiers, codes and counts only."""

import functools
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.kernel.errors import DomainError

logger = Logger(service="crossward")
metrics = Metrics(namespace="Crossward", service="crossward")

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


def count(name: str, value: float = 1) -> None:
    """Add to a metric."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def flush() -> None:
    """Write the metrics gathered in this invocation, if any."""
    if metrics.metric_set:
        metrics.flush_metrics()


@cache
def _tracer() -> Any:
    # Made on first use: the tracing library is the heaviest import of all. It names tables and operations, no keys.
    from aws_lambda_powertools import Tracer

    return Tracer(service="crossward", patch_modules=["botocore"])


@contextmanager
def traced(name: str) -> Iterator[None]:
    """Show what runs inside as a subsegment of the invocation's trace, where there is one."""
    is_traced = "_X_AMZN_TRACE_ID" in os.environ and os.environ.get("POWERTOOLS_TRACE_DISABLED") != "true"
    if not is_traced:
        yield
        return
    with _tracer().provider.in_subsegment(name):
        yield


@contextmanager
def measured(what: str, **more: Any) -> Iterator[None]:
    """Log what the code inside took, if it comes to its end: seconds, the processor's seconds, and the most memory that
    this process has had so far (MB; 0 where the system does not say, as outside of Linux)."""
    begun, worked = time.perf_counter(), time.process_time()
    yield
    took = {"seconds": time.perf_counter() - begun, "processor_seconds": time.process_time() - worked}
    rounded = {name: round(one, 3) for name, one in took.items()}
    logger.info(what, extra={**more, **rounded, "megabytes": _peak_megabytes()})


def _peak_megabytes() -> int:
    # getrusage would tell of the process that started this one as well.
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((round(int(line.split()[1]) / 1024) for line in lines if line.startswith("VmHWM:")), 0)


def act_on_each(
    items: Iterable[T], act: Callable[[T], object], failed: str, tell: Callable[[T], dict[str, str]]
) -> tuple[int, int]:
    """Act on each of some items; one that is refused is logged, and keeps no other from its turn.

    Parameters
    ----------
    failed, tell
        What is logged of one that is refused: a sentence, and by which identifiers it is known.

    Returns
    -------
    tuple of int
        How many acts came to something, and how many were refused.
    """
    done = refused = 0
    for one in items:
        try:
            done += bool(act(one))
        except DomainError as error:
            refused += 1
            logger.error(failed, extra={**tell(one), "code": error.code})  # noqa: TRY400 - the trace holds data
    return done, refused


class JobFailed(Exception):
    """A handler failed; the message is the class of what it raised, and nothing else of it."""


class Over(Exception):
    """Of a step that has nothing left to do: no failure, and whoever asked for it knows it by the name of its class."""


def job(name: str) -> Callable[[F], F]:
    """Decorate a schedule, queue, stream or step handler: its log lines carry the job, its failure is logged by
    class only (a message may hold a person's words) and counted, and `JobFailed` is raised. What is `Over` is no
    failure, and is passed on.

    `functools.wraps` keeps the name under which Chalice deploys the handler.
    """

    def decorate(handler: F) -> F:
        @functools.wraps(handler)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            logger.append_keys(job=name)
            try:
                with traced(name):
                    return handler(*args, **kwargs)
            except Over:
                raise
            except Exception as error:  # noqa: BLE001 - counted, told by class, raised
                logger.error("job failed", extra={"error": type(error).__name__})  # noqa: TRY400 - the trace holds data
                count("JobFailed")
                # The runtime logs what is raised, message and all: this one has none.
                raise JobFailed(type(error).__name__) from None
            finally:
                flush()

        return wrapped  # type: ignore[return-value]

    return decorate
