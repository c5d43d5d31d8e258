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
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from chalicelib.credentials import store as credentials
from chalicelib.credentials.model import Claim, Credential, Decision, Kind, RejectReason, Status
from chalicelib.kernel.ids import new_id
from chalicelib.organisations import store as organisations
from chalicelib.organisations.model import Membership, Organisation, Rights, StaffRole
from chalicelib.people import service as people
from chalicelib.people import store as people_store
from chalicelib.people.model import Person, PersonStatus, Profile, Standing
from chalicelib.people.service import ClaimState
from chalicelib.platform import clock, tables
from chalicelib.platform.aws import client
from chalicelib.platform.settings import settings
from chalicelib.programmes import service as programmes
from chalicelib.programmes import store as programmes_store
from chalicelib.programmes.model import Cadence, Joining, Programme, Publish, Side
from infra.local.cohort import generate, profile_of, verified_until
from infra.local.cohort_shapes import Cohort, DemoPerson

Say = Callable[[str], None]
SignIns = dict[str, dict[str, str]]

ORGANISATION = ("Crossward Demo Alliance", "CH")


class Bulk:
    """Commits groups of writes, as many groups as fit in each transaction, a few transactions at a time.

    A group stays whole: a person is there with all their rows, or not at all.
    """

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

    def add(self, *group: tables.Write) -> None:
        """Add writes that belong together."""
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


def seed(cohort: Cohort, now: datetime, say: Say, *, workers: int = 2) -> SignIns:
    """Load the cohort, and return the demo sign-ins with fresh passwords."""
    ids = {person.email: new_id(now - timedelta(days=person.days_here)) for person in cohort}
    with Bulk(now, workers) as bulk:
        house = _House(_organisation(bulk, cohort, ids, now), ids[cohort.sign_ins()["reviewer"].email], {})
        house.programmes.update(_programmes(bulk, house.organisation_id, now))
        for person in cohort:
            bulk.add(*_person(ids[person.email], person, house, now))
        bulk.flush()
        say(f"{len(ids)} people, {bulk.rows} rows")
    return {role: _sign_in(ids[person.email], person) for role, person in cohort.sign_ins().items()}


@dataclass(frozen=True)
class _House:
    """What was made before the people: the organisation, its reviewer, its programmes by short name."""

    organisation_id: str
    reviewer_id: str
    programmes: dict[str, Programme]


def _person(person_id: str, person: DemoPerson, house: _House, now: datetime) -> list[tables.Write]:
    joined = now - timedelta(days=person.days_here)
    profile = replace(
        profile_of(person) if person.profile else Profile(person_id),
        person_id=person_id,
        is_mentor=person.enrolment is not None and person.enrolment.side == "mentor",
    )
    row = Person(
        person_id,
        person.email,
        person.given_name,
        person.family_name,
        person.locale,
        PersonStatus.ACTIVE,
        Standing(verified_until(person)),
        confirmed_at=joined,
        created_at=joined,
    )
    return [
        people_store.put_email(person.email, person_id, ClaimState.CONFIRMED, None, None, joined),
        people_store.put_person(row, joined),
        *people_store.put_profile(profile, None, joined),
        *_enrolments(person, profile, house.programmes, joined),
        *credentials.put_history(person_id, _credentials(person_id, person, house, joined, now), joined),
    ]


def _credentials(
    person_id: str, person: DemoPerson, house: _House, joined: datetime, now: datetime
) -> list[Credential]:
    found = []
    for one in person.credentials:
        decided = min(joined + timedelta(days=2), now)
        decision = None
        if one.state == "rejected" and one.reason is not None:
            decision = Decision(
                house.reviewer_id, decided, reason=RejectReason(one.reason[0]), reason_text=one.reason[1]
            )
        elif one.state != "pending":
            decision = Decision(house.reviewer_id, decided, valid_until=one.expires_on)
        claim = Claim(
            kind=Kind(one.kind),
            authority=one.issuer,
            number=one.number,
            name_on_document=f"{person.given_name} {person.family_name}",
            country=one.country,
            issued_on=one.issued_on,
            expires_on=one.expires_on,
        )
        found.append(
            Credential(
                id=new_id(joined),
                person_id=person_id,
                person_name=f"{person.given_name} {person.family_name}",
                profession=person.profile.get("profession"),
                organisation_id=house.organisation_id,
                claim=claim,
                submitted_at=joined,
                status=_STATUS[one.state],
                decision=decision,
                created_at=joined,
            )
        )
    return found


# Expiry is never stored: it is what verified is called once its last day is over.
_STATUS = {
    "pending": Status.SUBMITTED,
    "verified": Status.VERIFIED,
    "expired": Status.VERIFIED,
    "rejected": Status.REJECTED,
}


def _enrolments(
    person: DemoPerson, profile: Profile, open_to: dict[str, Programme], joined: datetime
) -> list[tables.Write]:
    if person.enrolment is None:
        return []
    side = Side(person.enrolment.side)
    writes: list[tables.Write] = []
    for name in person.enrolment.programmes:
        offered = person.enrolment.capacity if side is Side.MENTOR else None
        more, _ = programmes.enrolment_writes(open_to[name], profile, side, offered, None, joined)
        writes += more
    return writes


def _organisation(bulk: Bulk, cohort: Cohort, ids: dict[str, str], now: datetime) -> str:
    """Add the demo organisation with its coordinator and reviewer, and the installation's admin."""
    organisation = Organisation(new_id(now), *ORGANISATION)
    signs_in = {role: ids[person.email] for role, person in cohort.sign_ins().items()}
    bulk.add(
        organisations.put_organisation(organisation, now),
        organisations.put_rights(Rights(signs_in["admin"], admin=True), now),
    )
    for role in (StaffRole.COORDINATOR, StaffRole.REVIEWER):
        person_id, roles = signs_in[role.value], frozenset({role})
        bulk.add(
            organisations.put_rights(Rights(person_id, roles={organisation.id: roles}), now),
            organisations.put_member(Membership(organisation.id, person_id, roles), now),
        )
    return organisation.id


def _programmes(bulk: Bulk, organisation_id: str, now: datetime) -> dict[str, Programme]:
    """Add the demo programmes, and return them by the short names that the cohort uses."""
    opened = now - timedelta(days=210)  # before the first of the cohort joined
    made = {
        "main": Programme(
            new_id(opened),
            organisation_id,
            "Mentoring across borders",
            "For health professionals and students who look for a mentor in another country. Pairs are proposed "
            "every night.",
            starts_on=opened.date(),
            ends_on=(now + timedelta(days=365)).date(),
            created_at=opened,
        ),
        "newborn": Programme(
            new_id(opened),
            organisation_id,
            "Mothers and newborns",
            "For those who care for mothers and newborns. The coordinator looks at each pair before it is proposed.",
            publish=Publish.REVIEW,
            joining=Joining.INVITATION,
            mentee_led=False,
            proposal_days=14,
            starts_on=opened.date(),
            ends_on=(now + timedelta(days=180)).date(),
            created_at=opened,
        ),
        "open": Programme(
            new_id(opened),
            organisation_id,
            "Open mentoring",
            "Informal and led by mentees: look mentors up and ask one.",
            cadence=Cadence.MANUAL,
            created_at=opened,
        ),
    }
    bulk.add(*(programmes_store.put_programme(one, opened) for one in made.values()))
    return made


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
    if "AWS_ENDPOINT_URL" not in os.environ:
        print(
            "AWS_ENDPOINT_URL is not set: the demo cohort goes into a local emulator only.", file=sys.stderr
        )
        return 2
    begun, now = time.monotonic(), clock.now()
    cohort = generate(now.date())
    if people.find_by_email(cohort.sign_ins()["mentor"].email):
        print("The demo cohort is there already.", file=sys.stderr)
        return 1

    def say(line: str) -> None:
        print(f"{line} ({time.monotonic() - begun:.1f} s)", flush=True)

    sign_ins = seed(cohort, now, say)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(sign_ins, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
