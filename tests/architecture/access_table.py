"""The table of who may call what, made from the declared routes and the scenes.

python -m tests.architecture.access_table docs/access.md [--check]
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chalicelib.platform.web.endpoint import ENDPOINTS, Endpoint, Who

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_HEAD = """# Who may do what

Every route, and who may call it. This file is generated (`python -m tests.architecture.access_table
docs/access.md`); a test fails when it differs from the routes, when a route is missing, and when a route lets
somebody through whom this table does not name.

- **anyone** needs no token. Every other route refuses a request without one (401), and one whose token is forged,
  expired, from another issuer or client, an ID token, or unsigned (403).
- **a person, for themselves** is anybody who signed in, about what is theirs. Another person's row looks like a
  missing one (404).
- **a coordinator**, **a reviewer of the organisation** is read from the memberships at each request. Staff of other
  organisations and everybody else get 404, the organisation's staff in another role 403. Admins may do all of it.
- **a reviewer of the organisation** gets 403 for each case (`/v1/admin/credentials/{credential_id}…`) that is their own
  or of somebody with whom they have or had a mentorship, and does not find it in their lists; nor do admins.
- **an admin of the installation**: everybody else gets 403.
- To an admin who raised a safety concern, whom it is about, or who has or had a mentorship with one of the two, it
  looks like a missing one (`/v1/admin/concerns/{concern_id}…`), and their lists do not have it.

| Route | Who | What it does |
|---|---|---|
"""


def ordered() -> list[Endpoint]:
    """Return the declared routes as the table lists them."""
    return [ENDPOINTS[key] for key in sorted(ENDPOINTS, key=lambda key: (key[1], _METHODS.index(key[0])))]


def text() -> str:
    """Return the whole document."""
    return _HEAD + "".join(
        f"| `{one.method} {one.path}` | {one.who if one.who is not Who.ANYONE else '**anyone**'} | {one.summary} |\n"
        for one in ordered()
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Write the document, or with `--check` fail if the file is another."""
    parser = argparse.ArgumentParser(prog="python -m tests.architecture.access_table")
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(argv)
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")
    importlib.import_module("app")
    if not options.check:
        options.file.write_text(text(), encoding="utf-8")
        return 0
    return 0 if options.file.exists() and options.file.read_text(encoding="utf-8") == text() else 1


if __name__ == "__main__":
    sys.exit(main())
