"""Who signs up with an address, who reads its mailbox, and what each can do afterwards."""

from dataclasses import dataclass
from typing import Any

from chalicelib.accounts import service
from chalicelib.kernel.call import Call
from chalicelib.people import service as people
from chalicelib.people.model import Claim
from chalicelib.people.service import SignUp
from tests.support.pool import RESET_CODE, SIGN_UP_CODE
from tests.support.world import Reply, World

EMAIL = "amina@example.org"
OWN = "a long sentence of my own"
THEIRS = "the stranger's sentence"
CHOSEN = "a sentence chosen at last"


@dataclass(frozen=True)
class Story:
    """One address in a world."""

    world: World
    email: str = EMAIL

    def sign_up(self, password: str, **more: Any) -> Reply:
        said = {"given_name": "Amina", "family_name": "Otieno", "email": self.email, "password": password}
        return self.world.post("/v1/auth/sign-up", {**said, **more})

    def confirm(self, password: str | None = None, code: str = SIGN_UP_CODE) -> Reply:
        body = {"email": self.email, "code": code} | ({"password": password} if password else {})
        return self.world.post("/v1/auth/confirm", body)

    # Without HTTP, for what happens inside another request or dies in the middle: a request of its own has a process
    # of its own.

    def sign_up_elsewhere(self, password: str) -> None:
        service.sign_up(Call(self.world.at), SignUp(self.email, "Amina", "Otieno", "en"), password)

    def confirm_elsewhere(self, password: str | None = None) -> None:
        service.confirm(Call(self.world.at), self.email, SIGN_UP_CODE, password)

    def sign_in(self, password: str) -> Reply:
        return self.world.post("/v1/auth/sign-in", {"email": self.email, "password": password})

    def forget(self) -> Reply:
        return self.world.post("/v1/auth/forgot-password", {"email": self.email})

    def reset(self, password: str, code: str = RESET_CODE) -> Reply:
        body = {"email": self.email, "code": code, "new_password": password}
        return self.world.post("/v1/auth/reset-password", body)

    @property
    def claim(self) -> Claim:
        found = people.find_claim(self.email)
        assert found is not None
        return found

    @property
    def mails(self) -> list[str]:
        """Why the pool has mailed codes, in order."""
        return [one.trigger.removeprefix("CustomMessage_") for one in self.world.code_mails]

    def only(self, password: str) -> None:
        """Assert that of all passwords in the story this one alone signs in."""
        for one in (OWN, THEIRS, CHOSEN):
            assert self.sign_in(one).status == (200 if one == password else 401), one

    def is_nobodys(self) -> None:
        """Assert that no password in the story signs in."""
        self.only("")


def reason(reply: Reply) -> tuple[int, str]:
    """Return status and reason of a refusal."""
    return reply.status, reply.json["type"].rpartition("/")[2]
