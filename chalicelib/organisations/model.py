"""Organisations and the rights of their staff."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.kernel.errors import NotFound, RoleRefused


class StaffRole(StrEnum):
    """COORDINATOR runs an organisation's programmes; REVIEWER reviews credentials for it."""

    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Organisation:
    """Who runs programmes."""

    id: str
    name: str
    country: str
    created_at: datetime | None = None
    version: int | None = None


@dataclass(frozen=True)
class Membership:
    """A person's staff roles in one organisation; without one, no membership."""

    organisation_id: str
    person_id: str
    roles: frozenset[StaffRole]


@dataclass(frozen=True)
class Rights:
    """What a person may do as staff, as it stands now; read when used and never kept."""

    person_id: str
    admin: bool = False
    roles: Mapping[str, frozenset[StaffRole]] = field(default_factory=dict)
    created_at: datetime | None = None
    version: int | None = None

    def has(self, organisation_id: str, *roles: StaffRole) -> bool:
        """Tell whether the person has any of the roles in the organisation, or is an admin."""
        return self.admin or bool(self.roles.get(organisation_id, frozenset()) & set(roles))

    def require(self, organisation_id: str, *roles: StaffRole) -> None:
        """Let pass who has any of the roles in the organisation, and admins.

        Raises
        ------
        NotFound
            To a stranger: what belongs to the organisation is not theirs to know of.
        RoleRefused
            To its staff in another role.
        """
        if self.has(organisation_id, *roles):
            return
        if not self.roles.get(organisation_id):
            raise NotFound
        raise RoleRefused(f"This takes the role {' or '.join(roles)} in the organisation.")

    def require_admin(self) -> None:
        """Let admins pass; raises `RoleRefused`."""
        if not self.admin:
            raise RoleRefused("This takes an admin of the installation.")
