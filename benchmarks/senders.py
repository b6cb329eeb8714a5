"""Clients that send ready-made bodies one after the other, each over one connection that stays open."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial


@dataclass(frozen=True)
class Parcel:
    """One request body and in whose name it goes."""

    token: str
    body: bytes


@dataclass
class Sent:
    """When each parcel went out and was answered (seconds, monotonic clock), and the answers as they came."""

    began: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=list)

    @property
    def seconds(self) -> list[float]:
        """How long each took."""
        return [end - begin for begin, end in zip(self.began, self.ended, strict=True)]


def _send(port: int, parcels: Sequence[Parcel], sent: Sent, every_s: float, after_s: float) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    first = time.monotonic() + after_s
    for number, parcel in enumerate(parcels):
        time.sleep(max(0.0, first + number * every_s - time.monotonic()))
        sent.began.append(time.monotonic())
        headers = {"authorization": f"Bearer {parcel.token}", "content-type": "application/json"}
        line.request("POST", "/api/deeds", parcel.body, headers)
        answer = line.getresponse()
        content = answer.read()
        sent.ended.append(time.monotonic())
        sent.answers.append((answer.status, content))
    line.close()


def send_all(ports: Sequence[int], shares: Sequence[Sequence[Parcel]], every_s: float = 0.0) -> list[Sent]:
    """Every share sent by a client of its own, all at once; what each client saw. Clients take the ports in turn.

    A client sends a parcel every so many seconds, or as soon as the one before it is answered if that is later; the
    clients begin one after the other within that time.
    """
    found = [Sent() for _ in shares]
    pause = every_s / len(shares)
    at_once(
        partial(_send, ports[number % len(ports)], share, found[number], every_s, pause * number)
        for number, share in enumerate(shares)
    )
    return found


def at_once(works: Iterable[Callable[[], None]]) -> None:
    """All of it has been done, each by a thread of its own."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
