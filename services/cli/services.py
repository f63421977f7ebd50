"""bairi up, bairi demo: the services themselves.

They are imported when they are asked for: who only checks a ledger does not wait for a web server.
"""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.opening import OUT

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="数据文件夹：数据库和密钥")]
Database = Annotated[
    str, typer.Option("--database-url", envvar="DATABASE_URL", help="另用 PostgreSQL；空则自带")
]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="端口；0 为任一空闲端口")]
DEFAULT_DATA, DEMO_DATA = Path("out/data"), Path("out/demo")


def up(data: Data = DEFAULT_DATA, database_url: Database = "", port: Port = 8000) -> None:
    """在一个端口上运行各服务，数据库自带；按 Ctrl-C 停止。"""
    from services.cli.running.serving import serve, until_stopped
    from shared.logs import to_standard_error

    to_standard_error()
    serve(data, database_url, port, until_stopped)


def demo(data: Data = DEMO_DATA, database_url: Database = "") -> None:
    """样例县经接口走一遍：导入、计分、排名、亮灯、逐日发函；完成后退出。"""
    from services.cli.running.demo import show
    from services.cli.running.serving import Task, serve

    letters = data / "letters"
    letters.mkdir(parents=True, exist_ok=True)

    async def shown(address: str, token: str, _: Task) -> None:
        await show(OUT, address, token, letters)

    serve(data, database_url, 0, shown, any_day=True)
