"""Everything that the application writes while a block runs: standard output and error, and every logger."""

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

PERSONAL = ("canary", "tremblay", "claire", "amina", "otieno", "sam staff", "@example.org")
"""What scenes and worlds put into personal fields, in lower case."""


@contextmanager
def everything_written(level: int = logging.DEBUG) -> Iterator[io.StringIO]:
    """Collect what goes to standard output, standard error and any logger.

    The application's own logger is turned up to `level`; those of libraries stay as an installation has them.
    """
    sink = io.StringIO()
    ours = logging.getLogger("crossward")
    root = logging.getLogger()
    extra = logging.StreamHandler(sink)
    extra.setFormatter(_Whole())
    handlers = {handler for logger in _loggers() for handler in logger.handlers}
    streams = [one for one in handlers if isinstance(one, logging.StreamHandler) and hasattr(one, "stream")]
    before = [(one, one.stream) for one in streams]
    kept, out, err = ours.level, sys.stdout, sys.stderr
    for one in streams:
        one.stream = sink
    root.addHandler(extra)
    ours.setLevel(level)
    sys.stdout = sys.stderr = sink
    try:
        yield sink
    finally:
        sys.stdout, sys.stderr = out, err
        ours.setLevel(kept)
        root.removeHandler(extra)
        for one, stream in before:
            one.stream = stream


class _Whole(logging.Formatter):
    """Writes all that a record carries, extras and traces too."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{super().format(record)} {record.__dict__!r}"


def _loggers() -> Iterator[logging.Logger]:
    yield logging.getLogger()
    for one in list(logging.root.manager.loggerDict.values()):
        if isinstance(one, logging.Logger):
            yield one


def personal_in(written: str) -> list[str]:
    """Return the lines that hold something personal."""
    return [line[:400] for line in written.splitlines() if any(word in line.lower() for word in PERSONAL)]
