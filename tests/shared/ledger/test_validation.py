"""What holds between the cells of a ledger: keys, references, codes and the rules of a row."""

import pytest

from shared.facts.projects import Milestone, Project
from tests.shared.ledger.sound_ledger import codes, places, reading


@pytest.mark.parametrize(
    ("table", "text", "value"),
    [
        (
            "units",
            "unit_id,name,kind,group\nU01,a,部门,g\nU02,b,部门,g\nＵ０１,c,乡镇,g",
            "Ｕ０１",
        ),
        ("plans", "project_id,year\nP001,2022\nP002,2022\nP001,2022年", "P001"),
        ("progress", "project_id,as_of\nP001,2022-9-30\nP002,2022-09\nP001,2022-09", "P001"),
        ("permits", "project_id,kind,stage\nP001,环评,\nP001,环评,一期\nP001,eia,", "P001"),
        ("milestones", "project_id,kind\nP001,开工\nP001,签约\nP001,started", "P001"),
        ("problems", "problem_id\nQ1\nQ2\nQ1", "Q1"),
    ],
)
def test_a_key_stands_once_and_the_earlier_row_is_named(table: str, text: str, value: str) -> None:
    found = reading(**{table: text})
    [finding] = [f for f in found.findings if f.code == "duplicate_key"]
    assert (finding.row, finding.value) == (4, value)
    assert finding.expected.startswith("与第2行重复，")


def test_all_references_are_checked() -> None:
    found = reading(
        projects="project_id,name,unit_id,nature,competent_unit_id\nP001,沙棘,U09,新建,U08",
        permits="project_id,kind,authority_unit_id\nP009,环评,U07",
        funds="unit_id,project_id,source,event,amount_yuan,on\nU06,P008,专项债,到位,1,2022-01-01",
        problems="problem_id,project_id,handler_unit_id\nQ1,P007,U05",
    )
    values = [f.value for f in found.findings if f.code == "unknown_reference"]
    assert values == ["U09", "U08", "P009", "U07", "U06", "P008", "P007", "U05"]


CURVE = "project_id,year,planned_yuan," + ",".join(f"m{m:02}" for m in range(1, 13))


def test_a_curve_has_all_months_never_falls_and_ends_with_the_plan() -> None:
    found = reading(
        plans=f"""{CURVE}
            P001,2020,12,1,2,3,4,5,6,7,8,9,10,11,12
            P001,2021,12,1,2,,4,5,6,7,8,9,10,11,12
            P001,2022,12,1,2,3,4,3,6,7,8,9,10,11,12
            P001,2023,13,1,2,3,4,5,6,7,8,9,10,11,12
            P001,2024,13,,,,,,,,,,,,
        """
    )
    assert places(found) == [
        ("curve_with_holes", "plans", 3, "m03"),
        ("falling_curve", "plans", 4, "m05"),
        ("curve_end_differs", "plans", 5, "m12"),
    ]


def test_a_revision_has_a_planned_date_unless_it_carries_an_actual_one() -> None:
    found = reading(
        milestones="""
            project_id,kind,planned_on,actual_on,decided_on
            P001,开工,2022-03-01,,
            P001,开工,,,2022-03-05
            P001,开工,,2022-04-01,2022-04-02
        """
    )
    assert places(found) == [("revision_without_plan", "milestones", 3, "planned_on")]
    assert len(reading(milestones="project_id,kind\nP001,开工").facts.rows(Milestone)) == 1


def test_a_pause_ends_no_earlier_than_it_begins() -> None:
    found = reading(
        pauses="""
            project_id,from_on,to_on
            P001,2022-03-01,2022-03-01
            P001,2022-04-02,2022-04-01
            P001,2022-05-01,
        """
    )
    assert places(found) == [("pause_ends_first", "pauses", 3, "to_on")]


def test_money_belongs_to_someone_and_counts_only_with_amount_and_date() -> None:
    found = reading(
        funds="""
            unit_id,project_id,source,event,amount_yuan,on
            ,,专项债,到位,100,2022-01-01
            U01,,专项债,到位,,2022-01-01
            ,P001,专项债,到位,100,
        """
    )
    assert places(found) == [
        ("fund_without_owner", "funds", 2, "unit_id"),
        ("fund_not_counted", "funds", 3, "amount_yuan"),
        ("fund_not_counted", "funds", 4, "on"),
    ]


def test_doubtful_codes_warn_and_are_kept_as_they_are() -> None:
    found = reading(
        projects="""
            project_id,name,unit_id,nature,national_code,owner_uscc,region_code
            P001,沙棘,U01,新建,2603-141124-89-05-346940,911100006000373410,990101
            P002,水厂,U01,新建,岚发改2022,123,1411
            P003,风电,U01,新建,2603-141124-89-05-346948,91110000600037341L,141127
        """
    )
    assert codes(found) == [
        "national_code_check",
        "credit_code_check",
        "unknown_region",
        "bad_national_code",
        "bad_credit_code",
        "bad_region",
    ]
    assert found.facts.rows(Project)[1].national_code == "岚发改2022"
