"""bairi audit: the chains of audit rows, verified in the database."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from services.cli.commands.services import DEFAULT_DATA, DatabaseOption, DataOption, Service
from services.cli.console.terminal import ERR, EXIT_ERRORS, OUT

if TYPE_CHECKING:
    from shared.database.audit_verification import Chain

NOTED_PATTERN = re.compile(r"([0-9]{6})=([0-9a-f]{64})")
TAIL_NOTE = (
    "链的末尾被整段删去，从链本身看不出来：请把末行校验值记在别处，"
    "以后用 --expect 办公室=校验值 核对它是否还在。"
)


Noted = tuple[str, bytes]  # an office and a hash of its chain


def parse_noted(text: str) -> Noted:
    """An office and a hash that was noted: `350521=9f86…`."""
    match = NOTED_PATTERN.fullmatch(text)
    if not match:
        raise typer.BadParameter(
            f"应为 办公室=校验值（六位数字=64 位十六进制），写的是“{text}”", param_hint="--expect"
        )
    return match[1], bytes.fromhex(match[2])


def audit(
    action: Annotated[Literal["verify"], typer.Argument(help="verify：核对")],
    names: Annotated[list[Service] | None, typer.Argument(help="哪些服务；空则全部")] = None,
    data: DataOption = DEFAULT_DATA,
    database_url: DatabaseOption = "",
    expect: Annotated[
        list[str] | None,
        typer.Option(metavar="OFFICE=HASH", help="以前记下的校验值，应当还在链中；可写多次"),
    ] = None,
) -> None:
    """核对审计记录：每个办公室一条链，逐行重算校验值；有断裂时退出码为 1。

    指出第一处断裂的行，和它是被改动、被删去还是被调换。末尾被整段删去，从链本身看不出来：
    请把末行校验值记在别处，以后用 --expect 核对。数据库正由 bairi up 运行时也可以核对。
    """
    noted = {parse_noted(text) for text in expect or []}
    chosen = [str(name) for name in names or [*Service]]
    with open_database(data, database_url) as url:
        is_intact = asyncio.run(verify_services(url, chosen, noted))
    OUT.print(TAIL_NOTE, soft_wrap=True)
    if not is_intact:
        raise typer.Exit(EXIT_ERRORS)


@contextmanager
def open_database(data: Path, url: str) -> Iterator[str]:
    """The URL of the named database, or of the one in the folder, which may be running."""
    from shared.database.embedded_postgres import open_embedded_database

    if url:
        yield url
        return
    if not (data / "postgres" / "data").exists():
        raise typer.BadParameter(f"{data} 里没有数据库", param_hint="--data")
    with open_embedded_database(data / "postgres") as embedded_url:
        yield embedded_url


async def verify_services(url: str, names: list[str], noted: set[Noted]) -> bool:
    """Print what the chains of some services come to; whether all is as it should be."""
    from shared.database.audit_verification import has_chains, verify_chains

    is_intact, hashes = True, frozenset(each for _, each in noted)
    for name in names:
        if not await has_chains(url, name):
            ERR.print(f"{name}：没有成链的审计记录；请先用本版本启动一次服务", style="red")
            is_intact = False
            continue
        chains = await verify_chains(url, name, hashes)
        if not chains:
            OUT.print(f"{name}：没有审计记录")
        for chain in chains:
            title = f"{name} {chain.office}"
            OUT.print(f"{title}：{describe_chain(chain)}", soft_wrap=True, highlight=False)
            is_intact &= chain.broken is None
            for found, number in chain.found.items():
                if (chain.office, found) in noted:
                    noted = noted - {(str(chain.office), found)}
                    OUT.print(f"{title}：记下的校验值还在，是第 {number} 行", highlight=False)
    for office, absent in sorted(noted):
        line = f"{office}：记下的校验值不在链中：{absent.hex()}"
        OUT.print(line, soft_wrap=True, highlight=False)
    return is_intact and not noted


def describe_chain(chain: "Chain") -> str:
    from shared.database.audit_verification import BreakKind

    if chain.broken is None:
        last = chain.hash.hex() if chain.hash else ""
        return f"完整，共 {chain.rows} 行，末行编号 {chain.id}，末行校验值 {last}"
    broken = chain.broken
    location = f"断裂，第一处在编号 {broken.id}"
    if broken.kind is BreakKind.missing:
        gone = f"第 {broken.expected} 至 {broken.number - 1} 行"
        return f"{location}（第 {broken.number} 行）之前：{gone}被删去"
    what = {BreakKind.changed: "内容或校验值被改动", BreakKind.out_of_order: "次序被调换"}
    return f"{location}（第 {broken.number} 行）：{what[broken.kind]}"
