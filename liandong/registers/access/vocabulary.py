"""What may be done here, by whom, and by which way in: the whole vocabulary on one page, alphabetical by room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """A way in to a record: why somebody may see it, and what they may do to it."""

    home = "home"
    superior = "superior"
    assigned = "assigned"
    allied = "allied"


class Role(StrEnum):
    """What an account is signed in as; one account may hold several."""

    inspector = "inspector"
    dispatcher = "dispatcher"
    leader = "leader"
    legal_reviewer = "legal_reviewer"
    admin = "admin"
    auditor = "auditor"


@dataclass(frozen=True)
class Verb:
    """A power: the roles that hold it and the ways in through which it may be used."""

    name: str
    zh: str
    roles: frozenset[Role]
    ways: frozenset[Way]


_WORKERS = frozenset({Role.inspector, Role.dispatcher, Role.leader, Role.legal_reviewer})
_DESK = frozenset({Role.dispatcher, Role.leader})
_ANY = frozenset(Way)
_NEAR = _ANY - {Way.allied}
_HOME = frozenset({Way.home})
_ABOVE = frozenset({Way.home, Way.superior})
_FIELD = frozenset({Way.assigned})
_ALLY = frozenset({Way.allied})
_MEMBERS = frozenset({Way.home, Way.allied})
_INSPECTOR = frozenset({Role.inspector})

_VERBS = [
    Verb("accounts:manage", "管理账户", frozenset({Role.admin}), _ABOVE),
    Verb("border:read", "查看边界污染源清单", _WORKERS, _ANY),
    Verb("clues:accept", "受理线索", _DESK, _ABOVE),
    Verb("clues:decline", "不予受理", _DESK, _ABOVE),
    Verb("clues:read", "查看线索", _WORKERS, _ANY),
    Verb("clues:receive", "接收线索", _WORKERS, _NEAR),
    Verb("clues:reveal_petitioner", "查看举报人", _DESK, _HOME),
    Verb("deeds:import", "导入手机本机记录", frozenset({Role.admin, Role.dispatcher}), _HOME),
    Verb("drones:fly", "执行巡飞", _WORKERS, frozenset({Way.home, Way.superior, Way.assigned})),
    Verb("drones:order", "下发航线", _WORKERS, frozenset({Way.home, Way.superior, Way.assigned})),
    Verb("drones:plan", "规划航线", _DESK, _ABOVE),
    Verb("drones:read", "查看巡飞", _WORKERS, _ANY),
    Verb("drones:register", "登记无人机", _DESK | {Role.admin}, _ABOVE),
    Verb("efficiency:read", "查看效能", _WORKERS, _ABOVE),
    Verb("evidence:read", "查看证据", _WORKERS, _ANY),
    Verb("evidence:seal", "固定证据", _WORKERS, frozenset({Way.home, Way.assigned})),
    Verb("inspections:carry_out", "现场检查", _INSPECTOR, _FIELD),
    Verb("inspections:read", "查看检查", _WORKERS, _ANY),
    Verb("inspections:return", "退回检查记录", _DESK | {Role.legal_reviewer}, _ABOVE),
    Verb("ledger:read", "查看全过程记录", _WORKERS | {Role.auditor}, _ANY),
    Verb("picture:read", "查看态势", _WORKERS, _ANY),
    Verb("memoranda:draft", "起草备忘录", _DESK, _ABOVE),
    Verb("memoranda:leave", "退出备忘录", frozenset({Role.leader}), _MEMBERS),
    Verb("memoranda:read", "查看备忘录", _WORKERS | {Role.admin, Role.auditor}, _ANY),
    Verb("memoranda:sign", "签署备忘录", frozenset({Role.leader}), _MEMBERS),
    Verb("positions:read", "查看位置", _DESK, _ABOVE),
    Verb("problems:claim", "申请销号", _WORKERS, frozenset({Way.home, Way.assigned})),
    Verb("problems:close_out", "销号", _DESK, _HOME),
    Verb("problems:look_back", "回头看", _WORKERS, frozenset({Way.home, Way.superior, Way.assigned})),
    Verb("problems:order", "责令改正", _DESK, _HOME),
    Verb("problems:read", "查看问题", _WORKERS, _ANY),
    Verb("problems:rectify_on_spot", "当场整改", _INSPECTOR, _FIELD),
    Verb("problems:return", "退回销号申请", _DESK, _HOME),
    Verb("referrals:accept", "接收通报", _DESK, _ALLY),
    Verb("referrals:ask", "报请指定管辖", _DESK, _ALLY),
    Verb("referrals:designate", "指定管辖", _DESK, frozenset({Way.superior})),
    Verb("referrals:read", "查看通报", _WORKERS, _ANY),
    Verb("referrals:return", "退回通报", _DESK, _ALLY),
    Verb("referrals:send", "通报线索", _WORKERS, frozenset({Way.home, Way.assigned})),
    Verb("referrals:withdraw", "撤回通报", _DESK, _HOME),
    Verb("screens:arrange", "保存视频墙布局", _DESK, _ABOVE),
    Verb("screens:check_measure", "核对减排措施", _WORKERS, _NEAR),
    Verb("sources:import", "导入污染源", _DESK, _ABOVE),
    Verb("sources:read", "查看污染源", _WORKERS, _ANY),
    Verb("tasks:accept", "签收任务", _INSPECTOR, _FIELD),
    Verb("tasks:assign", "派发任务", _DESK, _ABOVE),
    Verb("tasks:cancel", "取消任务", _DESK, _ABOVE),
    Verb("tasks:draft", "新建任务", _DESK, _ABOVE),
    Verb("tasks:read", "查看任务", _WORKERS, _ANY),
    Verb("tasks:urge", "催办任务", _DESK, _ABOVE),
    Verb("trackers:read", "查看定位设备", _WORKERS | {Role.admin}, _ABOVE),
    Verb("trackers:register", "登记定位设备", _DESK | {Role.admin}, _ABOVE),
    Verb("video:audit", "查看观看记录", frozenset({Role.leader, Role.auditor}), _ABOVE),
    Verb("video:close", "关闭视频", _DESK, _ABOVE),
    Verb("video:diagnose", "诊断视频", _DESK, _ABOVE),
    Verb("video:file", "截取视频固定证据", _DESK | _INSPECTOR, _NEAR),
    Verb("video:publish", "推送视频", _DESK, _ABOVE),
    Verb("video:read", "查看视频", _WORKERS, _ANY),
    Verb("video:register", "登记视频", _DESK, _ABOVE),
    Verb("video:show_site", "现场直播", _INSPECTOR, _FIELD),
]
VERBS: dict[str, Verb] = {verb.name: verb for verb in _VERBS}


def verbs_of(roles: frozenset[Role]) -> frozenset[str]:
    """The names of every power that these roles hold, whatever the way in."""
    return frozenset(verb.name for verb in _VERBS if verb.roles & roles)
