"""`make audit`: checks the trails of credentials in a running environment, as an operator does on AWS."""

import os
import sys

from infra.local.place import NotRunning, Place


def main() -> int:
    """Run `chalicelib.credentials.audit verify` against `make run`; return what it returns."""
    try:
        os.environ.update(Place.load().environment())
    except NotRunning as error:
        print(error, file=sys.stderr)
        return 1
    from chalicelib.credentials import audit

    return audit.main(["verify", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
