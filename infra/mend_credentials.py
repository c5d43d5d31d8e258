"""Writes what credentials from earlier releases lack, with the operator's own rights on the tables.

    python -m infra.mend_credentials --stage prod

Those are the rows by which a credential is found under the number of each wording that came to reviewers, so that they
are told of another person who claims the same. Run it once after a deployment that brings these rows, or one by which
earlier wordings and what was withdrawn claim their numbers, too; and after one that adds authorities to the list, or
reads more spellings of their names: what named one in its own words stands under it from then on. Again, it changes
nothing.
"""

import argparse
import sys

from chalicelib.credentials import number_store, queue_store, revision_store, store
from chalicelib.credentials.errors import CaseMoved
from chalicelib.credentials.moving import repeated
from chalicelib.kernel.clock import system_clock
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.pages import every
from chalicelib.organisations import store as organisations_store
from chalicelib.platform import tables
from chalicelib.platform.settings import work_on

_PIECE = 90  # writes of one transaction, which has a hundred at most


def mend() -> int:
    """Have each credential that claims a number found under it; return how many there are."""
    return sum(
        repeated(lambda one=credential_id: _place(one))  # type: ignore[misc]
        for organisation in every(organisations_store.list_organisations)
        for credential_id in queue_store.all_cases(organisation.id)
    )


def _place(credential_id: str) -> bool:
    credential, now = store.get_credential(credential_id), system_clock()
    if credential is None or credential.submitted_at is None:
        return False
    writes = number_store.put_right(credential, revision_store.wordings_of(credential), now)
    if not writes:
        return False
    # Its owner may give it another number at this moment.
    unmoved = tables.check(
        *store.credential_key(credential_id),
        condition=store.CredentialRow.version == credential.version, conflict=CaseMoved(),
    )  # fmt: skip
    for start in range(0, len(writes), _PIECE):
        tables.transact([*writes[start : start + _PIECE], unmoved], new_id(now))
    return True


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.mend_credentials", description=__doc__)
    parser.add_argument("--stage", help="the stage on AWS; without it, what the environment names")
    options = parser.parse_args(arguments)
    work_on(options.stage)
    print(f"{mend()} credentials are found by their numbers")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
