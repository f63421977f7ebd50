"""Who uploads a file: a caller with a child process that reads it, and reads beside the write."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from shared.http.auth import require_roles
from shared.http.heavy_work import HeavyWork, HeavyWorkParam
from shared.http.idempotency import ReadSessionFactory, SeparateReadSession
from shared.http.tokens import Caller, Role

OfficeCaller = Annotated[Caller, require_roles(Role.office)]


@dataclass(frozen=True)
class Uploader:
    """One who uploads files: reads beside the write, and a child that reads the file."""

    reading: ReadSessionFactory
    work: HeavyWork
    who: Caller


async def build_uploader(
    reading: SeparateReadSession, work: HeavyWorkParam, who: OfficeCaller
) -> Uploader:
    return Uploader(reading, work, who)


UploaderParam = Annotated[Uploader, Depends(build_uploader)]
