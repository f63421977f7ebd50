"""bairi up, serve, worker, token, demo: the services as processes.

Servers are imported inside the commands, so that their help does not wait for them.
"""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from services.cli.console.terminal import OUT


class Service(StrEnum):
    registry = "registry"
    scoring = "scoring"
    notifier = "notifier"


DataOption = Annotated[Path, typer.Option("--data", metavar="DIR", help="数据文件夹：数据库和密钥")]
DatabaseOption = Annotated[
    str, typer.Option("--database-url", envvar="DATABASE_URL", help="另用 PostgreSQL；空则自带")
]
OwnerOption = Annotated[
    str,
    typer.Option(
        "--owner-url", envvar="DATABASE_OWNER_URL", help="另用 PostgreSQL 时，表的所有者的地址"
    ),
]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="端口；0 为任一空闲端口")]
HostOption = Annotated[str, typer.Option("--host", help="监听的地址")]
DEFAULT_DATA, DEMO_DATA = Path("out/data"), Path("out/demo")
DEFAULT_PORT = 8000
UNIT_ROLES = ("unit", "field")  # roles that see nothing without one


def up(
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = "",
    owner_url: OwnerOption = "",
    port: PortOption = DEFAULT_PORT,
) -> None:
    """在一个端口上运行各服务和后台工作，数据库自带；按 Ctrl-C 停止。"""
    from services.cli.server.server import serve_all_services, wait_until_stopped
    from shared.logs import configure_logging

    configure_logging()
    serve_all_services(data, database_url, port, wait_until_stopped, owner_url=owner_url)


def serve(
    name: Annotated[Service, typer.Argument(help="哪个服务")],
    host: HostOption = "127.0.0.1",
    port: PortOption = DEFAULT_PORT,
) -> None:
    """单独一个进程运行一个服务；设置取自环境变量，先把它的数据库结构升到最新。"""
    from services.cli.server.one_process import serve_one_service
    from services.cli.server.server import run_until_signal
    from shared.logs import configure_logging

    configure_logging()
    run_until_signal(lambda stopped: serve_one_service(name, host, port, stopped))


def worker(
    names: Annotated[list[Service] | None, typer.Argument(help="哪些服务；空则全部")] = None,
    heartbeat: Annotated[
        int, typer.Option(min=1, help="进程被杀后，过多少秒由别的进程接着做")
    ] = 20,
) -> None:
    """单独一个进程做各服务的后台工作：导入台账、每日发函、清理；设置取自环境变量。"""
    from services.cli.server.one_process import run_service_workers
    from services.cli.server.server import run_until_signal
    from shared.logs import configure_logging

    configure_logging()
    chosen, silence = names or [*Service], timedelta(seconds=heartbeat)
    run_until_signal(lambda stopped: run_service_workers(chosen, silence, stopped))


def token(
    role: Annotated[str, typer.Option("--role", help="角色：office、unit、inspector 等")],
    region: Annotated[str, typer.Option("--region", help="行政区划代码的前几位；空为全部")] = "",
    unit: Annotated[str, typer.Option("--unit", help="责任单位编号")] = "",
    name: Annotated[str, typer.Option("--name", help="写入审计记录的名字")] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="有效天数")] = 30,
    data: DataOption = DEFAULT_DATA,
) -> None:
    """印出一个令牌，由数据文件夹里的密钥签发；公钥在同一文件夹的 jwks.json。"""
    from services.cli.server.issuer import open_issuer
    from shared import clock
    from shared.http.tokens import REGION_PREFIX, Caller, Role

    if role not in [*Role]:
        raise typer.BadParameter(f"应为 {'、'.join(Role)}，写的是“{role}”", param_hint="--role")
    if not REGION_PREFIX.fullmatch(region):
        raise typer.BadParameter(f"应为至多 12 位数字，写的是“{region}”", param_hint="--region")
    if role in UNIT_ROLES and not unit:
        raise typer.BadParameter(f"{role} 要写明责任单位", param_hint="--unit")
    caller = Caller(name or role, Role(role), region, unit or None)
    lasts = timedelta(days=days)
    issued = open_issuer(data).issue(caller, now=clock.now(), lasts=lasts)
    OUT.print(issued, soft_wrap=True, highlight=False)


def demo(
    data: DataOption = DEMO_DATA,
    database_url: DatabaseOption = "",
    stay: Annotated[bool, typer.Option("--stay", help="走完后不退出，接着服务")] = False,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535)] = None,
) -> None:
    """样例县经接口走一遍：导入、计分、排名、亮灯、逐日发函；完成后退出，或接着服务。"""
    from services.cli.server.demo import run_demo
    from services.cli.server.server import StopEvent, serve_all_services, wait_until_stopped

    letters = data / "letters"
    letters.mkdir(parents=True, exist_ok=True)

    async def run(address: str, token: str, stopped: StopEvent) -> None:
        await run_demo(OUT, address, token, letters)
        if stay:
            await wait_until_stopped(address, token, stopped)

    chosen = (DEFAULT_PORT if stay else 0) if port is None else port
    serve_all_services(data, database_url, chosen, run, any_day=True)
