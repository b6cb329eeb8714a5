"""One PostgreSQL data folder below LIANDONG_HOME: made, started, found running, recovered, stopped."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import stat
import tempfile
import time
from pathlib import Path

import psutil

from liandong.kernel.errors import Broken
from liandong.kernel.postgres.binaries import locate_binaries, reachable_by_all, runnable_binaries
from liandong.kernel.postgres.locks import is_held, open_lock, try_lock_alone
from liandong.kernel.postgres.programs import Account, last_words, run_program
from liandong.kernel.postgres.server import Server

PORT = 5432
SUPERUSER = "postgres"
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 107  # bytes, sun_path of Linux without its closing zero
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "log_min_messages": "warning",
}
# What is made here is private and has a random name; TMPDIR may be a folder that only we can enter.
OPEN_TO_ALL = "/tmp"  # noqa: S108
LEFTOVERS_GO_WITHIN_S = 10.0
ANSWERS_WITHIN_S = 10.0
# The shortest question every server answers, with one byte and before any password (protocol 3.0, SSLRequest).
SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


class Cluster:
    """The data folder of one home and the server on it. Only one process at a time may start or stop it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "postgres"
        self.data = self.folder / "data"
        self.gate_file = self.folder / "gate.lock"
        self.users_file = self.folder / "users.lock"
        self.keeper_file = self.folder / "keeper.lock"
        # Held by the postmaster and its children, so it tells the living from the stale without asking for a pid.
        self.alive_file = self.folder / "alive.lock"
        self.password_file = self.folder / "password"
        self.socket_note = self.folder / "socket-folder"
        self.account = Account.for_server()

    def prepare_folder(self) -> None:
        """The folder for data, locks and secrets is there."""
        self.folder.mkdir(parents=True, exist_ok=True)

    def server(self) -> Server:
        """The address of the running server."""
        password = self.password_file.read_text().strip()
        return Server(str(self._socket_folder()), PORT, SUPERUSER, password)

    def ensure_running(self) -> None:
        """The server runs and accepts connections.

        Raises    postgres.not_started, postgres.not_yours, postgres.no_programs, postgres.other_version
        """
        try:
            if is_held(self.alive_file):
                if self._answers():
                    return
                self._end_leftovers()
            self._make_data_folder()
            self._start()
        except PermissionError as problem:
            raise Broken("postgres.not_yours", folder=str(self.home)) from problem
        except OSError as problem:
            raise Broken("postgres.not_started", reason=str(problem)) from problem

    def stop(self) -> None:
        """No server runs on the data folder; what was committed is on disk."""
        if self._ask_to_stop():
            self._forget_socket_folder()

    def _ask_to_stop(self) -> bool:
        if (self.data / "postmaster.pid").exists() and is_held(self.alive_file):
            arguments = ["stop", "-m", "fast", "-w", "-t", "60"]
            return not run_program(self._programs() / "pg_ctl", arguments, self.account, self.data).failed
        return True

    def _start(self) -> None:
        # Nobody holds `alive`, so a pid file can only be left from a crash or a power cut.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        sockets = self._choose_socket_folder()
        options = " ".join(f"-c {name}={value!s}" if value else f"-c {name}=''" for name, value in SETTINGS.items())
        options += f" -c unix_socket_directories='{sockets}' -c unix_socket_permissions=0700"
        log = self.data / "server.log"
        log.unlink(missing_ok=True)
        alive = open_lock(self.alive_file)
        try:
            if not try_lock_alone(alive):
                raise Broken("postgres.not_started", reason=f"{self.alive_file}: in use")
            arguments = ["start", "-w", "-t", "120", "-s", "-l", log.name, "-o", options]
            done = run_program(self._programs() / "pg_ctl", arguments, self.account, self.data, keep_open=alive)
        finally:
            os.close(alive)
        if done.failed:
            self._forget_socket_folder()
            raise Broken("postgres.not_started", reason=last_words(log) or done.said)

    def _make_data_folder(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        part = self.folder / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        self.account.give(part)
        if not self.password_file.exists():
            self._write_password()
        # A password file of its own, because the server's user cannot read ours.
        with tempfile.NamedTemporaryFile("w", prefix="liandong-", dir=OPEN_TO_ALL) as secret:
            secret.write(self.password_file.read_text())
            secret.flush()
            self.account.give(Path(secret.name))
            arguments = ["--username", SUPERUSER, "--pwfile", secret.name, "--encoding", "UTF8"]
            arguments += ["--locale", "C.UTF-8", "--auth-local", "scram-sha-256", "--auth-host", "reject"]
            done = run_program(self._programs() / "initdb", arguments, self.account, part)
        if done.failed:
            shutil.rmtree(part, ignore_errors=True)
            raise Broken("postgres.not_started", reason=done.said)
        part.rename(self.data)

    def _write_password(self) -> None:
        part = self.password_file.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(secrets.token_urlsafe(24))
        part.rename(self.password_file)

    def _programs(self) -> Path:
        version = self.data / "PG_VERSION"
        programs = locate_binaries(int(version.read_text()) if version.exists() else None)
        return runnable_binaries(programs, self.folder / "programs") if self.account.is_other else programs

    def _end_leftovers(self) -> None:
        """No process of an earlier server is left: one whose postmaster was killed, or whose socket was deleted."""
        self._ask_to_stop()
        deadline = time.monotonic() + LEFTOVERS_GO_WITHIN_S
        while is_held(self.alive_file):
            if time.monotonic() > deadline:
                self._kill_leftovers()
                return
            time.sleep(0.05)

    def _kill_leftovers(self) -> None:
        for process in psutil.process_iter():
            try:
                if process.cwd() == str(self.data):
                    process.kill()
                    process.wait(LEFTOVERS_GO_WITHIN_S)
            except (psutil.AccessDenied, psutil.NoSuchProcess):
                continue
            except psutil.TimeoutExpired as problem:
                raise Broken("postgres.not_started", reason=f"process {process.pid} does not end") from problem

    def _answers(self) -> bool:
        # Connecting is not enough: for a moment a killed server still takes connections that nobody will serve.
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(ANSWERS_WITHIN_S)
            try:
                probe.connect(str(self._socket_folder() / SOCKET))
                probe.sendall(SSL_REQUEST)
                return probe.recv(1) != b""
            except OSError:
                return False

    def _socket_folder(self) -> Path:
        return Path(self.socket_note.read_text())

    def _choose_socket_folder(self) -> Path:
        """Where the server was before it died, so that those who work with it find it again; else a new place."""
        known = self._socket_folder() if self.socket_note.exists() else None
        if known is not None and self._is_ours(known):
            for left in known.glob(f"{SOCKET}*"):  # the socket, and its lock with the name of one who is dead
                left.unlink()
            return known
        self._forget_socket_folder()
        folder = self.folder / "run"
        too_long = len(os.fsencode(folder / SOCKET)) > LONGEST_SOCKET_PATH
        if too_long or (self.account.is_other and not reachable_by_all(self.folder)) or not _is_plain(folder):
            folder = Path(tempfile.mkdtemp(prefix="liandong-", dir=OPEN_TO_ALL))
        folder.mkdir(mode=0o700, exist_ok=True)
        self.account.give(folder)
        self.socket_note.write_text(str(folder))
        return folder

    def _is_ours(self, folder: Path) -> bool:
        """Whether it is still the folder that we made: /tmp is open to all, and another may stand in its place."""
        try:
            found = folder.lstat()
        except FileNotFoundError:
            return False
        return stat.S_ISDIR(found.st_mode) and found.st_uid == self.account.uid and not found.st_mode & 0o077

    def _forget_socket_folder(self) -> None:
        if self.socket_note.exists():
            shutil.rmtree(self._socket_folder(), ignore_errors=True)
            self.socket_note.unlink()


def _is_plain(folder: Path) -> bool:
    """Whether the path survives a shell and PostgreSQL's list of socket folders unquoted."""
    return all(letter.isalnum() or letter in "/._-" for letter in str(folder))
