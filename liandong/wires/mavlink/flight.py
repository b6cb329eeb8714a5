"""One mission carried to one aircraft and flown: uploaded, acknowledged, armed, started, watched until it has landed.

Every step waits for its answer, asks again when none comes, and ends the flight with a reason when it is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum
from typing import Any, NamedTuple

from pymavlink.dialects.v20 import ardupilotmega as dialect

from liandong.kernel.errors import Refused
from liandong.wires.mavlink.craft import ARDUPILOT, ARMED, Craft
from liandong.wires.mavlink.link import OUR_SYSTEM, Link
from liandong.wires.mavlink.mission import Mission

AUTOPILOT = dialect.MAV_COMP_ID_AUTOPILOT1
MISSION_REQUESTS = (dialect.MAVLINK_MSG_ID_MISSION_REQUEST, dialect.MAVLINK_MSG_ID_MISSION_REQUEST_INT)
CUSTOM_MODE, COPTER_GUIDED, PX4_AUTO, PX4_MISSION = dialect.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED, 4, 4, 4
MOST_WAITING = 1000
ALL = 100
DISARMED_BEATS = 10
"""Heartbeats that may say disarmed after the start was acknowledged; more: it has not taken off."""


class Stage(StrEnum):
    """How far a flight has come."""

    ready = "ready"
    flying = "flying"


class Told(NamedTuple):
    """What the flight tells: the mission lies in the aircraft and has been acknowledged, the aircraft flies it; and how much of
    it is behind, in percent, with the number of the item that is flown to."""

    stage: Callable[[Stage], Awaitable[None]]
    progress: Callable[[int, int], Awaitable[None]]


class Patience(NamedTuple):
    """How long is waited for an answer, how often it is asked for, and after how much silence the link is lost."""

    answer_seconds: float = 1.5
    tries: int = 5
    silent_seconds: float = 10.0


class Flight:
    """A mission on its way. Used once."""

    def __init__(self, link: Link, mission: Mission, patience: Patience | None = None) -> None:
        self._link, self._mission = link, mission
        self._patience = patience or Patience()
        self._inbox: asyncio.Queue[Any] = asyncio.Queue(MOST_WAITING)
        self.has_begun = self._is_called_home = self._has_obeyed = False

    def come_home(self) -> None:
        """The aircraft is to break off; the flight ends when it has landed, or at once where it has not begun. Said again, it
        is asked again only if it has not obeyed: a pilot who has taken over since is not overruled."""
        self._is_called_home = True
        if not self._has_obeyed and not self._inbox.full():
            self._inbox.put_nowait(None)

    async def fly(self, told: Told) -> None:
        """The mission was flown and the aircraft has landed.

        Raises    mavlink.busy, mavlink.not_there, mavlink.no_answer, mavlink.item_refused, mavlink.command_refused,
                  mavlink.link_lost, mavlink.ended_early, mavlink.called_home
        """
        craft = self._link.craft
        if craft.inbox is not None or craft.is_armed:
            raise Refused("mavlink.busy", title=craft.known.title)
        craft.inbox = self._inbox
        try:
            await self._upload()
            await told.stage(Stage.ready)
            await self._start(craft)
            self.has_begun = True
            await told.stage(Stage.flying)
            await self._watch(told)
        finally:
            craft.inbox = None

    async def _upload(self) -> None:
        items, known = self._mission.items, self._link.craft.known
        question = dialect.MAVLink_mission_count_message(known.system_id, AUTOPILOT, len(items), 0)
        asked = -1
        for _ in range(self._patience.tries * (len(items) + 1)):
            answer = await self._ask(question, "upload", _answers_upload)
            if answer.get_msgId() == dialect.MAVLINK_MSG_ID_MISSION_ACK:
                if answer.type != dialect.MAV_MISSION_ACCEPTED or asked < len(items) - 1:
                    raise Refused("mavlink.item_refused", item=max(asked, 0), result=answer.type)
                return
            if answer.seq >= len(items):
                raise Refused("mavlink.item_refused", item=answer.seq, result=dialect.MAV_MISSION_INVALID_SEQUENCE)
            asked = answer.seq
            question = self._item(asked)
        raise Refused("mavlink.no_answer", step="upload")

    def _item(self, number: int) -> Any:
        one, known = self._mission.items[number], self._link.craft.known
        return dialect.MAVLink_mission_item_int_message(
            known.system_id, AUTOPILOT, number, one.frame, one.command, int(number == 0), 1,
            *one.params, one.x, one.y, one.z, 0,
        )  # fmt: skip

    async def _start(self, craft: Craft) -> None:
        """ArduCopter is armed in a mode that arms, then told to begin; PX4, and what imitates it, begins when its mode is
        the mission's."""
        if craft.autopilot == ARDUPILOT and craft.is_copter:
            await self._command("mode", dialect.MAV_CMD_DO_SET_MODE, CUSTOM_MODE, COPTER_GUIDED)
        try:
            await self._command("arm", dialect.MAV_CMD_COMPONENT_ARM_DISARM, 1)
            if craft.autopilot == ARDUPILOT:
                await self._command("start", dialect.MAV_CMD_MISSION_START, 0, len(self._mission.items) - 1)
            else:
                await self._command("start", dialect.MAV_CMD_DO_SET_MODE, CUSTOM_MODE, PX4_AUTO, PX4_MISSION)
        except Refused:
            # armed motors on the ground; in the air this is refused, and the aircraft's own rules bring it home
            with suppress(Refused):
                await self._command("disarm", dialect.MAV_CMD_COMPONENT_ARM_DISARM, 0)
            raise

    async def _command(self, step: str, command: int, *params: float) -> None:
        filled = (*params, *(0.0,) * (7 - len(params)))
        known = self._link.craft.known
        message = dialect.MAVLink_command_long_message(known.system_id, AUTOPILOT, command, 0, *filled)

        def is_answer(heard: Any) -> bool:
            is_ack = heard.get_msgId() == dialect.MAVLINK_MSG_ID_COMMAND_ACK and heard.command == command
            return bool(is_ack and heard.result != dialect.MAV_RESULT_IN_PROGRESS)

        answer = await self._ask(message, step, is_answer)
        if answer.result != dialect.MAV_RESULT_ACCEPTED:
            raise Refused("mavlink.command_refused", step=step, result=answer.result)

    async def _ask(self, question: Any, step: str, is_answer: Callable[[Any], bool]) -> Any:
        for _ in range(self._patience.tries):
            self._link.say(question)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience.answer_seconds):
                    while (heard := await self._hear()) is None or not is_answer(heard):
                        pass
                    return heard
        raise Refused("mavlink.no_answer", step=step)

    async def _hear(self) -> Any:
        """The next message; None: somebody has called the aircraft home, which ends what has not begun."""
        heard = await self._inbox.get()
        if heard is None and not self.has_begun:
            raise Refused("mavlink.called_home")
        return heard

    async def _watch(self, told: Told) -> None:
        """Until it has landed: the motors stop."""
        last, percent, has_been_armed, disarmed_beats, is_on_the_way = self._mission.last_waypoint, 0, False, 0, False
        while True:
            heard = await self._next()
            if heard is None:
                with suppress(Refused):  # it still flies, and is asked again
                    await self._command("return", dialect.MAV_CMD_NAV_RETURN_TO_LAUNCH)
                    self._has_obeyed = True
                continue
            match heard.get_msgId():
                case dialect.MAVLINK_MSG_ID_MISSION_ITEM_REACHED:
                    percent = await _tell(told, percent, heard.seq, last)
                case dialect.MAVLINK_MSG_ID_MISSION_CURRENT if not self._is_called_home:
                    is_on_the_way |= 0 < heard.seq <= last  # before that it may be the mission before this one
                    if is_on_the_way:
                        percent = await _tell(told, percent, heard.seq - 1, last)
                case dialect.MAVLINK_MSG_ID_HEARTBEAT if heard.base_mode & ARMED:
                    has_been_armed = True
                case dialect.MAVLINK_MSG_ID_HEARTBEAT:
                    disarmed_beats += 1
                    if has_been_armed or disarmed_beats > DISARMED_BEATS:
                        break
        if percent < ALL:
            raise Refused("mavlink.called_home" if self._is_called_home else "mavlink.ended_early")

    async def _next(self) -> Any:
        try:
            async with asyncio.timeout(self._patience.silent_seconds):
                return await self._hear()
        except TimeoutError:
            raise Refused("mavlink.link_lost") from None


async def _tell(told: Told, before: int, reached: int, last: int) -> int:
    percent = min(reached, last) * ALL // last
    if percent > before:
        await told.progress(percent, min(reached, last))
    return max(before, percent)


def _answers_upload(heard: Any) -> bool:
    is_one = heard.get_msgId() in (*MISSION_REQUESTS, dialect.MAVLINK_MSG_ID_MISSION_ACK)
    return is_one and heard.target_system in (OUR_SYSTEM, 0)
