"""Ports for what a test starts. Never a fixed one: tests run side by side, and a stranger's server may know the same keys."""

from __future__ import annotations

import socket


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """Ports that nobody listens on, each another; of TCP unless `kind` says datagrams."""
    held = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in held]
    finally:
        for one in held:
            one.close()


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """One of them."""
    [port] = free_ports(1, kind)
    return port
