"""The private key that certificates are signed with: made once a stage, replaced when it is to be.

    python -m infra.certificate_keys rotate --stage prod

It is kept encrypted in Parameter Store, which keeps earlier ones as versions; docs/adr/0031-certificates.md says who
may read it. The public part is published with the first certificate that a key signs, and stays.
"""

import argparse
import sys
from typing import Any

import boto3

from chalicelib.certificates.jws import SigningKey, new_key
from chalicelib.platform.secrets import SIGNING_KEY, parameter


def ensure(ssm: Any, stage: str) -> bool:
    """Make a stage's first key; return False if it has one."""
    try:
        _put(ssm, stage, new_key(), replace=False)
    except ssm.exceptions.ParameterAlreadyExists:
        return False
    return True


def rotate(ssm: Any, stage: str) -> str:
    """Have a stage sign with a new key from the next certificate on; return its id."""
    key = new_key()
    _put(ssm, stage, key, replace=True)
    return key.id


def _put(ssm: Any, stage: str, key: SigningKey, *, replace: bool) -> None:
    ssm.put_parameter(
        Name=parameter(stage, SIGNING_KEY),
        Description="Signs certificates; read by sign_certificates alone",
        Type="SecureString",
        Value=key.to_secret(),
        Overwrite=replace,
    )


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    rotating = commands.add_parser("rotate", help="sign with a new key from now on")
    rotating.add_argument("--stage", required=True)
    given = parser.parse_args()
    key_id = rotate(boto3.client("ssm"), given.stage)
    print(f"certificates are signed with {key_id} from now on; what earlier keys signed stays valid")
    return 0


if __name__ == "__main__":
    sys.exit(main())
