"""`make dev`: chalice local with reload, against the tables, queues and user pool of a running `make run`.

The quick loop for routes. Schedules, queues and the stream still run the deployed package: `make redeploy`.
"""

import argparse
import os
import sys
from pathlib import Path

from infra.local.place import STAGE, NotRunning, Place, bare_environment
from infra.package import ROOT


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=8001)
    given = parser.parse_args()
    try:
        place = Place.load()
    except NotRunning as error:
        print(error, file=sys.stderr)
        return 1
    print(f"http://127.0.0.1:{given.port}, against the environment at {place.address}", flush=True)
    os.chdir(ROOT)
    # Chalice's reloader starts argv[0] again, so it has to be the script itself.
    chalice = str(Path(sys.executable).with_name("chalice"))
    command = [chalice, "local", "--stage", STAGE, "--host", "127.0.0.1", "--port", str(given.port)]
    # From here on this process is Chalice.
    return os.execve(chalice, command, {**bare_environment(), **place.environment()})  # noqa: S606 - our own command


if __name__ == "__main__":
    sys.exit(main())
