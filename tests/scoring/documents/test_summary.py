"""The paragraph on top: the first and last of groups, who moved, the red ones; at every edge."""

from datetime import date
from typing import Any

import pytest

from services.scoring.documents.composition.ledger import LedgerProjects
from services.scoring.documents.composition.sources import BulletinInput
from services.scoring.documents.composition.summary import compose_summary
from services.scoring.schemes.scheme_files import resolve_lights
from tests.scoring.documents.bulletins import (
    OFFICE,
    bulletin_input,
    county,
    of_units,
    sample,
    without_projects,
)
from tests.scoring.engine.result_documents import LANXIAN

HEAD = "参加“岚县 2022 百日大比拼”排名的单位"
DAY = date(2022, 12, 25)
Unit = tuple[str, int | None, str | None]  # name, rank, total


def a_document(
    on: str, groups: dict[str, list[Unit]], lights: dict[str, str] | None = None
) -> dict[str, Any]:
    return {
        "as_of": on,
        "scheme": "lanxian-2022",
        "lights_preset": "yinchuan-2025",
        "groups": [
            {
                "group": group,
                "units": [
                    {"unit_id": name, "name": f"{name}镇", "rank": rank, "total": total}
                    for name, rank, total in units
                ],
            }
            for group, units in groups.items()
        ],
        "lights": [
            {"project_id": project, "overall": colour, "not_reported": False}
            for project, colour in (lights or {}).items()
        ],
    }


def told(document: dict[str, Any], before: dict[str, Any] | None = None) -> str:
    """The paragraph; every project reported and is the first unit's."""
    projects = [light["project_id"] for light in document["lights"]]
    unit = document["groups"][0]["units"][0]["unit_id"]
    ledger = LedgerProjects({}, dict.fromkeys(projects, unit), frozenset(projects))
    preset = resolve_lights(LANXIAN)
    return compose_summary(BulletinInput(document, LANXIAN, preset, ledger, OFFICE, DAY, before))


def units(*totals: str) -> list[Unit]:
    """Units with these totals and dense ranks."""
    ranks = {total: rank for rank, total in enumerate(dict.fromkeys(totals), start=1)}
    return [(f"{n}", ranks[total], total) for n, total in enumerate(totals, start=1)]


@pytest.mark.parametrize(
    ("of_group", "said"),
    [
        (units("9"), "1个。乡镇只有1镇（9分）参与排名。"),
        (units("9", "8"), "2个。乡镇依次为1镇（9分）、2镇（8分）。"),
        (units("5", "5", "5"), "3个。乡镇的3个单位名次并列，均为5分。"),
        (
            units("9", "8", "7", "6", "5", "4", "3"),
            "7个。乡镇前三名为1镇（9分）、2镇（8分）、3镇（7分），"
            "后三名为5镇（5分）、6镇（4分）、7镇（3分）。",
        ),
        (  # the third place is shared by two, and so is the last but two
            units("9", "8", "7", "7", "6", "5", "5", "4"),
            "8个。乡镇前三名为1镇（9分）、2镇（8分）、3镇（7分）、4镇（7分），"
            "后三名为6镇（5分）、7镇（5分）、8镇（4分）。",
        ),
        (  # of too many equal ones the first are named
            units("9", "9", "9", "9", "9", "9", "1"),
            "7个。乡镇前三名为1镇（9分）、2镇（9分）、3镇（9分）、4镇（9分）、5镇（9分）"
            "等6个单位，后三名为7镇（1分）。",
        ),
        ([*units("9", "8"), ("丙", None, None)], "2个。乡镇依次为1镇（9分）、2镇（8分）。"),
    ],
)
def test_a_group_is_told_by_its_first_and_last(of_group: list[Unit], said: str) -> None:
    text = told(a_document("2022-12-25", {"乡镇": of_group}))
    assert text == f"截至2022年12月25日，{HEAD}{said}没有纳入亮灯的项目。"


def test_a_group_without_ranked_units_is_told_beside_others_and_not_alone() -> None:
    nobody: list[Unit] = [("乙", None, None)]
    both = told(a_document("2022-12-25", {"乡镇": units("9"), "部门": nobody}))
    assert "部门没有单位参与排名。" in both
    alone = told(a_document("2022-12-25", {"部门": nobody}))
    assert alone == (
        "截至2022年12月25日，没有单位参加“岚县 2022 百日大比拼”排名。没有纳入亮灯的项目。"
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (units("9", "8", "7"), units("9", "8", "7"), "各单位名次未变"),
        (
            [("1", 3, "1"), ("2", 1, "9"), ("3", 2, "5")],
            [("1", 1, "9"), ("2", 2, "8"), ("3", 3, "7")],
            "1个单位名次上升、2个下降，上升最多的是1镇（由第3名到第1名），"
            "下降最多的是2镇、3镇（各1名）",
        ),
        ([("1", 2, "1"), ("2", 1, "9")], [("1", 1, "9")], None),
        ([("1", None, None)], units("9"), "没有两次都参与排名的单位"),
    ],
)
def test_who_moved_most_is_told_since_the_last_time(
    before: list[Unit], after: list[Unit], said: str | None
) -> None:
    earlier = a_document("2022-09-30", {"乡镇": before})
    text = told(a_document("2022-12-25", {"乡镇": after}), earlier)
    said = said or "1个单位名次上升、0个下降，上升最多的是1镇（由第2名到第1名）"
    assert f"与2022年9月30日相比，{said}。" in text


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"A": "red"}, {"A": "red", "B": "red"}, "2个，红灯2个，占100.00%，比上次增加1个"),
        ({"A": "red"}, {"A": "green", "B": "green"}, "2个，没有红灯，比上次减少1个"),
        ({"A": "red"}, {"A": "green", "B": "red"}, "2个，红灯1个，占50.00%，与上次持平"),
        ({}, {"A": "red", "B": "none", "C": "paused"}, "3个，红灯1个，占33.33%，比上次增加1个"),
    ],
)
def test_red_projects_are_counted_and_compared(
    before: dict[str, str], after: dict[str, str], said: str
) -> None:
    earlier = a_document("2022-09-30", {"乡镇": units("9")}, before)
    text = told(a_document("2022-12-25", {"乡镇": units("9")}, after), earlier)
    assert text.endswith(f"纳入亮灯的项目{said}。")


def test_the_sample_county_reads_as_a_director_would_write_it() -> None:
    text = compose_summary(sample())
    assert text.startswith(
        f"截至2022年12月25日，{HEAD}25个，分3组。乡镇组前三名为样县例东镇（82.66分）、"
    )
    assert "开发区组依次为样县例湾工业园（76.33分）、样县经济开发区（75.71分）。" in text
    assert text.endswith("红灯25个，占23.81%，比上次增加6个；本月未报进度的1个。")


def test_a_county_without_projects_has_a_summary_too() -> None:
    facts = without_projects(of_units(county(), {"U07"}))
    text = compose_summary(bulletin_input(facts))
    assert "没有单位参加" in text
    assert "没有纳入亮灯的项目" in text
