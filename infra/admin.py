"""Makes a person the installation's first admin, with the operator's own rights on the tables.

    python -m infra.admin amina@example.org --stage prod

Later admins are made by an admin, over the API. Admins from before there was a list of them, to whom safety concerns
go, are put on it by making them admins again, here or over the API; it changes nothing else.
"""

import argparse
import sys
from dataclasses import replace

from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from chalicelib.organisations import store
from chalicelib.people import service as people
from chalicelib.platform import tables
from chalicelib.platform.settings import work_on


def make_admin(email: str) -> str:
    """Give the admin's right to who holds an address; return the person's id.

    Raises
    ------
    LookupError
        If nobody has confirmed the address.
    """
    found = people.find_by_email(email)
    if found is None or found[1] is not people.ClaimState.CONFIRMED:
        raise LookupError("Nobody has confirmed this address: sign up with it first.")
    now = system_clock()
    rights = replace(store.get_rights(found[0]), admin=True)
    audit = tables.audit(
        "organisations", "ORGANISATION#installation#AUDIT", row_id=new_id(now), at=now, actor="job:operator",
        action="set_admin", after=f"{found[0]}:True",
    )  # fmt: skip
    listed = store.list_admin(found[0], now, admin=True)
    tables.transact([store.put_rights(rights, now), listed, audit], new_id(now))
    return found[0]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.admin", description=__doc__)
    parser.add_argument("email", help="the address that the person has signed up with and confirmed")
    parser.add_argument("--stage", help="the stage on AWS; without it, what the environment names")
    options = parser.parse_args(arguments)
    work_on(options.stage)
    try:
        person_id = make_admin(options.email)
    except LookupError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{person_id} is an admin from the next request on")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
