"""Fills a running environment with the demo cohort and writes its sign-ins.

    python -m infra.local.seed --out build/demo.json

Where to is read from the environment, as for the deployed functions. Rows go in by the stores' own writes, many
people a transaction: the cohort's past is set down as it would stand by now, so nothing of it is mailed again.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from chalicelib.kernel.ids import new_id
from chalicelib.people import service as people
from chalicelib.platform import clock, tables
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from infra.local.cohort import generate
from infra.local.cohort_shapes import Cohort, DemoPerson
from infra.local.place import places_file
from infra.local.seed_rooms import Rooms
from infra.local.seed_rows import Rows

Say = Callable[[str], None]
SignIns = dict[str, dict[str, str]]
Places = dict[str, str]


class Bulk:
    """Commits groups of writes, as many groups as fit in each transaction, some transactions at a time."""

    def __init__(self, now: datetime, workers: int) -> None:
        self._now = now
        self._pool = ThreadPoolExecutor(workers)
        self._waiting: list[tables.Write] = []
        self._sent: list[Future[None]] = []
        self.rows = 0

    def __enter__(self) -> Bulk:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.flush()
        self._pool.shutdown(cancel_futures=True)

    def add(self, group: Sequence[tables.Write]) -> None:
        """Add writes that are to be committed together."""
        if len(self._waiting) + len(group) > tables.MAX_WRITES:
            self._send()
        self._waiting += group

    def flush(self) -> None:
        """Send what waits, and return when all is written."""
        self._send()
        for sent in self._sent:
            sent.result()
        self._sent = []

    def _send(self) -> None:
        if self._waiting:
            batch, self._waiting = self._waiting, []
            self.rows += len(batch)
            self._sent.append(self._pool.submit(tables.transact, batch, new_id(self._now)))


def seed(cohort: Cohort, now: datetime, say: Say, *, workers: int = 2) -> tuple[SignIns, Places]:
    """Load the cohort; return the demo sign-ins with fresh passwords, and where what they take part in is."""
    rows = Rows(cohort, now)
    with Bulk(now, workers) as bulk:
        for group in rows.groups():
            bulk.add(group)
        bulk.flush()
        say(f"{len(rows.ids)} people, {bulk.rows} rows")
    places = Rooms(cohort, rows.ids, rows.organisation_id, now).seed()
    say(", ".join(f"{name} {path}" for name, path in places.items()))
    return {
        role: _sign_in(rows.ids[person.email], person) for role, person in cohort.sign_ins().items()
    }, places


def _sign_in(person_id: str, person: DemoPerson) -> dict[str, str]:
    """Give a person a confirmed user in the pool, without the mail that a sign-up sends."""
    pool, password = client("cognito-idp"), secrets.token_urlsafe(12)
    where = {"UserPoolId": settings().user_pool_id, "Username": person_id}
    pool.admin_create_user(
        **where,
        MessageAction="SUPPRESS",
        UserAttributes=[
            {"Name": "email", "Value": person.email},
            {"Name": "email_verified", "Value": "true"},
        ],
    )
    pool.admin_set_user_password(**where, Password=password, Permanent=True)
    return {"email": person.email, "password": password}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", type=Path, required=True, help="where the sign-ins go, as JSON")
    options = parser.parse_args(argv)
    if "AWS_ENDPOINT_URL" not in os.environ or settings().stage != "local":
        print(
            "The demo cohort goes into a local emulator only: STAGE is to be local and AWS_ENDPOINT_URL set.",
            file=sys.stderr,
        )
        return 2
    begun, now = time.monotonic(), clock.now()
    cohort = generate(now.date())
    if people.find_by_email(cohort.sign_ins()["mentor"].email):
        print("The demo cohort is there already.", file=sys.stderr)
        return 1

    def say(line: str) -> None:
        print(f"{line} ({time.monotonic() - begun:.1f} s)", flush=True)

    sign_ins, places = seed(cohort, now, say)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    # Only the one who runs it may read the passwords.
    with os.fdopen(os.open(options.out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(sign_ins, out, indent=1)
        out.write("\n")
    places_file(options.out).write_text(json.dumps(places, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
