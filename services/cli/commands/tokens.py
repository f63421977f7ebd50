"""bairi token: a token in a file, never on a screen."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands.services import DEFAULT_DATA, DataOption
from services.cli.console.terminal import ERR, OUT
from services.cli.server.issuer import open_issuer, write_token
from shared import clock
from shared.http.tokens import REGION_PREFIX, TEXT_LENGTH, Caller, Role, is_short_text
from shared.offices import OFFICE_DIGITS, region_prefix

# Roles that see nothing without one.
UNIT_ROLES = (Role.unit, Role.leader, Role.field, Role.approval)
STANDARD_OUTPUT = Path("-")


def token(
    role: Annotated[str, typer.Option("--role", help="角色：office、unit、inspector 等")],
    region: Annotated[
        str, typer.Option("--region", metavar="CODE", help="辖区：行政区划代码，或它的前几位")
    ] = "",
    whole_country: Annotated[
        bool, typer.Option("--whole-country", help="不限辖区，用于服务之间；与 --region 二选一")
    ] = False,
    unit: Annotated[str, typer.Option("--unit", help="责任单位编号")] = "",
    name: Annotated[str, typer.Option("--name", help="写入审计记录的名字")] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="有效天数")] = 30,
    data: DataOption = DEFAULT_DATA,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="写到哪个文件；不写则在数据文件夹；- 为标准输出，只可接管道",
        ),
    ] = None,
) -> None:
    """签发一个令牌，写入只有所有者能读的文件，印出文件所在；公钥在数据文件夹的 jwks.json。"""
    caller = build_caller(role, region, unit, name, whole_country=whole_country)
    now, lasts = clock.now(), timedelta(days=days)
    if out == STANDARD_OUTPUT:
        if sys.stdout.isatty():
            raise typer.BadParameter("令牌不显示在屏幕上，请写文件名或接管道", param_hint="--out")
        sys.stdout.write(open_issuer(data).issue(caller, now=now, lasts=lasts) + "\n")
        return
    path = out or data / f"token-{role}-{caller.region or 'whole-country'}"
    written = write_token(data, path, caller, now=now, lasts=lasts)
    ERR.print(f"{written.expires_on} 到期；只有文件所有者能读", highlight=False)
    OUT.print(str(path), soft_wrap=True, highlight=False, markup=False)


def build_caller(role: str, region: str, unit: str, name: str, *, whole_country: bool) -> Caller:
    """The caller that a token is asked for. Raises BadParameter.

    A city's or a province's code in full stands for all in it: `350500` is the prefix `3505`.
    """
    if role not in [*Role]:
        raise typer.BadParameter(f"应为 {'、'.join(Role)}，写的是“{role}”", param_hint="--role")
    if not REGION_PREFIX.fullmatch(region):
        raise typer.BadParameter(f"应为至多 12 位数字，写的是“{region}”", param_hint="--region")
    prefix = region_prefix(region) if len(region) == OFFICE_DIGITS else region
    if bool(prefix) == whole_country:
        raise typer.BadParameter(
            "写明辖区的行政区划代码；不限辖区的另写 --whole-country，二者只写一个",
            param_hint="--region",
        )
    if role in UNIT_ROLES and not unit:
        raise typer.BadParameter(f"{role} 要写明责任单位", param_hint="--unit")
    for option, text in (("--unit", unit), ("--name", name)):
        if not is_short_text(text):
            raise typer.BadParameter(
                f"应不超过 {TEXT_LENGTH} 个字，没有换行等控制字符", param_hint=option
            )
    return Caller(name or role, Role(role), prefix, unit or None)
