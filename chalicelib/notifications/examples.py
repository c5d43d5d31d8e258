"""Whole examples of requests and answers about mails, for the API's description."""

from typing import Any

from chalicelib.people.examples import AMINA

_TOKEN = "rT4Qv1n0Hq7k2m8xY5cWZp3sJ6dLfBgA9eUoNiVhXtKwRyCzSbMjDlPqG"  # noqa: S105 - opens nothing
_MAIL = "6f0c3f6f2b1a4a54a3f3d7b5a9d6c1e08b7c2d4e5f60718293a4b5c6d7e8f901"
_CHOICES = ["at_once", "weekly", "off"]
_GOAL_DUE: dict[str, Any] = {
    "kind": "goal-due",
    "what": "The day of a goal of yours is near.",
    "to_whom": "To the one whose goal it is.",
    "when": "A week before the day.",
    "why": "You chose the day, and a reminder helps to keep it in mind.",
    "frequency": "at_once",
    "choices": _CHOICES,
}
_VERIFIED: dict[str, Any] = {
    "kind": "credential-verified",
    "what": "A credential of yours has been verified.",
    "to_whom": "To the one whose credential it is.",
    "when": "As soon as it happens.",
    "why": "Whether you count as verified depends on it.",
    "frequency": "at_once",
    "choices": ["at_once"],
}
_PREFERENCES: dict[str, Any] = {
    "kinds": [_VERIFIED, _GOAL_DUE],
    "quiet_hours": None,
    "time_zone": "Africa/Nairobi",
    "mail_stopped": None,
}
_STOPPED: dict[str, Any] = {
    "since": "2027-03-20T04:11:09.000000Z",
    "reason": "bounce",
    "why": "Your mailbox provider told us that mail to your address cannot be delivered, so we send none.",
    "advice": "See that your mailbox takes mail, then have us try again. If you do not use this address any more, tell "
    "a coordinator.",
    "may_resume_at": "2027-03-20T04:11:09.000000Z",
}
_QUIET = {"start": "21:30", "end": "06:00"}

PARAMETERS: dict[str, Any] = {"token": _TOKEN, "mail": _MAIL}
BODIES: dict[str, Any] = {
    "choose_mails": {"kinds": [{"kind": "goal-due", "frequency": "weekly"}], "quiet_hours": _QUIET},
    "resume_mail": {"wanted": True},
}
ANSWERS: dict[str, Any] = {
    "read_mail_preferences": {**_PREFERENCES, "mail_stopped": _STOPPED},
    "resume_mail": _PREFERENCES,
    "choose_mails": {
        **_PREFERENCES,
        "kinds": [_VERIFIED, {**_GOAL_DUE, "frequency": "weekly"}],
        "quiet_hours": _QUIET,
    },
    "list_mails_in_doubt": [
        {
            "mail": _MAIL,
            "message": f"goal-due:01M874W78G00S4S6ENZEVJ3833:2027-03-31:{AMINA}",
            "kind": "goal-due",
            "recipient": AMINA,
            "claimed_at": "2027-03-24T03:05:11.000000Z",
        }
    ],
}
REFUSALS: dict[str, str] = {
    "mail-not-stopped": "Mail goes out to your address.",
    "mail-tried-too-soon": "The last try failed. Have us try again from 2027-03-21T04:11:09.000000Z on.",
    "mail-settled": "Read the list again: somebody else, or the provider, has settled it.",
}
