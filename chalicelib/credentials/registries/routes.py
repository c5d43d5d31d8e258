"""Registers over HTTP: their files, and checks of a credential at its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.credentials.errors import OwnCredential, SharesMentorship
from chalicelib.credentials.registries.errors import NoNumber
from chalicelib.kernel.call import Call
from chalicelib.kernel.later import later
from chalicelib.kernel.pages import Page, PageRequest
from chalicelib.platform.web.endpoint import Routes, Who

if TYPE_CHECKING:
    from chalicelib.credentials.registries import checking, loading
    from chalicelib.credentials.registries.checks import CheckSeen
    from chalicelib.credentials.registries.loading import LoadSeen
    from chalicelib.credentials.registries.loads import Load
    from chalicelib.credentials.registries.schemas import AskRegisterBody, ManualBody, RegisterBody
else:
    checking = later("chalicelib.credentials.registries.checking")
    loading = later("chalicelib.credentials.registries.loading")

routes = Routes(__name__, "Registers")


@routes.endpoint(
    "POST", "/v1/organisations/{organisation_id}/registers", who=Who.COORDINATOR,
    summary="Open the upload of a register's file", body="RegisterBody", answer="RegisterSeenView", status=201,
    idempotent=True,
)  # fmt: skip
def open_register(call: Call, organisation_id: str, body: RegisterBody) -> LoadSeen:
    """Send the CSV that the authority publishes as `upload` says. When it has been read it replaces the one before as a
    whole; until then, and if it cannot be read, that one answers. Bad rows are left out and listed with their reasons.
    What one organisation uploads answers that organisation alone."""
    return loading.open_load(call, organisation_id, body.to_model())


@routes.endpoint(
    "GET", "/v1/organisations/{organisation_id}/registers", who=Who.COORDINATOR, summary="List registers' files",
    answer="RegisterView", paged=True,
)  # fmt: skip
def list_registers(call: Call, organisation_id: str, page: PageRequest) -> Page[Load]:
    """Newest first."""
    return loading.list_loads(call, organisation_id, page)


@routes.endpoint(
    "GET", "/v1/organisations/{organisation_id}/registers/{load_id}", who=Who.COORDINATOR,
    summary="Read how a register's file stands", answer="RegisterSeenView",
)  # fmt: skip
def read_register(call: Call, organisation_id: str, load_id: str) -> LoadSeen:
    return loading.read_load(call, organisation_id, load_id)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/checks", who=Who.REVIEWER,
    summary="Have a register asked about a credential", body="AskRegisterBody", answer="CheckView", status=201,
    idempotent=True, errors=(NoNumber, OwnCredential, SharesMentorship),
)  # fmt: skip
def ask_register(call: Call, credential_id: str, body: AskRegisterBody) -> CheckSeen:
    """The answer comes later, in the list of checks, and is of the wording of now, whatever its person writes
    meanwhile. The number alone is asked for; names are compared here, and the score is shown for you to judge by."""
    return checking.ask(call, credential_id, body.authority_id)


@routes.endpoint(
    "POST", "/v1/admin/credentials/{credential_id}/checks/manual", who=Who.REVIEWER,
    summary="Record what you saw of a register", body="ManualBody", answer="CheckView", status=201, idempotent=True,
    errors=(OwnCredential, SharesMentorship),
)  # fmt: skip
def record_register(call: Call, credential_id: str, body: ManualBody) -> CheckSeen:
    """For registers that only a person can look at. The address is kept as you wrote it and never opened."""
    return checking.record(call, credential_id, body.to_model(), body.revision)


@routes.endpoint(
    "GET", "/v1/admin/credentials/{credential_id}/checks", who=Who.REVIEWER, summary="List a credential's checks",
    answer="ChecksView", errors=(OwnCredential, SharesMentorship),
)  # fmt: skip
def list_checks(call: Call, credential_id: str) -> tuple[CheckSeen, ...]:
    """The latest fifty, latest first; one without an outcome has not been answered yet. One that is not `is_current`
    is of an earlier wording of the claim, and no check of this one."""
    return checking.list_checks(call, credential_id)
