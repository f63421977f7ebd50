"""`bairi`: the whole job on a ledger, with no server and no database.

A command imports only what it needs. The module of a command is imported when the command is
invoked, so modules of commands import at their top what every call of theirs needs, and inside a
function what only some calls need (printers, Spark, a server). Tests hold the list of commands
below to the docstrings, and each command to the packages that it may import.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand

from services.cli.console.terminal import ERR, EXIT_USAGE, guard_streams
from shared.problems import Problem

# Each command with its function and the first paragraph of its help.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "check": (
        "check:check",
        "检查台账：一次列出全部错误和提醒，也提醒不合常理的数据；有错误时退出码为 1。",
    ),
    "score": ("score:score", "计分排名：指标、得分、名次、红黄绿灯。"),
    "explain": (
        "explain:explain",
        "说明分数：总分 → 板块 → 指标 → 分子、分母里的每个项目，和未计入的原因。",
    ),
    "sensitivity": (
        "sensitivity:sensitivity",
        "敏感性：各单位升一位最少要动什么，每项权重增减一成会动多少名次。",
    ),
    "counties": (
        "counties:counties",
        "各县、各市排名：把单位按行政区划归到县、市，同一方案计分，逐项列名次。",
    ),
    "periods": ("periods:periods", "季度、年度排名：各月末总分，按方案平均、折算。"),
    "bulletin": (
        "bulletin:bulletin",
        "通报：排名、分类分项、红黄绿灯、名次变动、未报进度、计分办法；打分用于所写的日期或月份。",
    ),
    "letters": ("letters:letters", "重演发函：一段时间里应发的提醒函、交办函、督办函、黄牌。"),
    "campaign": ("campaign:campaign", "攻坚行动：倒计时、目标与序时，结束后的总结。"),
    "portfolio": (
        "portfolio:portfolio",
        "项目组合：按名单、专项、行业、单位、区划或建设性质，看数量、开工、投资和资金。",
    ),
    "indicators": (
        "indicators:indicators",
        "统计指标：数值、同比、目标、来源；固投未录入时列替代指标。",
    ),
    "convert": ("convert:convert", "转换台账：CSV 文件夹 ↔ 工作簿；有错误的台账不转换。"),
    "mapping": (
        "mapping:mapping",
        "本单位的表：认出每一列是台账的哪一项，写成一份映射；拿不准的列出来问。",
    ),
    "import": (
        "import_sheet:import_sheet",
        "按映射导入本单位的表：先看新增、变动和要问的，--yes 才写入台账，--undo 撤回。",
    ),
    "export": ("export:export", "按映射导出：用本单位表格的样式，写某一天的数。"),
    "schemes": (
        "schemes:schemes",
        "方案和红黄绿灯：计分办法、来源、公式；不写名称时是全部内置的。",
    ),
    "up": ("services:up", "在一个端口上运行各服务和后台工作，数据库自带；按 Ctrl-C 停止。"),
    "serve": (
        "services:serve",
        "单独一个进程运行一个服务；设置取自环境变量，先把它的数据库结构升到最新。",
    ),
    "worker": (
        "services:worker",
        "单独一个进程做各服务的后台工作：导入台账、每日发函、清理；设置取自环境变量。",
    ),
    "token": (
        "tokens:token",
        "签发一个令牌，写入只有所有者能读的文件，印出文件所在；公钥在数据文件夹的 jwks.json。",
    ),
    "office": (
        "office:office",
        "办公室的设置：信头名称、代字、联系人和电话、签发人、数据界限、报送审核、报送期限；没有要改的就只显示。",
    ),
    "invite": (
        "invite:invite",
        "邀请一个人登录：印出一次性链接和二维码，七天有效，只能用一次。",
    ),
    "audit": (
        "audit:audit",
        "核对审计记录：每个办公室一条链，逐行重算校验值；有断裂时退出码为 1。",
    ),
    "demo": (
        "services:demo",
        "样例县经接口走一遍：导入、计分、排名、亮灯、逐日发函；完成后退出，或接着服务。",
    ),
    "what-if": (
        "what_if:what_if_command",
        "假如：改事实、权重或亮灯界限，看名次和红黄绿灯怎样变；什么也不保存。",
    ),
}

app = typer.Typer(
    help="百日：重点项目台账的检查、计分、亮灯、发函。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class LazyCommand(TyperCommand):
    """A command that knows its name and help, and loads the rest when it is invoked."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> Any:
        return load_command(str(self.name)).make_context(info_name, args, *rest, **extra)


def load_command(name: str) -> Any:
    """The command in full, with the arguments that its function declares."""
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    single.command(name)(find_function(name))
    return typer.main.get_command(single)


def find_function(name: str) -> Callable[..., None]:
    """The function of a command, from its module."""
    module, _, function = COMMANDS[name][0].partition(":")
    found: Callable[..., None] = getattr(import_module(f"services.cli.commands.{module}"), function)
    return found


def register_commands() -> None:
    for name, (_, text) in COMMANDS.items():
        app.command(name, cls=LazyCommand, help=text)(lambda: None)


register_commands()


def main() -> None:
    """Run the command; an error that a person can mend ends in a sentence and exit 2, no trace."""
    with guard_streams():
        try:
            app()
        except Problem as problem:
            ERR.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
            sys.exit(EXIT_USAGE)


if __name__ == "__main__":
    main()
