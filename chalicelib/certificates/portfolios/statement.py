"""What is signed of a portfolio: whose it is, and the digest of its content. So the function that signs reads nothing
of what is in it."""

from datetime import UTC
from typing import Any

from chalicelib.certificates.addresses import Addresses
from chalicelib.certificates.portfolios.model import STATEMENT, Portfolio


def name_of(portfolio_id: str, addresses: Addresses) -> str:
    """Return the name of a portfolio among all there are."""
    return f"{addresses.issuer}#portfolio-{portfolio_id}"


def statement(portfolio: Portfolio, addresses: Addresses) -> dict[str, Any]:
    """Return the statement that is signed; `signed_at` is set."""
    at = portfolio.signed_at or portfolio.ordered_at
    return {
        "iss": addresses.issuer,
        "jti": name_of(portfolio.id, addresses),
        "nbf": int(at.astimezone(UTC).timestamp()),
        "type": STATEMENT,
        "holder": portfolio.holder_name,
        "digest": f"sha-256:{portfolio.digest}",
        "bytes": portfolio.size,
    }
