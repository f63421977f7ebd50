"""What is told of an import: counts of findings, rows of changes, values as people read them."""

import pytest

from services.registry.ledger.rules import count_rows, group_findings
from services.registry.records.ledger_changes import value_text
from shared.facts.tables import FACT_COLUMNS

FINDINGS = [
    {"level": "warning", "sheet": "杂项", "code": "unknown_sheet", "expected": "甲", "count": 2},
    {"level": "error", "sheet": "progress", "code": "bad_date", "expected": "乙", "count": 1},
    {"level": "error", "sheet": "progress", "code": "bad_date", "expected": "丙", "count": 3},
    {"level": "error", "sheet": "plans", "code": "bad_date", "expected": "丁", "count": 1},
]


def test_findings_are_counted_by_level_sheet_and_code_errors_first() -> None:
    groups = group_findings(FINDINGS)
    assert [(g["sheet"], g["count"], g["expected"], g["is_skipped"]) for g in groups] == [
        ("progress", 4, "乙", False),
        ("plans", 1, "丁", False),
        ("杂项", 2, "甲", True),
    ]


def test_a_corrected_record_has_a_key_and_other_rows_come_and_go() -> None:
    change = {"added": 5, "superseded": 2}
    assert count_rows({"progress": change, "funds": change}) == {
        "progress": {**change, "new": 3, "corrected": 2, "withdrawn": 0},
        "funds": {**change, "new": 5, "corrected": 0, "withdrawn": 2},
    }


@pytest.mark.parametrize(
    ("table", "column", "stored", "text"),
    [
        ("projects", "total_investment_yuan", "124500", "12.45万元"),
        ("projects", "total_investment_yuan", "0", "0万元"),
        ("projects", "total_investment_yuan", "12450000000", "1,245,000万元"),
        ("projects", "nature", "new", "新建"),
        ("projects", "key_levels", "province;city", "省级、市级"),
        ("projects", "is_industrial", "true", "是"),
        ("projects", "is_industrial", "false", "否"),
        ("projects", "name", "甲项目", "甲项目"),
        ("projects", "name", None, None),
        ("progress", "as_of", "2022-09-05", "2022年9月5日"),
        ("progress", "physical_pct", "55.5000", "55.5%"),
        ("progress", "physical_pct", "100.0000", "100%"),
    ],
)
def test_a_value_is_told_as_people_read_it(
    table: str, column: str, stored: str | None, text: str | None
) -> None:
    [declared] = [each for each in FACT_COLUMNS[table] if each.name == column]
    assert value_text(declared, stored) == text
