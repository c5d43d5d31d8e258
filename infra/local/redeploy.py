"""Packages an edit and deploys it onto the running environment; nothing that is stored there changes."""

import sys
import time

from infra.deploy import DeployFailed
from infra.local.place import STAGE, NotRunning, Place
from infra.local.up import deploy_package, warm_up
from infra.package import PackagingFailed, build


def main() -> int:
    """Run the command line."""
    begun = time.monotonic()

    def say(line: str) -> None:
        print(f"{time.monotonic() - begun:6.1f} s  {line}", flush=True)

    try:
        place = Place.load()
        deploy_package(place, build(STAGE, say), say)
        warm_up(place, say)
    except (NotRunning, PackagingFailed, DeployFailed) as error:
        print(error, file=sys.stderr)
        return 1
    say("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
