"""Boards, streaks and awards, where the scheme has them, and those that stay off."""

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


def honours_part(inputs: BulletinInput) -> BulletinPart | None:
    """Boards, streaks and awards with their winners; None where the scheme declares none."""
    document = inputs.document
    if not any(key in document for key in ("boards", "streaks", "awards")):
        return None
    boards = [board_table(inputs, board) for board in document.get("boards", ())]
    awards = [
        award_table(inputs, award, "winners")
        for award in document.get("awards", ())
        if award.get("winners")
    ]
    paragraphs = (*describe_streaks(inputs), *describe_unwon_awards(inputs))
    return BulletinPart("红黑榜、连续排名和评奖", paragraphs, (*boards, *awards))


def candidates_part(inputs: BulletinInput) -> BulletinPart | None:
    """Candidates without the award, with reasons; of projects those that the reader may see."""
    tables = [award_table(inputs, award, "others") for award in inputs.document.get("awards", ())]
    shown = tuple(table for table in tables if table.rows)
    return BulletinPart("未获奖的候选及原因", (), shown) if shown else None


def metric_measure(inputs: BulletinInput, metric: str) -> Measure:
    known = inputs.preset.metrics_by_id(inputs.scheme.metrics_by_id)
    return known[metric].measure


def board_table(inputs: BulletinInput, board: JsonDocument) -> Table:
    table = TableBuilder(
        (*text_columns("榜", "单位"), *figure_columns("数值", "目标"), *text_columns("说明"))
    )
    measure = metric_measure(inputs, board["metric"])
    for side, zh in BOARD_SIDE_LABELS.items():
        for line in board[side]:
            figures = (
                format_document_figure(line["value"], measure),
                format_document_figure(line["target"], measure),
            )
            table.add(zh, inputs.unit_names[line["unit_id"]], *figures, line["reason"])
    return table.build(f"{board['zh']}　{board['group']}", board["zh"], board["group"])


def describe_streaks(inputs: BulletinInput) -> Iterator[str]:
    if "streaks" not in inputs.document:
        return
    for streak in inputs.document["streaks"]:
        unit = inputs.unit_names[streak["unit_id"]]
        yield f"{streak['group']}的{unit}：{phrase_streak(streak)}。"
    if not inputs.document["streaks"]:
        yield "没有连续排名靠后的单位。"


def phrase_streak(streak: JsonDocument) -> str:
    """A streak with its months: 连续后三名（2022年7月至2022年9月，连续3个月）."""
    months = [f"{month[:4]}年{int(month[5:7])}月" for month in reversed(streak["months"])]
    period = f"{months[0]}至{months[-1]}" if len(months) > 1 else months[0]
    return f"{streak['zh']}（{period}，连续{len(months)}个月）"


def describe_unwon_awards(inputs: BulletinInput) -> Iterator[str]:
    for award in inputs.document.get("awards", ()):
        if "off" in award:
            yield f"{award['zh']}：{award['off']}。"
        elif not award["winners"]:
            yield f"{award['zh']}：没有达到条件的{SUBJECT_LABELS[award['subject']]}。"


def award_table(inputs: BulletinInput, award: JsonDocument, which: str) -> Table:
    """The `winners` of an award with its conditions, or the `others` with what they lack."""
    of_project = award["subject"] == "project"
    titles = ("项目", "责任单位") if of_project else ("单位",)
    why = "条件" if which == "winners" else "原因"
    table = TableBuilder((*text_columns(*titles), *figure_columns("数值"), *text_columns(why)))
    for candidate in award.get(which, ()):
        if which == "others" and of_project and not inputs.audience.can_see(candidate["unit_id"]):
            continue
        reasons = (
            "；".join(candidate["reasons"]) if which == "others" else "、".join(award["requires"])
        )
        names = [inputs.unit_names[candidate["unit_id"]]]
        if of_project:
            names.insert(0, inputs.ledger.project_names[candidate["project_id"]])
        figure = format_document_figure(candidate["figure"], declared_award_measure(inputs, award))
        table.add(*names, figure, reasons)
    return table.build(award["zh"], award["zh"] if which == "winners" else f"{award['zh']}候选")


def declared_award_measure(inputs: BulletinInput, award: JsonDocument) -> Measure:
    declared = next(each for each in inputs.scheme.awards if each.id == award["award"])
    if declared.metric:
        return metric_measure(inputs, declared.metric)
    return declared.figure.measure if declared.figure else "count"
