"""Who is asking: the account, its roles, and how far its sight reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from liandong.kernel.ledger import Author
from liandong.registers.access.vocabulary import Role, verbs_of


@dataclass(frozen=True)
class Actor:
    """A signed-in account as one request sees it.

    `home_area` is the area of its agency; `areas` are all division codes at or below it; `tasks` are the tasks it is
    on now, `sources` the pollution sources of those tasks; `granted` is what memoranda in force grant to its area today,
    each as (what, memorandum).
    """

    account_id: UUID
    name: str
    agency_id: UUID
    agency_name: str
    home_area: str
    roles: frozenset[Role]
    officer_id: UUID | None = None
    areas: frozenset[str] = field(default_factory=frozenset)
    tasks: frozenset[UUID] = field(default_factory=frozenset)
    sources: frozenset[UUID] = field(default_factory=frozenset)
    granted: frozenset[tuple[str, UUID]] = field(default_factory=frozenset)

    def memoranda(self, what: str) -> list[UUID]:
        """The memoranda in force that grant this to the actor's area, in a fixed order."""
        return sorted(memorandum_id for granted, memorandum_id in self.granted if granted == what)

    @property
    def verbs(self) -> frozenset[str]:
        """Every power of this actor's roles."""
        return verbs_of(self.roles)

    def author(self, request_id: str | None = None) -> Author:
        """In whose name the ledger is written."""
        return Author(self.account_id, self.name, self.agency_id, self.agency_name, request_id)

    def scope(self) -> dict[str, str]:
        """What row-level security is told for a transaction of this actor."""
        return {
            "areas": ",".join(sorted(self.areas)),
            "tasks": ",".join(map(str, self.tasks)),
            "sources": ",".join(map(str, self.sources)),
            "granted": ",".join(f"{what}:{memorandum_id}" for what, memorandum_id in sorted(self.granted)),
            "account": str(self.account_id),
            "officer": str(self.officer_id or ""),
        }
