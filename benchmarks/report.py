"""Figures as people read them, and as programs do."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Sequence
from typing import Any


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: at least `percent` of the values are no larger."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def spread(values: Sequence[float], scale: float = 1000.0) -> dict[str, float]:
    """p50, p95, p99 and the largest of some times in seconds, in milliseconds."""
    found = {f"p{percent}": round(percentile(values, percent) * scale, 1) for percent in (50, 95, 99)}
    return {**found, "max": round(max(values) * scale, 1)}


def machine() -> dict[str, Any]:
    """What it ran on; the load average tells whether something else ran beside it."""
    load = os.getloadavg()
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load_before": [round(part, 2) for part in load],
    }


def table(title: str, rows: Sequence[tuple[str, Any, str]]) -> None:
    """Print figures one below the other: what, how much, which unit; nothing where there are none."""
    if not rows:
        return
    print(f"\n{title}")
    width = max(len(what) for what, _, _ in rows)
    for what, value, unit in rows:
        print(f"  {what:<{width}}  {value!s:>10} {unit}")


def last_line(figures: dict[str, Any]) -> None:
    """Print the one JSON object that a benchmark ends with."""
    print(json.dumps(figures, ensure_ascii=False), flush=True)
