"""The outcome of a run in words."""

from __future__ import annotations

from typing import Any

KINDS = {
    "browser": "browser killed (SIGKILL of the process group)",
    "reload": "page reloaded",
    "offline": "phone without network for a while",
    "link_asking": "connection cut in the middle of a request",
    "link_answered": "server had done it; the answer never arrived",
    "link_answering": "connection cut in the middle of the answer",
    "link_silence": "connection silent, then cut",
    "server": "server killed (SIGKILL)",
    "worker": "worker killed (SIGKILL)",
    "postgres": "PostgreSQL killed or stopped at once; recovered from its log",
}


def in_words(figures: dict[str, Any]) -> str:
    """Some lines that a person reads."""
    kills = [f"  {count:6}  {KINDS[kind]}" for kind, count in figures["kills_by_kind"].items()]
    receipts = ", ".join(f"{count} {outcome}" for outcome, count in figures["receipts"].items())
    requests = ", ".join(f"{count} {method}" for method, count in figures["requests"].items())
    return "\n".join(
        [
            f"{figures['kills']} kills in {figures['seconds']:.0f} s, seed {figures['seed']}",
            *kills,
            f"{figures['visits']} visits, {figures['deeds']} deeds ({figures['acknowledged']} acknowledged),"
            f" {figures['files']} files of {figures['file_bytes'] / 1e6:.1f} MB together",
            f"sent: {requests}; {figures['link_bytes'] / 1e6:.1f} MB over the link",
            f"receipts: {receipts}; repeated means sent again after its answer was lost",
            f"the browser threw its whole store away {figures['stores_thrown_away']} times; the phone made it good from its copy",
            f"lost {figures['lost']}, doubled {figures['doubled']}, untrue {figures['untrue']},"
            f" damaged {figures['damaged']}, unsent {figures['unsent']}",
        ]
    )
