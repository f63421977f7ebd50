"""The issuer of tokens that lives in a data folder, and files that hold a token.

A token is never printed for people or into a log: it lies in a file that only its owner may read.
"""

import json
import os
import shlex
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import mkstemp

from shared import clock
from shared.http.tokens import Caller, Issuer, Role
from shared.offices import region_prefix
from shared.problems import Problem

TOKEN_FILE = "token"  # in a data folder: of the office that it is for
OFFICE_NAME = "重点项目办"  # of an office's token, in the audit trail
OFFICE_TOKEN_LIFETIME = timedelta(days=30)


class UnfitTokenFile(Problem):
    """令牌写不进这个文件

    The token cannot be written to the file.
    """


@dataclass(frozen=True)
class TokenFile:
    """A token in a file that only its owner may read, and the day on which it is good no more.

    `office` is whose it is.
    """

    path: Path
    expires_on: date
    office: str

    def read(self) -> str:
        return self.path.read_text("ascii")

    @property
    def shell_header(self) -> str:
        """The header of a request, in a shell's words: the token is not on the command line."""
        return f'"Authorization: Bearer $(cat {shlex.quote(str(self.path))})"'


def open_issuer(data: Path) -> Issuer:
    """The issuer of a data folder; its public keys are written there, for services run apart."""
    data.mkdir(parents=True, exist_ok=True)
    issuer = Issuer(data / "issuer.json")
    (data / "jwks.json").write_text(json.dumps(issuer.public))
    return issuer


def write_office_token(data: Path, office: str) -> TokenFile:
    """Write a token of an office, six digits, into its data folder. Raises UnfitTokenFile."""
    caller = Caller(OFFICE_NAME, Role.office, region_prefix(office))
    return write_token(data, data / TOKEN_FILE, caller, now=clock.now())


def write_token(
    data: Path,
    path: Path,
    caller: Caller,
    *,
    now: datetime,
    lasts: timedelta = OFFICE_TOKEN_LIFETIME,
) -> TokenFile:
    """Write a token of a data folder's issuer to a file. Raises UnfitTokenFile."""
    token = open_issuer(data).issue(caller, now=now, lasts=lasts)
    write_private_file(path, token)
    expires_on = (now + lasts).astimezone(clock.LOCAL_TIMEZONE).date()
    return TokenFile(path, expires_on, caller.office)


def write_private_file(path: Path, content: str) -> None:
    """Write a file that only its owner may read, from its first moment, whole or not at all.

    An old file is replaced, whoever could read that. What is no file, as a device, a pipe or a
    link, is left alone. Raises UnfitTokenFile.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise UnfitTokenFile(f"{path} 不是普通文件")
        handle, new = mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(content)
            os.replace(new, path)
        except BaseException:
            os.unlink(new)
            raise
    except OSError as error:
        raise UnfitTokenFile(f"{path}（{error.strerror}）") from None
