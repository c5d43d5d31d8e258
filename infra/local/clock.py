"""Moves the local environment's clock: what the domain takes for now. Tokens, links and TTL keep real time.

python -m infra.local.clock +8d      move to eight days from now
python -m infra.local.clock 0        real time again
"""

import re
import sys
from datetime import timedelta

from infra.local.place import NotRunning, Place

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_AMOUNT = re.compile(r"([+-]?\d{1,6})([dhm])")


def parse(text: str) -> timedelta:
    """Read `+8d`, `-3h`, `90m` or `0`; raises ValueError on anything else."""
    if text == "0":
        return timedelta()
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no offset: write +8d, -3h, 90m or 0")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def main() -> int:
    """Run the command line; the environment of a place may be given (the journey tests do), else `make run`'s is
    taken."""
    import os

    try:
        offset = parse(sys.argv[1] if len(sys.argv) == 2 else "")
        if "AWS_ENDPOINT_URL" not in os.environ:
            os.environ.update(Place.load().environment())
    except (ValueError, NotRunning) as error:
        print(error, file=sys.stderr)
        return 1
    from chalicelib.platform import clock

    clock.set_offset(offset)
    print(f"the domain's clock: {clock.now():%Y-%m-%d %H:%M} UTC")
    return 0


if __name__ == "__main__":
    sys.exit(main())
