"""The database launcher against the real PostgreSQL programs: sharing, stopping, being killed, other users."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from liandong.kernel import postgres
from liandong.kernel.errors import Broken, Invalid
from liandong.kernel.paths import PROJECT
from liandong.kernel.postgres.binaries import locate_binaries, major_version, reachable_by_all
from liandong.kernel.postgres.cluster import Cluster
from liandong.kernel.postgres.locks import is_held, lock_alone, open_lock

USER_PROCESS = Path(__file__).with_name("postgres_user.py")
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def empty_home() -> Iterator[Path]:
    """A home not made yet, below a folder that only we can enter, as people's homes are."""
    folder = Path(tempfile.mkdtemp(prefix="home-"))
    yield folder / "liandong"
    wait_until_stopped(folder / "liandong")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def used_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose server ran once and stopped."""
    home = tmp_path_factory.mktemp("used") / "liandong"
    with postgres.lease(home):
        pass
    return home


@pytest.fixture
def home(empty_home: Path, used_home: Path) -> Path:
    """A home of its own with an empty database, to save the seconds that making one takes."""
    subprocess.run(["cp", "-a", used_home, empty_home], check=True)
    return empty_home


def wait_until_stopped(home: Path) -> None:
    """No server of `home` is alive; waits for the keeper where it has to act."""
    file = Cluster(home).alive_file
    if file.exists():
        descriptor = open_lock(file)
        lock_alone(descriptor)
        os.close(descriptor)


def is_running(home: Path) -> bool:
    return is_held(Cluster(home).alive_file)


def ask(server: postgres.Server, sql: str) -> object:
    with psycopg.connect(server.conninfo()) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return row[0]


def start_user(home: Path, sql: str = "select 'ready'", uid: int | None = None) -> subprocess.Popen[str]:
    """Another process holds a lease on `home`; its first line of output is the answer to `sql`."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(
        [sys.executable, str(USER_PROCESS), str(home), sql, str(os.geteuid() if uid is None else uid)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    assert line, process.communicate()[1]
    return line


def end(process: subprocess.Popen[str]) -> int:
    process.communicate("")
    return process.returncode


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_the_server_runs_inside_the_lease_and_not_after(empty_home: Path) -> None:
    with postgres.lease(empty_home) as server:
        assert ask(server, "select current_setting('timezone')") == "UTC"
        assert ask(server, "select datctype from pg_database where datname = current_database()") == "C.UTF-8"
        assert ask(server, "select current_setting('listen_addresses')") == ""
        assert ask(server, "select current_setting('password_encryption')") == "scram-sha-256"
        assert is_running(empty_home)
    assert not is_running(empty_home)
    assert not Path(server.host).exists()


def test_what_was_written_is_there_at_the_next_lease(home: Path) -> None:
    with postgres.lease(home) as server, psycopg.connect(server.conninfo()) as connection:
        connection.execute("create table 记录 as select '留存' as 内容")
    with postgres.lease(home) as server:
        assert ask(server, "select 内容 from 记录") == "留存"


def test_a_wrong_password_is_refused(home: Path) -> None:
    with postgres.lease(home) as server:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.conninfo(server.superuser, "guess"))
        mode = Cluster(home).password_file.stat().st_mode & 0o777
        assert mode == 0o600
        assert server.password not in repr(server)


def test_the_last_of_several_leases_stops_the_server(home: Path) -> None:
    with postgres.lease(home) as first:
        postmaster = ask(first, "select pg_postmaster_start_time()")
        with postgres.lease(home) as second:
            assert second == first
        assert ask(first, "select pg_postmaster_start_time()") == postmaster
    assert not is_running(home)


def test_two_processes_share_one_server(home: Path) -> None:
    started = "select pg_postmaster_start_time()::text"
    one, other = start_user(home, started), start_user(home, started)
    assert first_line(one) == first_line(other)
    assert end(one) == 0
    assert is_running(home)
    assert end(other) == 0
    assert not is_running(home)


def test_a_killed_user_does_not_count(home: Path) -> None:
    victim = start_user(home)
    first_line(victim)
    with postgres.lease(home) as server:
        kill(victim)
        assert ask(server, "select 1") == 1
    assert not is_running(home)


def test_the_server_stops_when_its_only_user_was_killed(home: Path) -> None:
    victim = start_user(home)
    first_line(victim)
    kill(victim)
    wait_until_stopped(home)
    with postgres.lease(home) as server:
        assert ask(server, "select 1") == 1


def test_a_killed_server_recovers_with_what_was_committed(home: Path) -> None:
    with postgres.lease(home) as server:
        with psycopg.connect(server.conninfo()) as connection:
            connection.execute("create table kept as select 7 as n")
        psutil.Process(postmaster_pid(home)).kill()
        with postgres.lease(home) as again:
            assert ask(again, "select n from kept") == 7


def test_a_server_that_died_comes_back_where_its_users_know_it(empty_home: Path) -> None:
    deep = empty_home / ("很深的目录" * 10)  # too deep for a socket, so the server's has a place of its own
    with postgres.lease(deep) as server:
        psutil.Process(postmaster_pid(deep)).kill()
        with postgres.lease(deep) as again:
            assert again == server
        assert ask(server, "select 1") == 1
    assert not Path(server.host).exists()


def test_a_pid_file_left_by_a_power_cut_does_not_matter(home: Path) -> None:
    with postgres.lease(home):
        data = Cluster(home).data
        left = (data / "postmaster.pid").read_text().splitlines()
    # The same pid now belongs to a process that has nothing to do with us: this one.
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *left[1:]]))
    with postgres.lease(home) as server:
        assert ask(server, "select 1") == 1


def test_a_deep_home_works_though_socket_paths_are_short(empty_home: Path) -> None:
    deep = empty_home / ("很深的目录" * 10)
    with postgres.lease(deep) as server:
        assert ask(server, "select 1") == 1
        assert len(os.fsencode(server.host)) < 90
    wait_until_stopped(deep)


def test_a_server_that_cannot_start_says_why_in_one_line(home: Path) -> None:
    with postgres.lease(home):
        pass
    with (Cluster(home).data / "postgresql.conf").open("a") as settings:
        settings.write("work_mem = 'plenty'\n")
    with pytest.raises(Broken) as refusal, postgres.lease(home):
        pass
    assert refusal.value.code == "postgres.not_started"
    assert len(str(refusal.value).splitlines()) == 1
    assert not is_running(home)


def test_data_of_another_version_is_refused(home: Path) -> None:
    with postgres.lease(home):
        pass
    (Cluster(home).data / "PG_VERSION").write_text("9\n")
    with pytest.raises(Broken) as refusal, postgres.lease(home):
        pass
    assert refusal.value.code == "postgres.other_version"


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(Broken) as refusal, postgres.lease(tmp_path / "home"):
        pass
    assert refusal.value.code == "postgres.not_started"


def test_the_programs_are_found_and_new_enough() -> None:
    assert major_version(locate_binaries()) >= 15


def test_an_address_is_used_as_it_is(tmp_path: Path) -> None:
    address = "postgresql://chief:s%40fe@db.example:6432/east?sslmode=require"
    with postgres.lease(tmp_path, address) as server:
        assert (server.host, server.port, server.database, server.is_embedded) == ("db.example", 6432, "east", False)
        url = server.url("clerk", "p w")
        assert (url.username, url.password, url.database) == ("clerk", "p w", "east")
        assert dict(url.query) == {"host": "db.example", "port": "6432", "sslmode": "require"}
        told = psycopg.conninfo.conninfo_to_dict(server.conninfo("clerk", "p w"))
        assert (told["user"], told["password"], told["sslmode"]) == ("clerk", "p w", "require")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["mysql://a/b", "postgresql://host:notaport/x", "nonsense", "postgresql://host"])
def test_an_address_that_cannot_be_used_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid), postgres.lease(tmp_path, address):
        pass


@as_root
def test_root_runs_the_server_as_nobody(home: Path) -> None:
    with postgres.lease(home):
        process = psutil.Process(postmaster_pid(home))
        assert process.uids().effective == NOBODY
        assert Path(process.exe()).name == "postgres"


@as_root
@pytest.mark.skipif(not reachable_by_all(locate_binaries()), reason="the programs are in a private folder")
def test_a_user_without_rights_can_run_it_too(empty_home: Path) -> None:
    empty_home.parent.chmod(0o755)
    empty_home.mkdir()
    os.chown(empty_home, NOBODY, NOBODY)
    process = start_user(empty_home, "select current_user::text", uid=NOBODY)
    assert first_line(process) == "postgres"
    assert end(process) == 0
    assert not is_running(empty_home)


@as_root
def test_a_home_of_another_user_is_refused_in_one_line(home: Path) -> None:
    home.parent.chmod(0o755)
    with postgres.lease(home):
        process = start_user(home, uid=NOBODY)
        complaint = process.communicate("")[1]
    assert process.returncode == 1
    assert complaint.startswith("postgres.not_yours")
    assert len(complaint.splitlines()) == 1


@as_root
def test_programs_in_a_private_folder_are_copied_to_where_nobody_can_run_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = home.parent / "venv"
    install = locate_binaries().parent
    package = install.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, private / part.name, symlinks=True)
    home.parent.chmod(0o755)
    private.chmod(0o700)
    inside = private / package.name / install.name / "bin"
    monkeypatch.setattr("liandong.kernel.postgres.binaries._candidates", lambda: [inside])
    with postgres.lease(home):
        assert Path(psutil.Process(postmaster_pid(home)).exe()).is_relative_to(home)


def test_an_interrupt_at_the_terminal_leaves_the_server_to_its_users(home: Path) -> None:
    with postgres.lease(home) as server:
        assert os.getpgid(postmaster_pid(home)) != os.getpgrp()
        victim = start_user(home)
        first_line(victim)
        victim.send_signal(signal.SIGINT)
        victim.communicate()
        assert ask(server, "select 1") == 1


def postmaster_pid(home: Path) -> int:
    return int((Cluster(home).data / "postmaster.pid").read_text().splitlines()[0])
