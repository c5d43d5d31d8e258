"""Whole examples of requests and answers; `platform/web/openapi.py` says how the API's description takes them."""

from typing import Any

from chalicelib.people.examples import AMINA_PERSON

_EMAIL = AMINA_PERSON["email"]
_PASSWORD = "a long sentence is best"  # noqa: S105 - an example
_TOKEN = "eyJraWQiOiJleGFtcGxlIiwiYWxnIjoiUlMyNTYifQ.eyJ0b2tlbl91c2UiOiJhY2Nlc3MifQ.c2lnbmF0dXJl"  # noqa: S105
_ID_TOKEN = "eyJraWQiOiJleGFtcGxlIiwiYWxnIjoiUlMyNTYifQ.eyJ0b2tlbl91c2UiOiJpZCJ9.c2lnbmF0dXJl"  # noqa: S105
_REFRESH = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIn0.a2V5.aXY.dGV4dA.dGFn"

PARAMETERS: dict[str, Any] = {}
BODIES: dict[str, Any] = {
    "sign_up": {
        "email": _EMAIL,
        "password": _PASSWORD,
        "given_name": AMINA_PERSON["given_name"],
        "family_name": AMINA_PERSON["family_name"],
        "locale": AMINA_PERSON["locale"],
    },
    "confirm": {"email": _EMAIL, "code": "482913", "password": _PASSWORD},
    "sign_in": {"email": _EMAIL, "password": _PASSWORD},
    "refresh": {"refresh_token": _REFRESH},
    "forgot_password": {"email": _EMAIL},
    "reset_password": {"email": _EMAIL, "code": "730264", "new_password": "another long sentence is fine"},
}
_TOKENS: dict[str, Any] = {
    "access_token": _TOKEN,
    "id_token": _ID_TOKEN,
    "expires_in": 3600,
    "refresh_token": _REFRESH,
    "token_type": "Bearer",
}
ANSWERS: dict[str, Any] = {
    "sign_up": {"message": "We have sent a mail to this address. Confirm with the code in it."},
    "confirm": {"message": "Your address is confirmed. Sign in."},
    "sign_in": _TOKENS,
    "refresh": {**_TOKENS, "refresh_token": None},
    "forgot_password": {"message": "If this address has an account, a code is on its way."},
    "reset_password": {"message": "The new password is set. Sign in."},
}
REFUSALS: dict[str, str] = {}
