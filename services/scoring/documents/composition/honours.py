"""Boards, streaks and awards, where the scheme has them; and what stays off."""

from collections.abc import Iterator

from services.scoring.documents.bulletin import (
    BulletinPart,
    Table,
    TableBuilder,
    figure_columns,
    text_columns,
)
from services.scoring.documents.composition.number_format import format_document_figure
from services.scoring.documents.composition.sources import BulletinInput, JsonDocument
from services.scoring.engine.declarations import Measure

SUBJECT_LABELS = {"project": "项目", "unit": "单位"}
BOARD_SIDE_LABELS = {
    "red": "红榜",
    "black": "黑榜",
    "red_beside": "前列未上榜",
    "black_beside": "末位未上榜",
}


def honours_part(matter: BulletinInput) -> BulletinPart | None:
    """Boards, streaks and who has an award; None where the scheme asks for none of them."""
    document = matter.document
    if not any(key in document for key in ("boards", "streaks", "awards")):
        return None
    boards = [board_table(matter, board) for board in document.get("boards", ())]
    awards = [
        award_table(matter, award, "winners")
        for award in document.get("awards", ())
        if award.get("winners")
    ]
    said = (*describe_streaks(matter), *describe_unwon_awards(matter))
    return BulletinPart("红黑榜、连续排名和评奖", said, (*boards, *awards))


def candidates_part(matter: BulletinInput) -> BulletinPart | None:
    """Who was considered for an award and has it not: those whom the reader may see, and why."""
    tables = [award_table(matter, award, "others") for award in matter.document.get("awards", ())]
    shown = tuple(table for table in tables if table.rows)
    return BulletinPart("未获奖的候选及原因", (), shown) if shown else None


def metric_measure(matter: BulletinInput, metric: str) -> Measure:
    known = matter.preset.metrics_by_id(matter.scheme.metrics_by_id)
    return known[metric].measure


def board_table(matter: BulletinInput, board: JsonDocument) -> Table:
    table = TableBuilder(
        (*text_columns("榜", "单位"), *figure_columns("数值", "目标"), *text_columns("说明"))
    )
    of = metric_measure(matter, board["metric"])
    for side, zh in BOARD_SIDE_LABELS.items():
        for line in board[side]:
            told = (
                format_document_figure(line["value"], of),
                format_document_figure(line["target"], of),
            )
            table.add(zh, matter.units[line["unit_id"]], *told, line["reason"])
    return table.made(f"{board['zh']}　{board['group']}", board["zh"], board["group"])


def describe_streaks(matter: BulletinInput) -> Iterator[str]:
    if "streaks" not in matter.document:
        return
    for found in matter.document["streaks"]:
        months = [f"{month[:4]}年{int(month[5:7])}月" for month in reversed(found["months"])]
        period = f"{months[0]}至{months[-1]}" if len(months) > 1 else months[0]
        told = f"{found['zh']}（{period}，连续{len(months)}个月）"
        yield f"{found['group']}的{matter.units[found['unit_id']]}：{told}。"
    if not matter.document["streaks"]:
        yield "没有连续排名靠后的单位。"


def describe_unwon_awards(matter: BulletinInput) -> Iterator[str]:
    for award in matter.document.get("awards", ()):
        if "off" in award:
            yield f"{award['zh']}：{award['off']}。"
        elif not award["winners"]:
            yield f"{award['zh']}：没有达到条件的{SUBJECT_LABELS[award['subject']]}。"


def award_table(matter: BulletinInput, award: JsonDocument, which: str) -> Table:
    """The winners and what was asked of them, or the others and what they lack."""
    of_project = award["subject"] == "project"
    titles = ("项目", "责任单位") if of_project else ("单位",)
    why = "条件" if which == "winners" else "原因"
    table = TableBuilder((*text_columns(*titles), *figure_columns("数值"), *text_columns(why)))
    for found in award.get(which, ()):
        if which == "others" and of_project and not matter.audience.sees(found["unit_id"]):
            continue
        reasons = "；".join(found["reasons"]) if which == "others" else "、".join(award["requires"])
        names = [matter.units[found["unit_id"]]]
        if of_project:
            names.insert(0, matter.ledger.projects[found["project_id"]])
        figure = format_document_figure(found["figure"], declared_award_measure(matter, award))
        table.add(*names, figure, reasons)
    return table.made(award["zh"], award["zh"] if which == "winners" else f"{award['zh']}候选")


def declared_award_measure(matter: BulletinInput, award: JsonDocument) -> Measure:
    declared = next(given for given in matter.scheme.awards if given.id == award["award"])
    if declared.metric:
        return metric_measure(matter, declared.metric)
    return declared.figure.measure if declared.figure else "count"
