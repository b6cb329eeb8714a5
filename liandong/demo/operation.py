"""A sample joint operation, played through the same public interface that people and phones use.

First a fortnight's worth of visits, so that nothing is empty; then, for as long as the demo runs, one scene after
another at walking pace: clue, task, visit, problem, order, claim, close-out, look-back.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from liandong.demo.allies import ally
from liandong.demo.people_at_work import Cast, Person
from liandong.demo.phone import Phone, sample_picture
from liandong.kernel.clock import beijing_day, beijing_today
from liandong.registers.law import checklist

FOUND = [
    ("air", "severe", "喷漆房密闭不严，活性炭吸附装置未运行，现场可闻明显气味", "air.evasion"),
    ("air", "major", "原料堆场未覆盖，装卸时扬尘明显，未采取抑尘措施", "air.stockpile"),
    ("water", "major", "雨水沟内有积存生产废水，未经处理即可随雨水外排", "water.evasion"),
    ("noise", "minor", "夜间风机未做减振，厂界噪声经监测超过排放标准", "noise.over_standard"),
    ("solid_waste", "major", "废油漆桶露天堆放，未贴危险废物标签", "hazardous_waste.label"),
    ("permit", "minor", "环境管理台账缺两日运行记录，未按证如实记录", "permit.ledger"),
]
CLUES = [
    ("sighting", "无人机巡查发现厂区北侧有白色烟气无组织排放（示例）"),
    ("petition", "群众反映夜间有刺鼻气味，疑似来自交界处厂房（示例）"),
    ("patrol", "联合巡查发现河岸有不明排口（示例）"),
    ("alarm", "排口氨氮小时均值超标报警（示例）"),
]
BACKLOG = 26
ROUNDS = 200


@dataclass
class Operation:
    """The operation while it is played. `pace` is the pause between two steps, in seconds.

    `backlog` visits lie behind it, and `rounds` scenes before it.
    """

    cast: Cast
    pace: float
    chance: random.Random
    backlog: int = BACKLOG
    rounds: int = ROUNDS

    async def play(self, *, with_backlog: bool) -> None:
        """Play until cancelled, or until every scene has been played."""
        if with_backlog:
            await ally(self.cast)
            for number in range(self.backlog):
                await self._past_visit(number)
        for number in range(self.rounds):
            async for _ in self._scene(number):
                await asyncio.sleep(self.pace)

    async def _past_visit(self, number: int) -> None:
        """A visit of some days ago whose phone had no signal until now."""
        area, desk = self._district(number)
        source = await self._some_source(desk)
        joint = number % 3 == 0
        task = await desk.post(
            "/tasks",
            {"kind": "campaign" if joint else "routine", "mode": "joint" if joint else "local",
             "title": f"{'夏季臭氧联合执法' if joint else '日常检查'}：{source['name']}",
             "source_id": source["id"], "matters": source["elements"][:2],
             "due_on": str(beijing_today() + timedelta(days=3))},
        )  # fmt: skip
        pair = await self._assign(desk, task, area, joint)
        if number % 8 == 7:
            return  # some tasks are still on their way
        days_ago = self.chance.randint(1, 12)
        at = datetime.now(UTC) - timedelta(days=days_ago, minutes=self.chance.randint(0, 300))
        problems = await self._visit(pair, task, source, at, finds=number % 4 != 3, late=days_ago > 6)
        for problem_id in problems:
            await self._handle(area, problem_id, number)

    async def _scene(self, number: int) -> AsyncIterator[None]:
        """One clue from its receipt to the close-out, a step at a time."""
        area, desk = self._district(number)
        source = await self._some_source(desk)
        kind, words = CLUES[number % len(CLUES)]
        element = source["elements"][0]
        clue = await desk.post(
            "/clues",
            {"kind": kind, "description": words, "element": element, "source_id": source["id"],
             "lon": source["lon"], "lat": source["lat"]},
        )  # fmt: skip
        yield
        clue = await desk.post(f"/clues/{clue['id']}/accept", {"mode": "joint"})
        task = await desk.get(f"/tasks/{clue['task_id']}")
        yield
        pair = await self._assign(desk, task, area, joint=True)
        yield
        problems = []
        async for step in self._live_visit(pair, task, source):
            problems += step
            yield
        for problem_id in problems:
            await self._handle(area, problem_id, number)
            yield

    def _district(self, number: int) -> tuple[str, Person]:
        areas = list(self.cast.desks)
        area = areas[number % len(areas)]
        return area, self.cast.desks[area]

    async def _some_source(self, desk: Person) -> dict[str, Any]:
        page = await desk.get("/sources", area_code=desk.area, limit=200)
        chosen: dict[str, Any] = self.chance.choice(page["items"])
        return chosen

    async def _assign(self, desk: Person, task: dict[str, Any], area: str, joint: bool) -> list[Person]:
        pair = self.chance.sample(self.cast.officers[area], 2)
        if joint:
            neighbour = self.chance.choice([other for other in self.cast.officers if other != area])
            pair[1] = self.chance.choice(self.cast.officers[neighbour])
        ids = [person.officer_id for person in pair]
        await desk.post(f"/tasks/{task['id']}/assign", {"officer_ids": ids, "lead_officer_id": ids[0]})
        return pair

    def _phone(self, person: Person, task: dict[str, Any], source: dict[str, Any], at: datetime) -> Phone:
        near = (self.chance.uniform(-0.0008, 0.0008), self.chance.uniform(-0.0008, 0.0008))
        return Phone(person.http, person.token, task["id"], source["lon"] + near[0], source["lat"] + near[1], at)

    async def _visit(
        self, pair: list[Person], task: dict[str, Any], source: dict[str, Any], at: datetime, *, finds: bool, late: bool
    ) -> list[str]:
        """A whole visit in one go; returns the ids of the problems found."""
        phone = self._phone(pair[0], task, source, at)
        phone.do("accept_task", {})
        phone.wait(timedelta(minutes=40))
        phone.do("arrive_on_site", {"inspection_id": phone.inspection_id})
        problems = await self._record(phone, source, finds, late)
        await self._finish(phone, pair)
        return problems

    async def _live_visit(
        self, pair: list[Person], task: dict[str, Any], source: dict[str, Any]
    ) -> AsyncIterator[list[str]]:
        """The same visit step by step, so that the screen shows it as it happens."""
        phone = self._phone(pair[0], task, source, datetime.now(UTC))
        phone.live = True
        phone.do("accept_task", {})
        await _sent(phone)
        yield []
        phone.wait(timedelta())
        phone.do("arrive_on_site", {"inspection_id": phone.inspection_id})
        await _sent(phone)
        yield []
        phone.wait(timedelta())
        problems = await self._record(phone, source, finds=True, late=False)
        await _sent(phone)
        yield problems
        phone.wait(timedelta())
        await self._finish(phone, pair)
        yield []

    async def _record(self, phone: Phone, source: dict[str, Any], finds: bool, late: bool) -> list[str]:
        pack = await _get(phone, f"/tasks/{phone.task_id}/pack")
        _introduce(phone, pack)
        for element in source["elements"][:2]:
            # a visit of days ago was made with the checklist of that day, and the pack holds today's
            for item in checklist(element, on=beijing_day(phone.at)).items:
                phone.wait(timedelta(seconds=20))
                phone.in_visit("answer_item", {"element": element, "item_key": item.key, "answer": "yes"})
        sha256 = await phone.keep_file(sample_picture(self.chance.randint(0, 10**6)))
        phone.wait(timedelta(minutes=2))
        phone.in_visit("add_photo", {"sha256": sha256, "purpose": "现场情况（示例照片）", "taken_at": phone.at})
        return [self._find(phone, pack, late)] if finds else []

    def _find(self, phone: Phone, pack: dict[str, Any], late: bool) -> str:
        element, severity, words, basis_key = self.chance.choice(FOUND)
        bases = [basis["key"] for basis in pack["problem_bases"] if basis["element"] == element]
        days = self.chance.randint(2, 5) if late else self.chance.randint(15, 30)
        rectify_by_on = (phone.at + timedelta(days=days)).date()
        problem_id = hashlib.sha256(phone.inspection_id.bytes).hexdigest()[:32]
        problem_id = (
            f"{problem_id[:8]}-{problem_id[8:12]}-7{problem_id[13:16]}-8{problem_id[17:20]}-{problem_id[20:32]}"
        )
        phone.in_visit(
            "find_problem",
            {"problem_id": problem_id, "element": element, "severity": severity, "description": f"{words}（示例）",
             "basis_key": basis_key if basis_key in bases else bases[0], "rectify_by_on": str(rectify_by_on),
             "requirement": "立即停止并完成整改，提交整改照片"},
        )  # fmt: skip
        return problem_id

    async def _finish(self, phone: Phone, pair: list[Person]) -> None:
        signature = await phone.keep_file(sample_picture(7, 200, 80))
        phone.wait(timedelta(minutes=10))
        for person in pair:
            phone.in_visit(
                "sign_inspection",
                {
                    "signer": "officer",
                    "officer_id": person.officer_id,
                    "signer_name": person.login,
                    "sha256": signature,
                },
            )
        phone.in_visit("sign_inspection", {"signer": "manager", "signer_name": "示例负责人", "sha256": signature})
        phone.wait(timedelta(minutes=1))
        phone.in_visit("submit_inspection", {"conclusion": "检查完毕（示例）", "ended_at": phone.at})
        await _sent(phone)

    async def _handle(self, area: str, problem_id: str, number: int) -> None:
        """Order, claim, close out or look back, as far as this problem's turn goes."""
        desk, leader = self.cast.desks[area], self.cast.leaders[area]
        steps = number % 6
        if steps == 0:
            return
        by = str(beijing_today() + timedelta(days=self.chance.randint(3, 20)))
        await desk.post(f"/problems/{problem_id}/order", {"rectify_by_on": by, "requirement": "限期完成整改（示例）"})
        if steps == 1:
            return
        proof = await _proof(desk, problem_id, self.chance.randint(0, 10**6))
        await desk.post(f"/problems/{problem_id}/claim", {"statement": "已按要求整改（示例）", "evidence_ids": [proof]})
        if steps == 2:
            return
        await leader.post(f"/problems/{problem_id}/close_out", {"opinion": "经核查整改到位，同意销号（示例）"})
        if steps == 5:
            again = await _proof(desk, problem_id, self.chance.randint(0, 10**6))
            await desk.post(
                f"/problems/{problem_id}/look_back",
                {"outcome": "relapsed", "note": "回头看发现同类问题再次出现（示例）", "evidence_ids": [again]},
            )


def _introduce(phone: Phone, pack: dict[str, Any]) -> None:
    """Certificates are shown, rights told, and who answers for the site is written down."""
    officers = [card["id"] for card in pack["officers"]]
    phone.in_visit("show_certificate", {"officer_ids": officers, "answer": "confirmed"})
    phone.wait(timedelta(seconds=30))
    phone.in_visit(
        "record_particulars",
        {"manager_name": "示例负责人", "manager_relation": "现场负责人", "rights": "听清楚了，不申请回避",
         "production": "示例：正常生产", "recorder_id": officers[0]},
    )  # fmt: skip


async def _sent(phone: Phone) -> None:
    for receipt in await phone.send():
        if receipt["outcome"] not in ("accepted", "repeated"):
            raise RuntimeError(f"deed {receipt['deed_id']}: {receipt['outcome']} {receipt['problem']}")


async def _get(phone: Phone, path: str) -> dict[str, Any]:
    answer = await phone.http.get(f"/api{path}", headers={"authorization": f"Bearer {phone.token}"})
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


async def _proof(person: Person, problem_id: str, seed: int) -> str:
    picture = sample_picture(seed)
    answer = await person.http.post(
        f"/api/problems/{problem_id}/evidence",
        files={"file": ("sample.png", picture, "image/png")},
        data={
            "sha256": hashlib.sha256(picture).hexdigest(),
            "purpose": "整改后现场（示例照片）",
            "taken_at": datetime.now(UTC).isoformat(),
        },
        headers={"authorization": f"Bearer {person.token}"},
    )
    answer.raise_for_status()
    return str(answer.json()["id"])
