"""What the user pool asks before it takes somebody in."""

from typing import Any

from chalice import Blueprint

from chalicelib.platform.observability import count, job

blueprint = Blueprint(__name__)


@blueprint.lambda_function(name="pre_sign_up")
@job("pre_sign_up")
def pre_sign_up(event: Any, _context: Any) -> Any:
    """Let the pool take a sign-up that came by the API, and no other: its own API is open to whoever knows the client.

    It waits for the answer, five seconds long; a failure is its no. Shape:
    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html, read 2026-11-22.
    """
    from chalicelib.accounts import service

    if event["triggerSource"] != "PreSignUp_AdminCreateUser":  # an operator's, with rights of their own
        service.require_claimed(event["userName"], event["request"]["userAttributes"].get("email", ""))
        count("SignUpTaken")
    return event
