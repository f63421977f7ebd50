"""bairi check: all errors and warnings of a ledger at once."""

from datetime import date
from typing import Annotated

import typer

from services.cli.console.arguments import FormatOption, LedgerArgument, parse_date_option
from services.cli.console.findings import count_findings, findings_document, show_findings
from services.cli.console.ledger_input import read_ledger_or_exit
from services.cli.console.printing import print_json, printable_path
from services.cli.console.terminal import EXIT_ERRORS, OUT
from shared import local_time
from shared.facts.tables import FACT_KINDS

TodayOption = Annotated[
    date | None,
    typer.Option(
        "--today",
        parser=parse_date_option,
        metavar="DATE",
        help="以哪一天为今天来看数据是否合理；不写为北京时间的今天",
    ),
]


def check(path: LedgerArgument, today: TodayOption = None, output: FormatOption = "table") -> None:
    """检查台账：一次列出全部错误和提醒，也提醒不合常理的数据；有错误时退出码为 1。"""
    reading = read_ledger_or_exit(path, today or local_time.today())
    if output == "json":
        print_json(
            {
                "ledger": printable_path(path),
                "rows": dict(reading.counts),
                "errors": findings_document(reading.errors),
                "warnings": findings_document(reading.warnings),
            }
        )
    else:
        counted = "，".join(
            f"{FACT_KINDS[name].zh} {n} 行" for name, n in reading.counts.items() if n
        )
        OUT.print(f"{printable_path(path)}：{counted or '没有数据'}", markup=False)
        if reading.findings:
            show_findings(OUT, reading.findings)
        style = "red" if reading.errors else "green"
        errors, warnings = map(count_findings, (reading.errors, reading.warnings))
        OUT.print(f"[{style}]错误 {errors} 条[/]，提醒 {warnings} 条")
    if reading.errors:
        raise typer.Exit(EXIT_ERRORS)
