"""Boards, streaks and awards, where the scheme has them; and what stays off."""

from collections.abc import Iterator

from services.scoring.documents.bulletin import Part, Table, TableOf, texts
from services.scoring.documents.composing.matter import Document, Matter
from services.scoring.documents.composing.words import printed_figure
from services.scoring.engine.declarations import Measure

SIDES = {"red": "红榜", "black": "黑榜", "red_beside": "前列未上榜", "black_beside": "末位未上榜"}


def honours_part(matter: Matter) -> Part | None:
    """One part for all of them; None where the scheme asks for none."""
    document = matter.document
    if not any(key in document for key in ("boards", "streaks", "awards")):
        return None
    boards = [board_table(matter, board) for board in document.get("boards", ())]
    awards = [
        award_table(matter, award) for award in document.get("awards", ()) if "off" not in award
    ]
    said = (*streaks(matter), *awards_off(matter))
    return Part("红黑榜、连续排名和评奖", said, (*boards, *awards))


def measure(matter: Matter, metric: str) -> Measure:
    known = matter.preset.metrics_by_id(matter.scheme.metrics_by_id)
    return known[metric].measure


def board_table(matter: Matter, board: Document) -> Table:
    table = TableOf(texts("榜", "单位", "数值", "目标", "说明"))
    of = measure(matter, board["metric"])
    for side, zh in SIDES.items():
        for line in board[side]:
            told = printed_figure(line["value"], of), printed_figure(line["target"], of)
            table.add(zh, matter.units[line["unit_id"]], *told, line["reason"])
    return table.made(f"{board['zh']}　{board['group']}", board["zh"], board["group"])


def streaks(matter: Matter) -> Iterator[str]:
    if "streaks" not in matter.document:
        return
    for found in matter.document["streaks"]:
        months = "、".join(f"{month[:4]}年{int(month[5:7])}月" for month in found["months"])
        yield f"{found['group']}的{matter.units[found['unit_id']]}：{found['zh']}（{months}）。"
    if not matter.document["streaks"]:
        yield "没有连续排名靠后的单位。"


def awards_off(matter: Matter) -> Iterator[str]:
    for award in matter.document.get("awards", ()):
        if "off" in award:
            yield f"{award['zh']}：{award['off']}。"


def award_table(matter: Matter, award: Document) -> Table:
    """Who has it; of the others those whom the reader may see, with the reasons against them."""
    table = TableOf(texts("结果", "名称", "责任单位", "数值", "说明"))
    declared = next(given for given in matter.scheme.awards if given.id == award["award"])
    if declared.metric:
        of = measure(matter, declared.metric)
    else:
        of = declared.figure.measure if declared.figure else "count"
    requires = "、".join(award["requires"])
    for found in award["winners"]:
        table.add("获奖", *candidate(matter, found, of), requires)
    for found in award["others"]:
        if "project_id" not in found or matter.audience.sees(found["unit_id"]):
            table.add("候选", *candidate(matter, found, of), "；".join(found["reasons"]))
    return table.made(award["zh"], award["zh"])


def candidate(matter: Matter, found: Document, of: Measure) -> tuple[str, str, str]:
    unit = matter.units[found["unit_id"]]
    name = matter.ledger.projects[found["project_id"]] if "project_id" in found else unit
    return name, unit, printed_figure(found["figure"], of)
