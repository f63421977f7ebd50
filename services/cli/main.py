"""`bairi`: the whole job on a ledger, with no server and no database."""

import sys

import typer

from services.cli.commands.bulletin import bulletin
from services.cli.commands.campaign import campaign
from services.cli.commands.check import check
from services.cli.commands.convert import convert
from services.cli.commands.counties import counties
from services.cli.commands.explain import explain
from services.cli.commands.indicators import indicators
from services.cli.commands.letters import letters
from services.cli.commands.periods import periods
from services.cli.commands.portfolio import portfolio
from services.cli.commands.schemes import schemes
from services.cli.commands.score import score
from services.cli.commands.sensitivity import sensitivity
from services.cli.commands.services import demo, serve, token, up, worker
from services.cli.commands.what_if import what_if_command
from services.cli.console.arguments import ERR, EXIT_USAGE
from shared.problems import Problem

app = typer.Typer(
    help="百日：重点项目台账的检查、计分、亮灯、发函。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
LEDGER_COMMANDS = (
    *(check, score, explain, sensitivity, counties, periods, bulletin, letters),
    *(campaign, portfolio, indicators, convert, schemes),
)
SERVICE_COMMANDS = (up, serve, worker, token, demo)
for command in (*LEDGER_COMMANDS, *SERVICE_COMMANDS):
    app.command()(command)
app.command("what-if")(what_if_command)


def main() -> None:
    """Runs the command; what a person can mend ends in a sentence and exit 2, not in a trace."""
    try:
        app()
    except Problem as problem:
        ERR.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(EXIT_USAGE)


if __name__ == "__main__":
    main()
