"""The standing cast: four invented districts round one border point, the city above them, and a foreign city.

Every name, code and place is invented. Division codes beginning with 99 and 98 belong to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from liandong.kernel.clock import beijing_today, now
from liandong.kernel.ids import new_id
from liandong.registers.access.actions import token_hash
from liandong.registers.access.passwords import hash_password
from liandong.registers.access.tables import Account, SignInSession
from liandong.registers.access.vocabulary import Role
from liandong.registers.jurisdictions.tables import Agency, Area
from liandong.registers.officers.tables import Certificate, Officer, RosterEntry
from liandong.registers.sources.tables import Enterprise, Source

PASSWORD = "a password of the cast"
BORDER_POINT = (117.0, 36.6)
SIDE = 0.1
CITY, FOREIGN_CITY = "990100", "980100"
PETITIONER = {"name": "示例群众", "phone": "000-0000"}


@dataclass(frozen=True)
class Person:
    """Somebody of the cast, who is signed in already."""

    login: str
    name: str
    account_id: UUID
    agency_id: UUID
    area_code: str
    roles: frozenset[Role]
    officer_id: UUID | None = None

    @property
    def token(self) -> str:
        """What opens the door."""
        return f"the session of {self.login}"

    @property
    def officer(self) -> UUID:
        """The officer that this person is."""
        assert self.officer_id is not None
        return self.officer_id


@dataclass(frozen=True)
class District:
    """A district with its branch, its people and one small source of its own."""

    area_code: str
    name: str
    agency_id: UUID
    middle: tuple[float, float]
    dispatcher: Person
    leader: Person
    lin: Person
    luo: Person
    workshop: UUID


@dataclass(frozen=True, repr=False)
class World:
    """The whole cast. `gu` is an officer of the east whose certificate ran out yesterday."""

    east: District
    south: District
    west: District
    north: District
    foreign: District
    chief: Person
    reviewer: Person
    joint: Person
    auditor: Person
    admin: Person
    gu: Person
    factory: UUID

    @property
    def districts(self) -> tuple[District, District, District, District]:
        """The four that share the border point."""
        return self.east, self.south, self.west, self.north

    @property
    def everyone(self) -> dict[str, Person]:
        """All people by login."""
        people = [self.chief, self.reviewer, self.joint, self.auditor, self.admin, self.gu]
        for district in (*self.districts, self.foreign):
            people += [district.dispatcher, district.leader, district.lin, district.luo]
        return {person.login: person for person in people}


class Builder:
    """Writes the cast into an empty database."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.password_hash = hash_password(PASSWORD)

    async def add(self, *rows: Any) -> None:
        self.session.add_all(rows)
        await self.session.flush()

    async def area(self, code: str, name: str, level: str, parent: str | None, outline: Any = None) -> None:
        origin = "示例" if outline else None
        area = Area(area_code=code, name=name, level=level, parent_code=parent, outline=outline, outline_origin=origin)
        await self.add(area)

    async def agency(self, name: str, tier: str, area_code: str, parent_id: UUID | None = None) -> UUID:
        agency = Agency(
            id=new_id(), name=f"{name}（示例）", short_name=name, tier=tier, area_code=area_code, parent_id=parent_id
        )
        await self.add(agency)
        return agency.id

    async def person(self, login: str, name: str, agency_id: UUID, area_code: str, *roles: Role) -> Person:
        return await self._sign_in(Person(login, name, new_id(), agency_id, area_code, frozenset(roles)))

    async def officer(
        self, login: str, name: str, agency_id: UUID, area_code: str, valid_to_on: date | None = None
    ) -> Person:
        officer_id = new_id()
        await self.add(Officer(id=officer_id, name=name, agency_id=agency_id, area_code=area_code))
        await self.add(
            Certificate(
                id=new_id(),
                officer_id=officer_id,
                number=f"示例{login}",
                valid_from_on=date(2020, 1, 1),
                valid_to_on=valid_to_on or beijing_today() + timedelta(days=900),
            ),
            RosterEntry(id=new_id(), officer_id=officer_id, area_code=area_code, from_on=date(2020, 1, 1)),
        )
        person = Person(login, name, new_id(), agency_id, area_code, frozenset({Role.inspector}), officer_id)
        return await self._sign_in(person)

    async def _sign_in(self, person: Person) -> Person:
        account = Account(
            id=person.account_id,
            login=person.login,
            password_hash=self.password_hash,
            name=person.name,
            agency_id=person.agency_id,
            officer_id=person.officer_id,
            roles=sorted(person.roles),
        )
        await self.add(account)
        ends = now() + timedelta(hours=12)
        opened = SignInSession(
            token_hash=token_hash(person.token), account_id=person.account_id, created_at=now(), expires_at=ends
        )
        await self.add(opened)
        return person

    async def source(self, name: str, area_code: str, place: tuple[float, float], elements: list[str]) -> UUID:
        enterprise, source = Enterprise(id=new_id(), name=name), new_id()
        await self.add(enterprise)
        await self.add(
            Source(
                id=source,
                enterprise_id=enterprise.id,
                natural_key=f"示例:{name}",
                name=name,
                area_code=area_code,
                lon=place[0],
                lat=place[1],
                elements=elements,
                extra={},
                permit_class="simplified",
                supervision_class="general",
                updated_at=now(),
            )
        )
        return source

    async def district(
        self, login: str, name: str, code: str, city: str, corner: tuple[int, int], bureau: UUID
    ) -> District:
        lon, lat = BORDER_POINT[0] + corner[0] * SIDE, BORDER_POINT[1] + corner[1] * SIDE
        await self.area(code, f"{name}（示例）", "county", city, square(lon, lat))
        branch, middle = await self.agency(f"{name}分局", "branch", code, bureau), (lon + SIDE / 2, lat + SIDE / 2)
        return District(
            code, name, branch, middle,
            dispatcher=await self.person(f"dispatcher.{login}", f"示例调度{name}", branch, code, Role.dispatcher),
            leader=await self.person(f"leader.{login}", f"示例局长{name}", branch, code, Role.leader),
            lin=await self.officer(f"lin.{login}", f"示例林{name}", branch, code),
            luo=await self.officer(f"luo.{login}", f"示例罗{name}", branch, code),
            workshop=await self.source(f"示例{name}作坊", code, middle, ["noise"]),
        )  # fmt: skip


def square(lon: float, lat: float) -> dict[str, Any]:
    """A square outline with its lower left corner here."""
    ring = [[lon, lat], [lon + SIDE, lat], [lon + SIDE, lat + SIDE], [lon, lat + SIDE], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


async def load(session: AsyncSession) -> World:
    """The cast is on record; nobody has done anything yet."""
    build = Builder(session)
    await build.area("990000", "示例省", "province", None)
    await build.area(CITY, "示例市", "city", "990000")
    await build.area("980000", "外省（示例）", "province", None)
    await build.area(FOREIGN_CITY, "外市（示例）", "city", "980000")
    bureau = await build.agency("示例市局", "bureau", CITY)
    centre = await build.agency("四区联动中心", "detachment", CITY, bureau)
    abroad = await build.agency("外市局", "bureau", FOREIGN_CITY)
    east = await build.district("east", "东区", "990101", CITY, (0, 0), bureau)
    return World(
        east=east,
        south=await build.district("south", "南区", "990102", CITY, (0, -1), bureau),
        west=await build.district("west", "西区", "990103", CITY, (-1, -1), bureau),
        north=await build.district("north", "北区", "990104", CITY, (-1, 0), bureau),
        foreign=await build.district("foreign", "外区", "980101", FOREIGN_CITY, (50, 0), abroad),
        chief=await build.person("chief", "示例市局长", bureau, CITY, Role.leader),
        reviewer=await build.person("reviewer", "示例法制审核", bureau, CITY, Role.legal_reviewer),
        joint=await build.person("joint", "示例联动值守", centre, CITY, Role.dispatcher),
        auditor=await build.person("auditor", "示例审计", bureau, CITY, Role.auditor),
        admin=await build.person("admin", "示例管理员", bureau, CITY, Role.admin),
        gu=await build.officer(
            "gu.east", "示例顾东区", east.agency_id, east.area_code, beijing_today() - timedelta(days=1)
        ),
        factory=await build.source("示例边界化工厂", east.area_code, BORDER_POINT, ["air", "water"]),
    )
