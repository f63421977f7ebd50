"""What the bulletin of a correction says: which run it replaces, why, and what changed."""

from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any

from services.scoring.documents.bulletin import Bulletin
from services.scoring.documents.composition.assembly import compose_bulletin
from services.scoring.documents.composition.sources import CorrectedRun
from services.scoring.engine.lights.history import changed_units, units_by_id
from tests.scoring.documents.bulletins import sample, sample_bulletin
from tests.scoring.documents.printed_tables import column, paragraphs, rows_of, table

REASON = "一个项目的投资多报一倍"
MOVES, ITEMS = "更正的名次和总分", "更正的指标"
METRIC = "investment_completion"


def document() -> Any:
    """The document of the sample, to be changed."""
    return deepcopy(sample().document)


def correction(of: Any, reason: str = REASON) -> Bulletin:
    """The bulletin of the sample as a correction of another document."""
    corrected = CorrectedRun(7, date(2022, 12, 26), reason, of)
    return compose_bulletin(replace(sample(), corrected=corrected))


def first_unit(of: Any) -> Any:
    return of["groups"][0]["units"][0]


def test_it_is_headed_as_a_correction_and_says_why() -> None:
    made = correction(document())
    assert made.title.endswith("排名情况的更正通报")
    assert made.opening[0] == (
        "2022年12月26日公布的第7次计分有误，现予更正，以本通报为准，原通报存查。"
        f"更正理由：{REASON}。"
    )
    assert made.closing == "特此更正。"
    assert made.parts[0].title == MOVES
    assert correction(document(), "漏计。").opening[0].endswith("更正理由：漏计。")


def test_a_bulletin_that_corrects_nothing_says_nothing_of_it() -> None:
    made = sample_bulletin()
    assert "更正" not in made.title + "".join(made.opening) + made.closing
    assert not {MOVES, "更正的指标数值和得分"} & {p.title for p in (*made.parts, *made.annexes)}


def test_where_nothing_changed_there_is_no_table() -> None:
    made = correction(document())
    assert made.parts[0].paragraphs == ("各单位的名次、总分都不变。",)
    assert made.parts[0].tables == ()
    assert "更正的指标数值和得分" not in {part.title for part in made.annexes}


def test_ranks_totals_values_and_points_stand_beside_what_they_were() -> None:
    before = document()
    unit = first_unit(before)
    now = {name: unit[name] for name in ("rank", "total")}
    figure = unit["metrics"][METRIC]
    points = figure["points"]
    unit |= {"rank": 9, "total": "12.34"}
    figure |= {"numerator": figure["denominator"], "points": "1.2500"}

    made = correction(before)
    group = before["groups"][0]["group"]
    assert rows_of(table(made, MOVES)) == [
        [group, unit["name"], "9", str(now["rank"]), "12.34", now["total"]]
    ]
    shown = table(made, ITEMS)
    assert column(shown, "原数值") == ["100.00%"]
    assert column(shown, "原得分") == ["1.2500"]
    assert column(shown, "现得分") == [points]
    assert "指标数值和得分的变动见附件。" in paragraphs(made)


def test_a_rank_within_an_item_alone_is_no_change() -> None:
    before = document()
    first_unit(before)["metrics"][METRIC]["rank"] = 99
    assert [*changed_units(units_by_id(before), units_by_id(document()))] == []
    points = document()
    first_unit(points)["metrics"][METRIC]["points"] = "0.0001"
    (unit,) = changed_units(units_by_id(points), units_by_id(document()))
    assert [*unit] == ["unit_id", "metrics"]
    assert [*unit["metrics"]] == [METRIC]


def test_units_that_came_went_or_changed_their_group_are_listed() -> None:
    before = document()
    new, moved = before["groups"][0]["units"][:2]
    gone = {**deepcopy(before["groups"][1]["units"][0]), "unit_id": "U99", "name": "撤并的单位"}
    before["groups"][0]["units"] = before["groups"][0]["units"][2:]
    before["groups"][1]["units"] += [moved, gone]
    made = correction(before)
    rows = {row[1]: row for row in rows_of(table(made, MOVES))}
    assert [*rows] == [new["name"], moved["name"], "撤并的单位"]
    assert rows[new["name"]][2::2] == ["—", "—"]
    assert rows["撤并的单位"][3::2] == ["—", "—"]
    assert rows[moved["name"]][0] == sample().document["groups"][0]["group"]
    items = rows_of(table(made, ITEMS))
    assert {row[0] for row in items} == {new["name"], "撤并的单位"}
