"""bairi office: the settings of an office, shown and set over HTTP."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from services.cli.console.arguments import SERVER_OPTION, FormatOption, TokenOption
from services.cli.console.printing import print_json
from services.cli.console.registry_client import open_client, request
from services.cli.console.terminal import OUT

DEFAULT_SERVER = "http://127.0.0.1:8000"  # of `bairi up`
DEFAULT_KIND = "default"
NO_PERIODS: Mapping[str, Any] = {"month": None, "half_month": None}
PERIOD = re.compile(r"(?P<kind>month|half_month)=(?:(?P<due>\d{0,3})[,，](?P<closes>\d{0,3}))?")
MARKS = ("office", "version", "recorded_at", "recorded_by", "why", "superseded_at")

CodeArgument = Annotated[
    str, typer.Argument(metavar="CODE", help="办公室代码：六位行政区划代码，也可只写前几位")
]
NameOption = Annotated[str | None, typer.Option("--name", help="信头的发文机关名称")]
WordsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--agency-word",
        metavar="[KIND=]WORD",
        help="发文机关代字；某种函另设写 supervision=岚重办督，撤回写 supervision=；可写多次",
    ),
]
ContactOption = Annotated[str | None, typer.Option("--contact", help="联系人；撤回写空的")]
TelephoneOption = Annotated[str | None, typer.Option("--telephone", help="联系电话；撤回写空的")]
SignersOption = Annotated[
    list[str] | None,
    typer.Option(
        "--signer",
        metavar="KIND=NAME",
        help="某种函的签发人，如 supervision=李强；撤回写 supervision=；可写多次",
    ),
]
ReviewOption = Annotated[
    list[str] | None,
    typer.Option(
        "--review",
        metavar="KIND=MODE",
        help="某种记录的报送怎样审核，如 progress=everything（全部）、findings（有疑点的）、"
        "nothing（不审核）；撤回写 progress=；可写多次",
    ),
]
FactorOption = Annotated[
    int | None, typer.Option("--plan-factor", metavar="N", help="本年完成至多为年度计划的几倍")
]
PercentOption = Annotated[
    int | None, typer.Option("--max-percent", metavar="N", help="形象进度至多百分之几")
]
DaysOption = Annotated[
    int | None,
    typer.Option(
        "--days-before-period-end", metavar="N", help="月末、旬末前几天可按月末、旬末报送"
    ),
]
PeriodsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--period",
        metavar="KIND=DUE,CLOSES",
        help="一种报告期（month 月、half_month 半月）末日以后几天内报送、几天后关闭，"
        "如 month=5,20；不限的不写，如 month=5,；撤回写 month=；可写多次",
    ),
]
WhyOption = Annotated[str, typer.Option("--why", help="为什么改")]


def office(
    code: CodeArgument,
    token_file: TokenOption,
    server: Annotated[str, SERVER_OPTION] = DEFAULT_SERVER,
    name: NameOption = None,
    agency_word: WordsOption = None,
    contact: ContactOption = None,
    telephone: TelephoneOption = None,
    signer: SignersOption = None,
    review: ReviewOption = None,
    plan_factor: FactorOption = None,
    max_percent: PercentOption = None,
    days_before_period_end: DaysOption = None,
    period: PeriodsOption = None,
    why: WhyOption = "",
    output: FormatOption = "table",
) -> None:
    """办公室的设置：信头名称、代字、联系人和电话、签发人、数据界限、报送审核、报送期限；没有要改的就只显示。"""
    if not re.fullmatch("[0-9]{1,6}", code):
        raise typer.BadParameter(f"应为至多六位数字，写的是“{code}”", param_hint="CODE")
    by_kind = {
        "agency_words": parse_kinds(agency_word or (), "--agency-word", default=DEFAULT_KIND),
        "signers": parse_kinds(signer or (), "--signer"),
        "review": parse_kinds(review or (), "--review"),
    }
    lines = {"name": name, "contact": contact, "telephone": telephone}
    changed = {key: line for key, line in lines.items() if line is not None}
    bounds = {
        "plan_factor": plan_factor,
        "max_percent": max_percent,
        "days_before_period_end": days_before_period_end,
    }
    periods = parse_periods(period or ())
    thresholds = {key: bound for key, bound in bounds.items() if bound is not None}

    with open_client(server, token_file) as client:
        path = f"/v1/offices/{code}"
        answer = request(client, "GET", path)
        if any(by_kind.values()) or changed or thresholds or periods:
            settings = change_settings(answer.json(), changed, by_kind)
            settings["plausibility"] = {**settings["plausibility"], **thresholds}
            if periods:
                settings["periods"] = {**(settings["periods"] or NO_PERIODS), **periods}
            headers = {"if-match": answer.headers["etag"]} if "etag" in answer.headers else {}
            form = {**settings, "why": why}
            answer = request(client, "PUT", path, json=form, headers=headers)

    if output == "json":
        print_json(answer.json())
        return
    OUT.print(settings_table(answer.json()))


def parse_kinds(texts: Iterable[str], option: str, default: str = "") -> dict[str, str]:
    """Texts by kind of letter, from `supervision=岚重办督`; one without a kind is the default's."""
    by_kind = {}
    for text in texts:
        kind, _, value = text.partition("=") if "=" in text else (default, "", text)
        if not kind.strip():
            raise typer.BadParameter(f"应为 种类=内容，写的是“{text}”", param_hint=option)
        by_kind[kind.strip()] = value.strip()
    return by_kind


def parse_periods(texts: Iterable[str]) -> dict[str, dict[str, int | None] | None]:
    """Days by kind of period, from `month=5,20`; none of a kind takes it back."""
    periods: dict[str, dict[str, int | None] | None] = {}
    for text in texts:
        found = PERIOD.fullmatch(text)
        if not found:
            message = f"应为 month=5,20 或 half_month=3,10，写的是“{text}”"
            raise typer.BadParameter(message, param_hint="--period")
        due, closes = (int(days) if days else None for days in found.group("due", "closes"))
        limits = {"due_days": due, "closes_days": closes}
        periods[found["kind"]] = limits if any(days is not None for days in (due, closes)) else None
    return periods


def change_settings(
    read: Mapping[str, Any],
    changed: Mapping[str, str],
    by_kind: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """All settings as they were read, with what is changed; a blank takes back what was set.

    What this program does not know is sent back as it came.
    """
    settings = {key: value for key, value in read.items() if key not in MARKS}
    settings |= {key: line or None for key, line in changed.items()}
    for key, texts in by_kind.items():
        merged = {**settings[key], **texts}
        settings[key] = {kind: text for kind, text in merged.items() if text}
    return settings


def settings_table(read: Mapping[str, Any]) -> Table:
    """A row a setting; those by kind have a row each."""
    state = f"第 {read['version']} 版" if read["version"] else "尚未设置，由行政区划得出"
    table = Table(title=f"办公室 {read['office']}　{state}", title_justify="left")
    table.add_column("设置")
    table.add_column("内容", overflow="fold")
    table.add_row("发文机关", read["name"])
    for kind, word in read["agency_words"].items():
        table.add_row("代字" if kind == DEFAULT_KIND else f"代字 {kind}", word)
    table.add_row("联系人", read["contact"] or "")
    table.add_row("联系电话", read["telephone"] or "")
    for kind, signer in read["signers"].items():
        table.add_row(f"签发人 {kind}", signer)
    for kind, mode in read["review"].items():
        table.add_row(f"审核 {kind}", mode)
    thresholds = read["plausibility"]
    table.add_row("本年完成至多", f"年度计划的 {thresholds['plan_factor']} 倍")
    table.add_row("形象进度至多", f"{thresholds['max_percent']}%")
    table.add_row("月末、旬末报送", f"可提前 {thresholds['days_before_period_end']} 天")
    for kind, limits in (read["periods"] or NO_PERIODS).items():
        table.add_row(f"报送期限 {kind}", describe_limits(limits) if limits else "不限")
    return table


def describe_limits(limits: Mapping[str, int | None]) -> str:
    """Until when a kind of period may be reported, and when it closes."""
    due, closes = limits["due_days"], limits["closes_days"]
    told = "不算逾期" if due is None else f"末日以后 {due} 天内报送"
    return f"{told}，" + ("不关闭" if closes is None else f"{closes} 天后关闭")
