"""采样情况: the samples of a visit in one sentence each, as the 笔录 tells them."""

from __future__ import annotations

from liandong.means.documents.words import minute
from liandong.oversight.paperwork.visit import Visit
from liandong.registers import law
from liandong.work.inspections.tables import Sample


def sampling(visit: Visit) -> str | None:
    """Every sample with its fields; None where nobody recorded any."""
    told = [f"{number}. {_told(visit, sample)}" for number, sample in enumerate(visit.samples, 1)]
    return " ".join(told) or None


def _told(visit: Visit, sample: Sample) -> str:
    day = visit.inspection.inspected_on
    medium = law.sampled_medium(sample.medium, on=day)
    fields = [one for one in law.site_rules(on=day).sampling_fields if sample.said.get(one.key)]
    parts = [
        f"采样介质：{medium.zh if medium else sample.medium}",
        *(f"{one.zh}：{sample.said[one.key]}" for one in fields),
        f"采样时间：{minute(sample.sampled_at)}",
        f"采样人：{sample.sampler_name}",
        f"在场当事人：{sample.party_present or '未记录'}",
    ]
    return "；".join([*parts, *([f"备注：{sample.note}"] if sample.note else [])]) + "。"
