"""Logs, metrics and traces. No personal data goes in: identifiers, codes and counts only."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(service="crossward")
metrics = Metrics(namespace="Crossward", service="crossward")
tracer = Tracer(service="crossward", auto_patch=False)

F = TypeVar("F", bound=Callable[..., Any])


def count(name: str, value: float = 1) -> None:
    """Add to a metric."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def flush() -> None:
    """Write the metrics gathered in this invocation, if any."""
    if metrics.metric_set:
        metrics.flush_metrics()


def job(name: str) -> Callable[[F], F]:
    """Decorate a schedule, queue, stream or step handler: its log lines carry the job, its failure is logged by
    class only (a message may hold a person's words) and counted, and it is raised on.

    `functools.wraps` keeps the name under which Chalice deploys the handler.
    """

    def decorate(handler: F) -> F:
        @functools.wraps(handler)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            logger.append_keys(job=name)
            try:
                return handler(*args, **kwargs)
            except Exception as error:
                logger.error("job failed", extra={"error": type(error).__name__})  # noqa: TRY400 - the trace holds data
                count("JobFailed")
                raise
            finally:
                flush()

        return wrapped  # type: ignore[return-value]

    return decorate
