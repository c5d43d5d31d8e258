"""Sign-up to sign-out, for clients without an AWS SDK.

A code proves that somebody reads the mailbox, not that the password beside it is theirs: anybody may sign up with
anybody's address. So a password from a sign-up counts only where that was the only one; docs/adr/0009 tells the rest.
"""

from contextlib import suppress

from chalicelib.accounts.errors import CodeRefused, NotClaimed, PasswordNotKept, RefreshRefused, SignInRefused
from chalicelib.kernel.call import Call
from chalicelib.kernel.errors import Conflict, Invalid, StaleVersion, TooMany, Unavailable
from chalicelib.people import service as people
from chalicelib.people.model import Claim
from chalicelib.people.service import SignUp
from chalicelib.platform import identity, outbox
from chalicelib.platform.commit import commit
from chalicelib.platform.identity import IdentityRefused, Tokens, TriesSpent, UserExists
from chalicelib.platform.outbox import Topic

CLAIM_TRIES = 5


def sign_up(call: Call, sign_up_: SignUp, password: str) -> None:
    """Claim an address and have a code mailed to it.

    The answer is the same for an address that has an account: its holder gets a mail that says so. Each sign-up is
    counted before the pool hears of it, so that none that got so far as to a password goes uncounted.
    """
    claim = _count(call, sign_up_)
    if claim.is_confirmed:
        _tell_holder(call, claim.person_id)
        return
    try:
        _register(call, claim, sign_up_, password)
    except TriesSpent as error:
        raise TooMany("Too many sign-ups for now. Try again later.") from error
    except IdentityRefused as error:
        raise Invalid.field(
            "/password", "This password is not accepted. Use a longer one of plain letters."
        ) from error


def _count(call: Call, sign_up_: SignUp) -> Claim:
    """Count a sign-up on the claim on its address and return the claim; one that is confirmed stays as it is.

    Raises
    ------
    Unavailable
        If others keep signing up with the address at this very moment.
    """
    for _ in range(CLAIM_TRIES):
        claim = people.find_claim(sign_up_.email)
        if claim is not None and claim.is_confirmed:
            return claim
        with suppress(Conflict):
            counted, write = people.claim_email(call.new_id(), sign_up_, claim, call.now)
            return commit(call, [write], counted)
    raise Unavailable("Others are signing up with this address. Send the request again.")


def require_claimed(person_id: str, email: str) -> None:
    """Refuse a user of the pool whose address does not wait to be theirs.

    Raises
    ------
    NotClaimed
        Also where the address has been confirmed.
    """
    claim = people.find_claim(email)
    if claim is None or claim.is_confirmed or claim.person_id != person_id or not claim.sign_ups:
        raise NotClaimed


def _tell_holder(call: Call, person_id: str) -> None:
    # One mail a day at most, whoever keeps trying.
    notice = f"account-exists:{person_id}:{call.now:%Y-%m-%d}"
    with suppress(outbox.WrittenBefore):
        payload = {"recipient": person_id}
        commit(call, [outbox.message(notice, Topic.MAIL, "account-exists", payload, now=call.now)], None)


def _register(call: Call, claim: Claim, sign_up_: SignUp, password: str) -> None:
    """Have the pool know the person and mail a code.

    The pool's user is never replaced, so that a confirmation at the same moment finds who it confirms; its password
    is dealt with then.
    """
    person_id, locale = claim.person_id, sign_up_.locale
    given = identity.unknown_password() if claim.is_contested else password
    try:
        identity.sign_up(person_id, sign_up_.email, given, locale)
        return
    except UserExists:
        if not claim.is_contested:
            # Who made that user did not come by here: it counts as a sign-up all the same.
            _count(call, sign_up_)
    try:
        identity.resend_code(person_id, locale)
    except TriesSpent:
        return  # the code mailed before still holds
    except IdentityRefused:
        # A confirmation was cut short behind the pool's part of it: a new password is the way on.
        with suppress(IdentityRefused):
            identity.forgot_password(person_id, locale)


def confirm(call: Call, email: str, code: str, password: str | None) -> None:
    """Confirm an address by its code: an invited person becomes themselves, a new one comes to be.

    Parameters
    ----------
    password
        Becomes the person's password; None keeps that of the sign-up, if there was but one.

    Raises
    ------
    CodeRefused
        Also for an address that nobody has signed up with.
    PasswordNotKept
        If the address was signed up with more than once and no password came with the code. It is confirmed.
    """
    claim = people.find_claim(email)
    is_open = claim is not None and not claim.is_confirmed
    # Where nothing is to be confirmed the pool is asked too, so that the time taken tells nothing.
    try:
        identity.confirm(claim.person_id if claim and is_open else call.new_id(), code)
    except IdentityRefused as error:
        raise CodeRefused from error
    if claim is None or not is_open:
        raise CodeRefused
    if not _take_in(call, email, claim, password):
        raise PasswordNotKept


def _take_in(call: Call, email: str, claim: Claim, password: str | None) -> bool:
    """Make the reader of the mailbox who the claim is about; return whether they have a password that they know.

    The password is set first: cut short in between, the claim stays open, and while it is contested nobody signs in.
    """
    for _ in range(CLAIM_TRIES):
        known = password if password or not claim.is_contested else identity.unknown_password()
        if known:
            identity.set_password(claim.person_id, known)
        if claim.is_contested:
            identity.sign_out_everywhere(claim.person_id)
        try:
            commit(call, people.activate(email, claim, call.now), None)
        except (Conflict, StaleVersion):
            # Somebody signed up, or a roster invited or corrected this person, in between. The code is used up.
            claim = people.find_claim(email) or claim
        else:
            return bool(password) or not claim.is_contested
    raise Unavailable("Others are signing up with this address. Ask for a new password.")


def sign_in(call: Call, email: str, password: str) -> Tokens:
    """Exchange address and password for tokens.

    Raises
    ------
    SignInRefused
        Whatever the cause.
    """
    claim = people.find_claim(email)
    # An unknown address asks the pool too, so that the time taken tells nothing.
    person_id = claim.person_id if claim else call.new_id()
    try:
        tokens = identity.sign_in(person_id, password)
    except IdentityRefused as error:
        raise SignInRefused from error
    if claim is not None and not claim.is_confirmed:
        # The pool confirmed the address and we stopped before writing it down; of several, whose password is it?
        if claim.sign_ups != 1:
            raise SignInRefused
        commit(call, people.activate(email, claim, call.now), None)
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
    claim = people.find_claim(email)
    if claim is None or not (claim.is_confirmed or _was_cut_short(claim)):
        return
    person = people.get_person(claim.person_id)
    locale = person.locale if person else (claim.pending or {}).get("locale", "")
    with suppress(IdentityRefused, Unavailable):
        identity.forgot_password(claim.person_id, locale)


def _was_cut_short(claim: Claim) -> bool:
    """Tell whether the pool confirmed an address and we stopped before writing it down."""
    return claim.sign_ups > 0 and identity.is_confirmed(claim.person_id) is True


def reset_password(call: Call, email: str, code: str, password: str) -> None:
    """Set a new password by a mailed code, and end all sessions; raises `CodeRefused`."""
    claim = people.find_claim(email)
    try:
        identity.reset_password(claim.person_id if claim else call.new_id(), code, password)
    except IdentityRefused as error:
        raise CodeRefused from error
    if claim is None:
        raise CodeRefused
    identity.sign_out_everywhere(claim.person_id)
    if not claim.is_confirmed:
        # The mailbox has been read, and the password is its reader's, whoever signed up.
        commit(call, people.activate(email, claim, call.now), None)
