"""The one authorizer: the same code locally and deployed."""

from chalice import AuthResponse, Blueprint
from chalice.app import AuthRequest

from chalicelib.platform.observability import logger
from chalicelib.platform.tokens import InvalidToken, verify_access_token

blueprint = Blueprint(__name__)


@blueprint.authorizer(ttl_seconds=300, name="authorizer")
def authorizer(request: AuthRequest) -> AuthResponse:
    """Let a valid access token through to every route; what its person may do is decided where it is used.

    The answer is cached by token for five minutes, so it must not depend on the route.
    """
    scheme, _, token = request.token.partition(" ")
    try:
        if scheme.lower() != "bearer" or not token:
            raise InvalidToken("not a bearer token")
        access = verify_access_token(token.strip())
    except InvalidToken as error:
        logger.info("token refused", extra={"reason": str(error)})
        return AuthResponse(routes=[], principal_id="nobody")
    return AuthResponse(routes=["*"], principal_id=access.person_id, context={"person_id": access.person_id})
