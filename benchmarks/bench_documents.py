"""现场检查笔录 printed as PDF/A: the first paper of a process, a new compiler for each, and one compiler kept warm.

Every paper has content of its own, so that nothing is taken from memory. The peer is the same press without the reuse: a
new compiler for each paper, on the same fonts and the same layout.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import psutil

from benchmarks.report import last_line, machine, percentile, spread, table
from liandong.demo.phone import sample_picture
from liandong.means.documents import press
from liandong.means.documents.filling import PLACE
from liandong.means.documents.forms import shipped_folder
from liandong.means.documents.printing import Order, Signer, print_document

PAPERS = int(os.environ.get("BENCH_PAPERS", "300"))
NEW_COMPILERS, LONG_PAPERS, CLIENTS = 15, 10, 4
DATED = datetime(2026, 3, 5, 7, 20, tzinfo=UTC)
FORM = "inspection_record"
SENTENCE = "现场检查时治理设施停运，废气未经处理直接排放，已拍照取证并询问现场负责人。"


def paper(number: int, problems: int = 3) -> Order:
    """A visit of its own: two officers, thirty answers, four photos, some problems."""
    names = PLACE.findall((shipped_folder() / f"{FORM}.yaml").read_text(encoding="utf-8"))
    officers = [
        {"name": f"示例人员{k}", "agency": "示例市生态环境局", "certificate": f"示例{number}{k}"} for k in "甲乙"
    ]
    answers = [
        {
            "part": "treatment",
            "question": f"示例检查内容第{k}项是否符合要求",
            "answer": "否",
            "note": f"示例说明{number}",
        }
        for k in range(30)
    ]
    found = {"element": "废气", "severity": "较重", "found_at": "2026年3月5日14时05分", "basis": "示例依据"}
    taken = {"kind": "照片", "caption": None, "where": None, "taken_at": "2026年3月5日14时05分", "taker": "示例人员甲"}
    facts: dict[str, Any] = {
        **dict.fromkeys(names),
        "officers": officers,
        "answers": answers,
        "problems": [{**found, "description": f"示例{number}-{k}：{SENTENCE * 3}"} for k in range(problems)],
        "photos": [{**taken, "purpose": f"示例{number}", "sha256": f"{number:064x}"} for _ in range(4)],
        "conclusion": f"示例{number}：{SENTENCE}",
    }
    signers = tuple(Signer("执法人员", f"示例人员{k}", DATED, sample_picture(number + at, 400, 150))
                    for at, k in enumerate("甲乙"))  # fmt: skip
    return Order(FORM, date(2026, 3, 5), f"示例-{number}", ("示例市生态环境局",), facts, signers, DATED)


def took(order: Order) -> float:
    """Seconds that it took to print."""
    began = time.perf_counter()
    assert print_document(order).startswith(b"%PDF")
    return time.perf_counter() - began


def with_new_compiler(order: Order) -> float:
    """The same, by a compiler that has printed nothing yet."""
    press._compiler.cache_clear()
    return took(order)


def main() -> None:
    """The table and the line of figures."""
    ran_on, process = machine(), psutil.Process()
    first = took(paper(0))
    new = [with_new_compiler(paper(number)) for number in range(1, NEW_COMPILERS + 1)]
    orders = [paper(1000 + number) for number in range(PAPERS)]
    took(orders[0])
    before = process.memory_info().rss
    began = time.perf_counter()
    warm = [took(order) for order in orders[1:]]
    per_second = len(warm) / (time.perf_counter() - began)
    grown = (process.memory_info().rss - before) / 2**20
    long = [took(paper(9000 + number, problems=150)) for number in range(LONG_PAPERS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(took, [paper(5000 + number) for number in range(PAPERS)]))
    beside = PAPERS / (time.perf_counter() - began)
    figures = {
        "first_ms": round(first * 1000, 1), "new_compiler_ms": spread(new), "warm_ms": spread(warm),
        "warm_per_second": round(per_second, 1), "four_clients_per_second": round(beside, 1),
        "long_ms": spread(long), "memory_grown_mib": round(grown, 1), "papers": PAPERS,
    }  # fmt: skip
    rows = [
        ("first paper of a process, fonts read", figures["first_ms"], "ms"),
        ("a new compiler for each paper, median", round(percentile(new, 50) * 1000, 1), "ms"),
        ("one warm compiler, median", figures["warm_ms"]["p50"], "ms"),  # type: ignore[index]
        ("one warm compiler", figures["warm_per_second"], "papers/s"),
        ("the same, asked by four at once", figures["four_clients_per_second"], "papers/s"),
        ("a record of 150 problems, median", round(percentile(long, 50) * 1000, 1), "ms"),
        (f"memory grown over {PAPERS} papers", figures["memory_grown_mib"], "MiB"),
    ]
    table("现场检查笔录 as PDF/A-2b, two signatures, thirty answers", rows)
    last_line({"machine": ran_on, **figures})


if __name__ == "__main__":
    main()
