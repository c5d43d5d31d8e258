"""Children that cannot outlive us: each is told by its standard input, which closes however we end."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

GRACE_SECONDS = 5


class Child:
    """A process in a group of its own, with all that it starts.

    The child's side of the bargain: end when standard input does (`emulator.py` and `end_with_starter` do).
    """

    def __init__(
        self, command: list[str], environment: dict[str, str], log: Path, cwd: Path | None = None
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log
        self._written: IO[bytes] = open(log, "ab")  # noqa: SIM115 - lives as long as the child
        self.process = subprocess.Popen(
            command, env=environment, cwd=cwd, stdin=subprocess.PIPE, stdout=self._written,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def last_words(self, lines: int = 12) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def stop(self) -> None:
        """End it and everything it started: asked first, then made to."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while self.running and time.monotonic() < deadline:
            time.sleep(0.05)
        # The leader may be gone while its children are not.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        self._written.close()


def end_with_parent(end: Callable[[], None]) -> None:
    """Call `end` once the process that started us (make, say) is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        end()

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()
