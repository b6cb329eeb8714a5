"""What a memorandum can be made of: its principles, works, mechanisms, and what its members show each other.

Source    济南四区生态环境执法联动工作备忘录 (五项原则、五类工作、七项机制)
"""

from __future__ import annotations

from enum import StrEnum


class Principle(StrEnum):
    """工作原则."""

    joint_enforcement = "joint_enforcement"
    home_handling = "home_handling"
    joint_prevention = "joint_prevention"
    scientific_judgement = "scientific_judgement"
    precise_strike = "precise_strike"


class Work(StrEnum):
    """工作内容: what the members do together."""

    illegal_discharge = "illegal_discharge"
    scattered_polluters = "scattered_polluters"
    cross_border_petitions = "cross_border_petitions"
    hidden_dangers = "hidden_dangers"
    non_industrial_air = "non_industrial_air"


class Mechanism(StrEnum):
    """工作机制: by which standing procedure. Each is granted to the members by its name."""

    contact = "contact"
    joint_operation = "joint_operation"
    clue_referral = "clue_referral"
    joint_review = "joint_review"
    cross_enforcement = "cross_enforcement"
    petition_coordination = "petition_coordination"
    joint_publicity = "joint_publicity"


class Share(StrEnum):
    """信息共享: which sheets the members show each other, over the band that the memorandum names."""

    border_list = "border_list"
    border_watch = "border_watch"
    visit_ledger = "visit_ledger"
