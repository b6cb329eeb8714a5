"""The four districts' sample memorandum, signed by each leader, and what their officers told each other since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from liandong.demo.people_at_work import Cast, Person
from liandong.kernel.clock import beijing_today
from liandong.kernel.ids import new_id
from liandong.registers.alliances.vocabulary import Mechanism, Principle, Share, Work

FINDS = (
    ("water", "交界处沟渠水体发黑，有异味（示例）", None),
    ("air", "下风向闻到喷漆气味，疑似来自邻区厂房（示例）", "accept"),
    ("solid_waste", "路边倾倒建筑垃圾，点位在界桩附近（示例）", "return"),
    ("water", "雨水口晴天有水流出，流向邻区河道（示例）", None),
)
"""Element, words, and what the neighbour did; None: he has not answered yet."""


async def ally(cast: Cast) -> None:
    """The memorandum is in force, and each district has told the next of something at their common border."""
    await _sign(cast)
    areas = list(cast.desks)
    for number, (element, words, answer) in enumerate(FINDS):
        finder = cast.officers[areas[number % len(areas)]][0]
        await _tell(cast, finder, element, words, answer)


async def _sign(cast: Cast) -> None:
    agencies = await cast.wall.get("/agencies")
    today = beijing_today()
    draft = await cast.wall.post("/memoranda", {
        "title": "四区生态环境执法联动工作备忘录（示例）", "alliance": "四区生态环境执法联动工作室（示例）",
        "member_ids": [one["id"] for one in agencies if one["area_code"] in cast.desks and one["tier"] == "branch"],
        "goals": "提升执法人员业务能力，加强信息共享、互通协作，严厉打击违法排污行为，妥善解决环境信访",
        "principles": list(Principle), "works": list(Work), "mechanisms": list(Mechanism), "shares": list(Share),
        "from_on": str(today), "until_on": str(today + timedelta(days=364)),
    })  # fmt: skip
    path = f"/memoranda/{draft['id']}"
    offered = await cast.wall.post(f"{path}/offer", {})
    for leader in cast.leaders.values():
        await leader.post(f"{path}/sign", {"text_digest": offered["text_digest"]})


async def _tell(cast: Cast, finder: Person, element: str, words: str, answer: str | None) -> None:
    neighbour, (lon, lat) = await _common_border(cast, finder.area)
    found = {"description": words, "element": element, "lon": lon, "lat": lat}
    told: dict[str, Any] = await finder.post(
        "/referrals", {"id": str(new_id()), "to_area": neighbour, "clue": found}
    )  # fmt: skip
    desk, path = cast.desks[neighbour], f"/referrals/{told['id']}"
    if answer == "accept":
        await desk.post(f"{path}/accept", {})
    if answer == "return":
        await desk.post(f"{path}/return", {"reason": "现场核对界桩，点位在通报方一侧（示例）"})


async def _common_border(cast: Cast, area: str) -> tuple[str, tuple[float, float]]:
    """The member with which an area has the longest border, and the middle of that border."""
    borders = await cast.wall.get(f"/areas/{area}/borders")
    longest = next(one for one in borders if one["area_code"] in cast.desks)
    lon, lat = longest["line"][len(longest["line"]) // 2]
    return longest["area_code"], (lon, lat)
