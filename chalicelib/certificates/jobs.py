"""Certificates are signed.

The work is imported when there is some: every function of the service imports this module, most for other reasons.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.kernel.call import job_call
from chalicelib.platform import clock
from chalicelib.platform.jobs import by_message
from chalicelib.platform.observability import count, job

blueprint = Blueprint(__name__)

QUEUE = "certificates"  # the overlay puts the queue's own ARN in its place


@blueprint.on_sqs_message(queue=QUEUE, batch_size=10, name="sign_certificates")
@job("sign_certificates")
def sign_certificates(event: Any) -> dict[str, Any]:
    """Sign certificates, status lists and portfolios; a message that fails comes back alone."""
    from chalicelib.certificates import signing
    from chalicelib.certificates.portfolios.service import SIGN as SIGN_PORTFOLIO
    from chalicelib.certificates.service import SIGN

    counted = {SIGN: "CertificatesSigned", SIGN_PORTFOLIO: "PortfoliosSigned"}

    def sign(message_id: str) -> None:
        kind = signing.work(job_call("sign_certificates", clock.now()), message_id)
        if kind is not None:
            count(counted.get(kind, "StatusListsSigned"))

    return by_message(event, sign, failed="signing failed", metric="SigningFailed")
