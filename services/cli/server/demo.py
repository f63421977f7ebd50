"""The demonstration: a ledger imported, scored and swept through the running services."""

import asyncio
from datetime import date
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from services.cli.console.printing import LIGHT_MARKUP
from services.cli.showcase.sample.county import sample_county
from services.notifier.rules.ladder import LetterKind
from shared.ledger.writer import write_ledger

SCORED_DAYS = (date(2022, 9, 30), date(2022, 11, 30), date(2022, 12, 25))
CAMPAIGN_FIRST_DAY, CAMPAIGN_LAST_DAY = date(2022, 9, 15), date(2022, 12, 25)
POLL_SECONDS = 0.1  # seconds, while an import is being applied or letters are being printed
KIB_IN_MIB = 1024
REQUEST_TIMEOUT = 120.0  # seconds that one request may take


async def run_demo(console: Console, address: str, token: str, folder: Path) -> None:
    """Import, score at three dates, sweep the campaign; write a letter of each kind to the folder.

    Raises RuntimeError where a step fails.
    """
    began = perf_counter()
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(
        base_url=address, headers=headers, timeout=REQUEST_TIMEOUT
    ) as client:
        done = await import_sample_county(client)
        console.print(f"导入样例县（合成数据）：{sum(done['counts'].values())} 行，")
        console.print(
            f"错误 {done['errors']}，提醒 {done['warnings']}；变动 {count_changes(done)} 行"
        )
        runs = [
            await send_request(client, "POST", "/scoring/v1/runs", json=scoring_request(as_of))
            for as_of in SCORED_DAYS
        ]
        for run in runs:
            console.print(f"第 {run['id']} 次计分：截至 {run['as_of']}，{run['facts_digest'][:12]}")
        last_run = f"/scoring/v1/runs/{runs[-1]['id']}"
        show_ranking_response(console, await send_request(client, "GET", f"{last_run}/ranking"))
        to_ranking = perf_counter() - began
        count_lights_response(
            console, await send_request(client, "GET", f"{last_run}/lights", params={"limit": 200})
        )
        reproduction = await send_request(client, "POST", f"{last_run}/repeat")
        console.print(f"由存下的事实重算，字节相同：{'是' if reproduction['same'] else '否'}")
        await save_bulletin(console, client, runs[-1], runs[0], folder)
        await sweep_campaign(console, client, folder)
    console.print(
        f"用时 {perf_counter() - began:.1f} 秒，其中到排名 {to_ranking:.1f} 秒；"
        f"本进程内存峰值 {getrusage(RUSAGE_SELF).ru_maxrss // KIB_IN_MIB} MiB（数据库另计）"
    )


async def import_sample_county(client: httpx.AsyncClient) -> Any:
    """The import of the sample county's workbook: uploaded, checked, applied in the background."""
    with TemporaryDirectory() as folder:
        workbook = Path(folder) / "sample-county.xlsx"
        write_ledger(sample_county(), workbook)
        file = {"file": (workbook.name, workbook.read_bytes())}
    checked = await send_request(client, "POST", "/registry/v1/imports", files=file)
    if earlier := await find_applied_import(client, checked):
        return {**earlier, "changes": None}
    path = f"/registry/v1/imports/{checked['id']}"
    current = await send_request(client, "POST", f"{path}/apply")
    while current["state"] == "applying":
        await asyncio.sleep(POLL_SECONDS)
        current = await send_request(client, "GET", path)
    if current["state"] != "applied":
        raise RuntimeError(f"{path}: {current['problem']}")
    return current


async def find_applied_import(client: httpx.AsyncClient, checked: Any) -> Any:
    """The import of the same file that was applied before, if any.

    To apply it again would take back what was corrected since.
    """
    after = ""
    while True:
        params = {"limit": 200, "after": after}
        page = await send_request(client, "GET", "/registry/v1/imports", params=params)
        for each in page["items"]:
            if (each["state"], each["digest"]) == ("applied", checked["digest"]):
                return each
        if not (after := page["next"]):
            return None


def scoring_request(as_of: date) -> dict[str, str]:
    return {"scheme": "lanxian-2022", "as_of": as_of.isoformat()}


def count_changes(done: Any) -> int:
    return sum(change["added"] for change in (done["changes"] or {}).values())


async def send_request(client: httpx.AsyncClient, method: str, path: str, **options: Any) -> Any:
    """The response's document. Raises RuntimeError where the service refuses."""
    response = await client.request(method, path, **options)
    if response.is_error:
        raise RuntimeError(f"{method} {path}: {response.status_code} {response.text[:2000]}")
    return response.json()


async def save_bulletin(
    console: Console, client: httpx.AsyncClient, run: Any, before: Any, folder: Path
) -> None:
    """Save the bulletin of a run, compared with an earlier one, in its three formats."""
    paths = []
    for form in ("pdf", "docx", "xlsx"):
        path = f"/scoring/v1/runs/{run['id']}/bulletin.{form}"
        response = await client.get(path, params={"since": before["id"]})
        paths.append(folder / f"bulletin.{form}")
        paths[-1].write_bytes(response.raise_for_status().content)
    console.print(f"第 {run['id']} 次计分的通报：{'　'.join(map(str, paths))}")


async def sweep_campaign(console: Console, client: httpx.AsyncClient, folder: Path) -> None:
    """Sweep every day of the campaign; count the letters, and save one of each kind as PDF."""
    days = {"from_on": CAMPAIGN_FIRST_DAY.isoformat(), "to_on": CAMPAIGN_LAST_DAY.isoformat()}
    swept = await send_request(client, "POST", "/notifier/v1/sweeps", json=days)
    console.print(
        f"{CAMPAIGN_FIRST_DAY} 至 {CAMPAIGN_LAST_DAY} 逐日发函：新发 {len(swept['issued'])} 件"
    )
    letters = await load_printed_letters(client)
    for kind in LetterKind:
        of_kind = [letter for letter in letters if letter["kind"] == kind]
        if of_kind:
            path = folder / f"{kind}.pdf"
            document = f"/notifier/v1/letters/{of_kind[0]['id']}/document.pdf"
            path.write_bytes((await client.get(document)).raise_for_status().content)
            first, last = of_kind[0]["number"], of_kind[-1]["number"]
            console.print(f"{kind.label} {len(of_kind)} 件：{first} …… {last}　{path}")


async def load_printed_letters(client: httpx.AsyncClient) -> list[Any]:
    """The letters as soon as all of them are printed, which happens after they are numbered."""
    while True:
        page = await send_request(client, "GET", "/notifier/v1/letters", params={"limit": 200})
        letters: list[Any] = page["items"]
        if all(letter["printed"] for letter in letters):
            return letters
        await asyncio.sleep(POLL_SECONDS)


def show_ranking_response(console: Console, ranking: Any) -> None:
    for group in ranking["groups"]:
        table = Table("名次", "单位", "总分", title=group["group"], title_justify="left")
        for unit in group["units"]:
            table.add_row(str(unit["rank"] or "—"), unit["name"], unit["total"] or "不参与")
        console.print(table)


def count_lights_response(console: Console, page: Any) -> None:
    colours = [light["overall"] for light in page["items"]]
    counted = "　".join(
        f"{LIGHT_MARKUP[c]} {colours.count(c)}" for c in LIGHT_MARKUP if c in colours
    )
    console.print(f"红黄绿灯：{counted}")
