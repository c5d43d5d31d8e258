"""The deployed package on the emulator, as journey tests handle it."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from infra.local import front, tick
from infra.local.place import Place, bare_environment
from infra.package import ROOT

T = TypeVar("T")

PATIENCE = 180.0
"""How long something that will come is waited for: a bound against hanging, not a promise of speed. Each first call of
a function starts a worker, and a machine may be busy."""

Mail = dict[str, Any]


@dataclass(frozen=True)
class Deployed:
    """A running environment with the package deployed onto it.

    Attributes
    ----------
    place
        Its addresses and names.
    """

    place: Place

    @property
    def url(self) -> str:
        """The address that clients use, without a slash at its end."""
        return self.place.address

    def mails(self, to: str) -> list[Mail]:
        """Return the mails that went out to an address, newest first (see `infra.local.front.read_mails`)."""
        return [mail for mail in self.all_mails() if to in mail["to"]]

    def all_mails(self) -> list[Mail]:
        """Return all mails that went out, newest first."""
        return front.read_mails(self.place)

    def wait_for_mail(
        self, to: str, accept: Callable[[Mail], bool] = lambda mail: True, seconds: float = PATIENCE
    ) -> Mail:
        """Return the newest mail to an address that `accept` takes, once it is there."""
        return self.wait_for(lambda: next((mail for mail in self.mails(to) if accept(mail)), None), seconds)

    def wait_for(self, look: Callable[[], T | None], seconds: float = PATIENCE) -> T:
        """Return the first value of `look` that is not None.

        Raises
        ------
        AssertionError
            If none comes in time.
        """
        deadline = time.monotonic() + seconds
        while (found := look()) is None:
            assert time.monotonic() < deadline, f"nothing within {seconds:.0f} s"
            time.sleep(0.1)
        return found

    def tick(self, job: str) -> None:
        """Fire a schedule by its rule's own target, and wait until the queues are empty again."""
        tick.fire(self.place, job)
        tick.settle(self.place)

    def fire(self, job: str) -> None:
        """Fire a schedule as `tick` does, and leave alone what else has come due."""
        tick.fire(self.place, job)

    def settle(self) -> None:
        """Wait until the queues are empty."""
        tick.settle(self.place)

    def move_clock(self, offset: timedelta) -> None:
        """Move what the domain takes for now to `offset` from real time."""
        self.run("infra.local.clock", f"{int(offset.total_seconds() // 60):+d}m")

    def seed(self, out: Path) -> dict[str, dict[str, str]]:
        """Load the demo cohort; return the sign-ins, `{"mentor": {"email": …, "password": …}, …}`."""
        self.run("infra.local.seed", "--out", str(out))
        sign_ins: dict[str, dict[str, str]] = json.loads(out.read_text())
        return sign_ins

    def run(self, module: str, *arguments: str) -> str:
        """Run a module of this checkout with the environment that the functions have; return what it printed."""
        command = [sys.executable, "-m", module, *arguments]
        environment = {**bare_environment(), **self.place.environment()}
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        assert ran.returncode == 0, f"{module} {' '.join(arguments)}\n{ran.stdout}{ran.stderr}"
        return ran.stdout

    def warm(self, width: int) -> None:
        """Have workers for `width` requests at once, so that a test of width measures no cold starts.

        A cold worker takes the better part of a second of one processor.
        """
        with ThreadPoolExecutor(width) as pool:
            for path in ("/health", "/v1/me"):
                list(pool.map(self._answered, [path] * width))

    def _answered(self, path: str) -> None:
        bogus = {"Authorization": "Bearer warm.up.call"}
        request = urllib.request.Request(f"{self.place.api}{path}", headers=bogus)  # noqa: S310 - ours
        with suppress(urllib.error.HTTPError):
            urllib.request.urlopen(request, timeout=300).close()  # noqa: S310 - ours

    def client(self, service: str) -> Any:
        """Return a boto3 client of the emulator, with its root's rights."""
        return self.place.target.client(service)

    def log_lines(self) -> list[str]:
        """Return what the functions have logged so far, oldest first."""
        pages = (
            self.client("logs").get_paginator("filter_log_events").paginate(logGroupName="/crossward/local")
        )
        return [event["message"] for page in pages for event in page["events"]]

    def denials(self) -> list[str]:
        """Return what the functions' own policies refused them: a permission that a policy file lacks."""
        lines = Path(self.place.state, "emulator.log").read_text(errors="replace").splitlines()
        # A function's session bears its name; a role that a test has taken on bears another.
        names = tuple(f"/{name}" for name in self.place.functions.values())
        return [line for line in lines if line.startswith("DENIED") and line.endswith(names)]

    def open(self, path: str) -> bytes:
        """GET a page of the front that is not the API's."""
        with urllib.request.urlopen(f"{self.url}{path}", timeout=30) as answer:  # noqa: S310 - our own front
            content: bytes = answer.read()
            return content


def own_state_directory() -> Path:
    """Return a directory for one run's state below build/, where its logs are found after a failure."""
    directory = ROOT / "build" / "journeys" / str(os.getpid())
    directory.mkdir(parents=True, exist_ok=True)
    return directory
