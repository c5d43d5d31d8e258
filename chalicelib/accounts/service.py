"""Sign-up to sign-out, for clients without an AWS SDK."""

from contextlib import suppress

from chalicelib.accounts.model import CodeRefused, RefreshRefused, SignInRefused
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Conflict, Invalid, StaleVersion
from chalicelib.people import service as people
from chalicelib.people.service import ClaimState, SignUp
from chalicelib.platform import identity, outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.identity import IdentityRefused, Tokens, UserExists
from chalicelib.platform.outbox import Topic


def sign_up(call: Call, sign_up_: SignUp, password: str) -> None:
    """Claim an address and have a code mailed to it.

    The answer is the same for an address that has an account: its holder gets a mail that says so. A sign-up that
    was never confirmed makes way for a newer one, password and all.
    """
    found = people.find_by_email(sign_up_.email)
    if found is not None and found[1] is ClaimState.CONFIRMED:
        # One mail a day at most, whoever keeps trying.
        notice = f"account-exists:{found[0]}:{call.now:%Y-%m-%d}"
        with suppress(outbox.WrittenBefore):
            payload = {"recipient": found[0]}
            commit(call, [outbox.message(notice, Topic.MAIL, "account-exists", payload, now=call.now)], None)
        return
    person_id = found[0] if found else call.new_id()
    commit(call, [people.claim_email(person_id, sign_up_, call.now)], None)
    try:
        _register(person_id, sign_up_.email, password)
    except IdentityRefused as error:
        raise Invalid.field(
            "/password", "This password is not accepted. Use a longer one of plain letters."
        ) from error


def _register(person_id: str, email: str, password: str) -> None:
    try:
        identity.sign_up(person_id, email, password)
    except UserExists:
        if not identity.is_confirmed(person_id):
            identity.remove(person_id)
            identity.sign_up(person_id, email, password)


def confirm(call: Call, email: str, code: str) -> None:
    """Confirm an address by its code: an invited person becomes themselves, a new one comes to be.

    Raises
    ------
    CodeRefused
        Also for an address that nobody has signed up with.
    """
    found = people.find_by_email(email)
    if found is None or found[1] is ClaimState.CONFIRMED:
        raise CodeRefused
    person_id = found[0]
    try:
        identity.confirm(person_id, code)
    except IdentityRefused as error:
        raise CodeRefused from error
    try:
        commit(call, people.activate(email, call.now), None)
    except (Conflict, StaleVersion):
        # A roster invited or corrected this person in between; the code is used up, so try with what is there now.
        commit(call, people.activate(email, call.now), None)


def sign_in(call: Call, email: str, password: str) -> Tokens:
    """Exchange address and password for tokens.

    Raises
    ------
    SignInRefused
        Whatever the cause.
    """
    found = people.find_by_email(email)
    # An unknown address asks the pool too, so that the time taken tells nothing.
    person_id = found[0] if found else call.new_id()
    try:
        tokens = identity.sign_in(person_id, password)
    except IdentityRefused as error:
        raise SignInRefused from error
    if found is not None and found[1] is not ClaimState.CONFIRMED:
        # The pool confirmed the address and we stopped before writing it down.
        commit(call, people.activate(email, call.now), None)
    return tokens


def refresh(refresh_token: str) -> Tokens:
    """Exchange a refresh token for new tokens; raises `RefreshRefused`."""
    try:
        return identity.refresh(refresh_token)
    except IdentityRefused as error:
        raise RefreshRefused from error


def sign_out(call: Call) -> None:
    """Make the actor's refresh tokens worthless, on all devices."""
    try:
        identity.sign_out_everywhere(call.actor_id)
    except IdentityRefused as error:
        raise RefreshRefused from error


def forgot_password(email: str) -> None:
    """Have a code mailed, if the address has an account; the answer does not tell."""
    found = people.find_by_email(email)
    if found is None or found[1] is not ClaimState.CONFIRMED:
        return
    try:
        identity.forgot_password(found[0])
    except IdentityRefused:
        return


def reset_password(email: str, code: str, password: str) -> None:
    """Set a new password by a mailed code; raises `CodeRefused`."""
    found = people.find_by_email(email)
    if found is None:
        raise CodeRefused
    try:
        identity.reset_password(found[0], code, password)
    except IdentityRefused as error:
        raise CodeRefused from error
