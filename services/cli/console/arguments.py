"""Arguments and options that commands share: a ledger, a day, a scheme, an engine, a format."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from services.scoring.execution.engine_names import EngineName
from shared.ledger.dates import MAX_DATE, MIN_DATE


def parse_date_option(text: str) -> date:
    """A day as an argument: 2022-12-25, in the years that a ledger may have."""
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"应为日期，如 2022-12-25，写的是“{text}”") from None
    if not MIN_DATE <= parsed <= MAX_DATE:
        raise typer.BadParameter(
            f"日期应在 {MIN_DATE.year} 年至 {MAX_DATE.year} 年之间，写的是“{text}”"
        )
    return parsed


LedgerArgument = Annotated[
    Path,
    typer.Argument(
        metavar="LEDGER", help="台账：CSV 文件夹、其 ZIP，或工作簿（.xlsx、.xls、.ods）"
    ),
]
AsOfOption = Annotated[
    date, typer.Option("--as-of", parser=parse_date_option, metavar="DATE", help="截至日期")
]
SchemeOption = Annotated[
    str, typer.Option("--scheme", metavar="NAME|FILE", help="内置方案的名称，或方案文件（YAML）")
]
EntriesOption = Annotated[
    Path | None,
    typer.Option("--entered", metavar="FILE", help="录入的目标和打分，可写日期或月份：YAML 或 CSV"),
]
EngineOption = Annotated[
    EngineName,
    typer.Option("--engine", envvar="SCORING_ENGINE", help="在本进程里用 DuckDB，或用 Spark 计算"),
]
SparkMasterOption = Annotated[
    str,
    typer.Option("--spark-master", envvar="SCORING_SPARK_MASTER", help="Spark 集群的地址"),
]
FormatOption = Annotated[
    Literal["table", "json"], typer.Option("--format", help="table 供人看，json 供程序读")
]
SERVER_OPTION = typer.Option(
    "--server", metavar="URL", help="服务的地址，如 bairi up 印出的；登记服务单独运行时是它的"
)
TOKEN_OPTION = typer.Option(
    "--token-file", metavar="FILE", exists=True, dir_okay=False, help="令牌所在的文件"
)
TokenOption = Annotated[Path, TOKEN_OPTION]
