"""bairi up, serve, worker, demo: the services as processes.

Servers are imported inside the commands, so that their help does not wait for them.
"""

from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from services.cli.console.terminal import OUT


class Service(StrEnum):
    registry = "registry"
    scoring = "scoring"
    notifier = "notifier"


DataOption = Annotated[Path, typer.Option("--data", metavar="DIR", help="数据文件夹：数据库和密钥")]
OfficeOption = Annotated[
    str,
    typer.Option("--office", metavar="CODE", help="签发这个重点项目办的令牌：六位行政区划代码"),
]
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
OriginsOption = Annotated[
    str,
    typer.Option(
        "--cors-origins",
        envvar="CORS_ORIGINS",
        help="哪些网页来源可以调用接口，以逗号分隔，如 https://example.gov.cn；空则没有",
    ),
]
HostOption = Annotated[str, typer.Option("--host", help="监听的地址")]
DEFAULT_DATA, DEMO_DATA = Path("out/data"), Path("out/demo")
DEFAULT_PORT = 8000


def up(
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = "",
    owner_url: OwnerOption = "",
    port: PortOption = DEFAULT_PORT,
    office: OfficeOption = "",
    cors_origins: OriginsOption = "",
) -> None:
    """在一个端口上运行各服务和后台工作，数据库自带；按 Ctrl-C 停止。

    写了 --office 的，把这个重点项目办的令牌写入数据文件夹的 token 文件，只有文件所有者能读。
    """
    from shared.http.cors import parse_origins

    try:
        origins = parse_origins(cors_origins)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--cors-origins") from None
    from services.cli.server.issuer import write_office_token
    from services.cli.server.server import serve_all_services, wait_until_stopped
    from shared.logs import configure_logging
    from shared.reference import region_codes

    if office and office not in region_codes():
        raise typer.BadParameter(
            f"应为区划代码表里的六位行政区划代码，如 350521，表中没有“{office}”",
            param_hint="--office",
        )
    configure_logging()
    token = write_office_token(data, office) if office else None
    wait = partial(wait_until_stopped, data=data, token=token)
    serve_all_services(data, database_url, port, wait, owner_url=owner_url, origins=origins)


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


def demo(
    data: DataOption = DEMO_DATA,
    database_url: DatabaseOption = "",
    stay: Annotated[bool, typer.Option("--stay", help="走完后不退出，接着服务")] = False,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535)] = None,
) -> None:
    """样例县经接口走一遍：导入、计分、排名、亮灯、逐日发函；完成后退出，或接着服务。"""
    from services.cli.server.demo import run_demo
    from services.cli.server.invitations import invite_person
    from services.cli.server.issuer import write_office_token
    from services.cli.server.server import StopEvent, serve_all_services, wait_until_stopped
    from services.cli.showcase.sample.names import SAMPLE_REGION

    letters = data / "letters"
    letters.mkdir(parents=True, exist_ok=True)
    token = write_office_token(data, SAMPLE_REGION)

    async def run(address: str, stopped: StopEvent) -> None:
        await run_demo(OUT, address, token.read(), letters)
        if stay:
            link = await invite_person(address, token.read())
            await wait_until_stopped(address, stopped, data=data, token=token, link=link)

    chosen = (DEFAULT_PORT if stay else 0) if port is None else port
    serve_all_services(data, database_url, chosen, run, any_day=True)
