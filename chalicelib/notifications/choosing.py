"""A person's choices of their mails, made by themselves or by the link in a mail."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.kernel.call import Call, require_version, written
from chalicelib.kernel.errors import Invalid, NotFound, StaleVersion, Unavailable
from chalicelib.notifications import preference_store, stop_store, store
from chalicelib.notifications.model import Kind
from chalicelib.notifications.preferences import Frequency, Preferences, QuietHours, choices
from chalicelib.people import service as people
from chalicelib.people.model import MailStop, Person, Profile
from chalicelib.platform import sealing, tables
from chalicelib.platform.commit import commit
from chalicelib.platform.settings import settings
from chalicelib.platform.tokens import is_safe

_PURPOSE = "unsubscribe"
_TRIES = 5


@dataclass(frozen=True)
class SeenPreferences:
    """A person's choices as they read them: in their language, on their clock (None: in UTC); and whether mail to their
    address is stopped, with the instant from which they may have us try again."""

    preferences: Preferences
    locale: str
    time_zone: str | None
    stop: MailStop | None = None
    may_try_at: datetime | None = None

    @property
    def version(self) -> int:
        """0 before anything has been chosen."""
        return self.preferences.version or 0


def my_preferences(call: Call) -> SeenPreferences:
    """Return the actor's own choices, and whether mail to them is stopped."""
    person, seen = own_preferences(call)
    if person.mail_stop is None:
        return seen
    stop = stop_store.get(person.email)
    return replace(seen, stop=person.mail_stop, may_try_at=stop.may_try_at if stop else call.now)


def own_preferences(call: Call) -> tuple[Person, SeenPreferences]:
    """Return the actor and their choices, without what else `my_preferences` looks up: one round trip."""
    person_row, profile, chosen = tables.get_many(
        [
            people.person_key(call.actor_id), people.profile_key(call.actor_id),
            preference_store.key(call.actor_id),
        ]
    )  # fmt: skip
    if person_row is None:
        raise NotFound
    person = people.person_of(person_row)
    zone = (people.profile_of(profile) if profile else Profile(call.actor_id)).time_zone
    found = preference_store.preferences_of(call.actor_id, chosen)
    return person, SeenPreferences(found, person.locale, zone)


def choose(call: Call, frequencies: Mapping[Kind, Frequency], quiet: QuietHours | None) -> SeenPreferences:
    """Set all of the actor's own choices; a kind that is not named is sent at once.

    Raises
    ------
    Invalid
        If the catalogue leaves no such choice for a kind.
    """
    for index, (kind, chosen) in enumerate(frequencies.items()):
        if chosen not in choices(kind):
            allowed = " or ".join(choices(kind))
            raise Invalid.field(f"/kinds/{index}/frequency", f"For {kind} this can only be {allowed}.")
    seen = my_preferences(call)
    require_version(call, seen.version)
    kept = {kind: chosen for kind, chosen in frequencies.items() if chosen is not Frequency.AT_ONCE}
    changed = replace(seen.preferences, frequencies=kept, quiet=quiet)
    told = ",".join(f"{kind}={word}" for kind, word in sorted(kept.items()))
    writes = [
        preference_store.put(changed, call.now),
        preference_store.audit(call.actor_id, call.actor_id, "choose_mails", told, call.now),
    ]
    return commit(call, writes, replace(seen, preferences=written(changed)))


def unsubscribe_link(person_id: str, kind: Kind, now: datetime) -> str | None:
    """Return the address at which one POST switches a kind off for a person, without a sign-in.

    None where the kind is not to be switched off, or where the API has no address that a mailbox provider may ask.
    """
    origin = settings().api_origin.rstrip("/")
    if Frequency.OFF not in choices(kind) or not origin or not is_safe(origin):
        return None
    token = sealing.seal(_link_key(now), _PURPOSE, f"{person_id}:{kind.value}")
    return f"{origin}/v1/unsubscribe/{token}"


def linked(call: Call, token: str) -> tuple[Kind, str]:
    """Return which kind a link switches off, and the language of the one it was sent to; changes nothing.

    Raises
    ------
    NotFound
        If the token is none of ours, its person is gone, or its kind is not to be switched off any more.
    """
    person_id, kind = _opened(call, token)
    person = people.get_person(person_id)
    if person is None:
        raise NotFound
    return kind, person.locale


def unsubscribe(call: Call, token: str) -> tuple[Kind, str]:
    """Switch off the kind of a link for the one it was sent to; again, it changes nothing. Refusals are `linked`'s."""
    kind, locale = linked(call, token)
    person_id, _ = _opened(call, token)
    for _try in range(_TRIES):
        found = preference_store.get(person_id)
        if found.frequency(kind) is Frequency.OFF:
            return kind, locale
        changed = replace(found, frequencies={**found.frequencies, kind: Frequency.OFF})
        writes = [
            preference_store.put(changed, call.now),
            preference_store.audit(person_id, "link", "unsubscribe", kind.value, call.now),
        ]
        try:
            return commit(call, writes, (kind, locale))
        except StaleVersion:
            continue
    raise Unavailable("These choices are being changed at this very moment. Send the request again.")


def _opened(call: Call, token: str) -> tuple[str, Kind]:
    person_id, _, word = (sealing.unseal(_link_key(call.now), _PURPOSE, token) or "").partition(":")
    if word not in set(Kind) or Frequency.OFF not in choices(Kind(word)):
        raise NotFound
    return person_id, Kind(word)


def _link_key(now: datetime) -> bytes:
    return _key_of(settings().table("notifications"), now)


_KEYS: dict[str, bytes] = {}


def _key_of(table: str, now: datetime) -> bytes:
    """Return the key of an installation; it never changes, so a process reads it once."""
    if table not in _KEYS:
        _KEYS[table] = store.link_key(sealing.new_key, now)
    return _KEYS[table]
