"""The embedded PostgreSQL: a real server from the wheel, its data in a folder, started and stopped.

It listens on a socket in its own folder only. As root it runs as `nobody`, since PostgreSQL refuses
root. A lock keeps two programs off one folder; the server dies with the program that started it.
One that ends by itself (killed, out of memory) is started again. Whatever was killed, and when: the
next start waits for what is left of the last one, and finds a complete folder or makes it.
"""

import ctypes
import fcntl
import hashlib
import logging
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Lock, Thread
from urllib.parse import quote

from shared.database.postgres_programs import (
    DatabaseUnavailable,
    FolderInUse,
    binaries_folder,
    check_reachable,
    give_to_server_user,
    run_program,
    subprocess_options,
)

SET_PDEATHSIG = 1  # prctl: tell me when my parent is gone
START_TIMEOUT, POLLS_PER_SECOND = 60, 20  # seconds; times
MAX_CONNECTIONS = 100
RESTART_DELAY = 1.0  # seconds before a server that did not come back is started once more
LIBC = ctypes.CDLL(None)  # looked up here, as little may be done between fork and exec
INITDB_OPTIONS = (
    "--username=postgres",
    "--auth=trust",  # who may open the socket is decided by the folder's mode
    "--encoding=UTF8",
    # The C locale, so that trigram search sees Chinese words and sorting is the same everywhere.
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--no-sync",
)
log = logging.getLogger(__name__)


@contextmanager
def run_embedded_server(folder: Path, settings: Sequence[str] = ()) -> Iterator[str]:
    """A server on the data in a folder, made when it is not there; the URL of its database.

    `settings` are of PostgreSQL (`fsync=off`) and go before those of its own file.
    Raises FolderInUse when another program holds the folder, DatabaseUnavailable when the server
    does not start.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    check_reachable(folder)
    with lock_folder(folder):
        data, socket = folder / "data", socket_folder(folder)
        for path in (folder, socket):
            give_to_server_user(path)
        if not data.exists():
            create_cluster(data)
        server = PostgresServer(data, socket, folder / "postgres.log", settings)
        try:
            yield embedded_url(folder)
        finally:
            server.stop()


@contextmanager
def open_embedded_database(folder: Path) -> Iterator[str]:
    """The URL of the database in a folder: of the server that works on it, or of one for the block.

    Raises DatabaseUnavailable.
    """
    with ExitStack() as stack:
        try:
            url = stack.enter_context(run_embedded_server(folder))
        except FolderInUse:
            url = embedded_url(folder)
        yield url


def embedded_url(folder: Path) -> str:
    """The URL of the database in a folder, for its owner."""
    return f"postgresql+asyncpg://postgres@/postgres?host={quote(str(socket_folder(folder)))}"


class PostgresServer:
    """The server on a folder, from its start until `stop`; started again where it is killed.

    Clients then lose their connections, and what was not committed.
    """

    def __init__(self, data: Path, socket: Path, log_file: Path, settings: Sequence[str]) -> None:
        self.paths, self.settings = (data, socket, log_file), settings
        self.stopping, self.lock = Event(), Lock()
        wait_until_unused(data)
        self.process = start_postgres(*self.paths, *settings)
        wait_until_ready(self.process, socket, log_file)
        # The server dies with the thread that started it, so this one lives as long as we do.
        self.monitor = Thread(target=self.watch, name="postgres", daemon=True)
        self.monitor.start()

    def watch(self) -> None:
        """Start another server whenever one ends before `stop`."""
        data, socket, log_file = self.paths
        while True:
            code = self.process.wait()
            if self.stopping.is_set():
                return
            log.error("database ended", extra={"data": {"code": code}})
            try:
                wait_until_unused(data)
                with self.lock:
                    if self.stopping.is_set():
                        return
                    self.process = start_postgres(*self.paths, *self.settings)
                wait_until_ready(self.process, socket, log_file)
            except DatabaseUnavailable as problem:
                if not self.stopping.wait(RESTART_DELAY):
                    log.error("database not back", extra={"data": {"problem": str(problem)}})
            else:
                log.warning("database back")

    def stop(self) -> None:
        with self.lock:
            self.stopping.set()
            self.process.send_signal(signal.SIGINT)  # «fast»: sessions end, no commit is lost
        self.monitor.join()
        self.process.wait()


def create_cluster(data: Path) -> None:
    """A new cluster, under its name only when it is whole: initdb may be killed, too."""
    for unfinished in data.parent.glob("new-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    new = Path(mkdtemp(prefix="new-", dir=data.parent))
    give_to_server_user(new)
    run_program("initdb", f"--pgdata={new}", *INITDB_OPTIONS)
    new.rename(data)


def wait_until_unused(data: Path) -> None:
    """Wait until nothing of an earlier server works in the folder; then remove its stale locks.

    We hold the folder's own lock. A server whose program was killed is still shutting down, the
    sessions of one that was killed itself are still ending: PostgreSQL would not start beside them.
    Nor would it where another program has by now the process id in a lock that was left behind.
    """
    for _ in range(START_TIMEOUT * POLLS_PER_SECOND):
        if not processes_in_folder(data):
            break
        Event().wait(1 / POLLS_PER_SECOND)
    else:
        raise DatabaseUnavailable(
            f"{data} 中还有进程在运行：{processes_in_folder(data)}",
            f"Processes are still at work in {data}: {processes_in_folder(data)}.",
        )
    for lock in (data / "postmaster.pid", *socket_folder(data.parent).glob(".s.PGSQL.*.lock")):
        lock.unlink(missing_ok=True)


def processes_in_folder(folder: Path) -> list[int]:
    """Ids of processes with this working folder: a server's and its sessions' is their data."""
    found = []
    for cwd in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # gone meanwhile, or not ours to see
            if cwd.readlink() == folder:
                found.append(int(cwd.parent.name))
    return found


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(
                f"{folder} 正被另一个程序使用", f"Another program uses {folder}."
            ) from None
        yield


def socket_folder(folder: Path) -> Path:
    """A short path, as a socket's name may have 107 characters, and the same for the same data."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    path = Path(tempfile.gettempdir()) / f"bairi-{os.geteuid()}-{name}"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def start_postgres(
    data: Path, socket: Path, log_file: Path, *settings: str
) -> subprocess.Popen[bytes]:
    command = [str(binaries_folder() / "postgres"), "-D", str(data), "-k", str(socket)]
    command += ["-c", "listen_addresses=", "-c", f"max_connections={MAX_CONNECTIONS}"]
    command += [each for setting in settings for each in ("-c", setting)]
    with log_file.open("ab") as output:
        return subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            preexec_fn=partial(die_with_parent, os.getpid()),
            process_group=0,  # a Ctrl-C is for us, who need the server until we have stopped
            **subprocess_options(),
        )


def die_with_parent(parent: int) -> None:
    """Make the new process end in order when its parent is killed."""
    LIBC.prctl(SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != parent:  # it was killed before it could be asked for
        os._exit(1)


def wait_until_ready(server: subprocess.Popen[bytes], socket: Path, log_file: Path) -> None:
    """Poll until the server answers. Raises DatabaseUnavailable, with the end of its log."""
    program = str(binaries_folder() / "pg_isready")
    command = [program, "--quiet", "-h", str(socket), "-U", "postgres"]
    for _ in range(START_TIMEOUT * POLLS_PER_SECOND):
        if subprocess.run(command, check=False, **subprocess_options()).returncode == 0:
            return
        try:
            server.wait(1 / POLLS_PER_SECOND)
            break
        except subprocess.TimeoutExpired:
            continue
    server.kill()
    server.wait()
    last = log_file.read_text(errors="replace").splitlines()[-10:]
    raise DatabaseUnavailable("PostgreSQL 没有起来：\n" + "\n".join(last))
