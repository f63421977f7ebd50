"""Facts and schemes changed for a question: what changes, what stays, every mistake told."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.what_if.changes import (
    ChangeMistake,
    Changes,
    Changing,
    FactChange,
    LedgerTable,
    SchemeChange,
    apply_fact_changes,
    find_ledger_errors,
)
from services.scoring.schemes.scheme_changes import apply_scheme_changes, read_changes
from services.scoring.schemes.scheme_files import built_in_schemes, find_scheme, resolve_lights
from shared.facts.projects import Milestone, Plan, Progress, Project
from shared.facts.tables import FACT_KINDS, Facts
from tests.builders import a_fund, a_ledger, a_milestone, a_plan, a_project, a_report
from tests.registry.made_up_kinds import declared_kinds
from tests.scoring.engine.points.rule_results import RULE_NAMES

LEDGER = a_ledger(
    projects=[a_project("P1", programs=["three_batches"]), a_project("P2")],
    plans=[a_plan(100, "P1"), a_plan(200, "P1", year=2023)],
    milestones=[
        a_milestone("started", "P1", planned_on="2022-03-01"),
        a_milestone("started", "P1", planned_on="2022-05-01", decided_on="2022-02-01"),
    ],
    progress=[a_report("2022-06-30", 40, "P1")],
    funds=[a_fund(5, project_id="P1"), a_fund(5, project_id="P1")],
)


def change(**given: Any) -> FactChange:
    return FactChange.model_validate(given)


def after(*changes: FactChange) -> Facts:
    return apply_fact_changes(LEDGER, changes)


def said(*changes: FactChange) -> list[str]:
    with pytest.raises(ChangeMistake) as refused:
        after(*changes)
    return refused.value.detail.splitlines()


DEEP: Any = []
for _ in range(500):
    DEEP = [DEEP]

# --- facts


def test_a_cell_is_set_as_people_write_it_and_the_rest_stays() -> None:
    made = after(
        change(
            change="set",
            table="progress",
            where={"project_id": "P1", "as_of": "2022年6月30日"},
            to={"invested_ytd_yuan": "1.2万元"},
        )
    )
    (report,) = made.rows(Progress)
    assert (report.as_of, report.invested_ytd_yuan) == (date(2022, 6, 30), 12_000)
    others = {name: table for name, table in made.tables.items() if name != "progress"}
    assert others == {name: LEDGER.tables[name] for name in others}
    assert LEDGER.rows(Progress)[0].invested_ytd_yuan == 40


def test_blank_finds_what_is_blank_and_blanks_what_is_set() -> None:
    where = {"project_id": "P1", "kind": "开工", "decided_on": None}
    made = after(
        change(change="set", table="milestones", where=where, to={"actual_on": "2022-04-01"}),
        change(change="set", table="projects", where={"project_id": "P1"}, to={"programs": None}),
    )
    assert [row.actual_on for row in made.rows(Milestone)] == [date(2022, 4, 1), None]
    assert [row.programs for row in made.rows(Project)] == [(), ()]


def test_rows_come_and_go_in_the_order_of_the_changes() -> None:
    more = {"project_id": "P2", "year": 2022, "planned_yuan": 7}
    made = after(
        change(change="add", table="plans", row=more),
        change(change="set", table="plans", where=more, to={"planned_yuan": 9}),
        change(change="remove", table="plans", where={"project_id": "P1", "year": 2023}),
        change(
            change="set",
            table="projects",
            where={"programs": ["三个一批"]},
            to={"programs": ["special_bond", "补短板"], "is_attracted": "是"},
        ),
    )
    assert [(p.project_id, p.planned_yuan) for p in made.rows(Plan)] == [("P1", 100), ("P2", 9)]
    first = made.rows(Project)[0]
    assert (first.programs, first.is_attracted) == (("special_bond", "shoring_up"), True)


def test_of_rows_that_are_equal_one_goes() -> None:
    made = after(change(change="remove", table="funds", where={"project_id": "P1"}))
    assert made.tables["funds"].num_rows == 1


def test_every_mistake_is_told_with_its_place() -> None:
    assert said(
        change(change="add", table="milestones", row={"kind": "开工", "actual_on": "昨天"}),
        change(change="remove", table="plans", where={"project_id": "P1"}),
        change(change="remove", table="plans", where={"project_id": "P9", "years": 2022}),
        change(change="set", table="plans", where={"year": 2021}, to={"planned_yuan": -1}),
    ) == [
        "facts.0.row.actual_on：应为日期，如 2022-09-15、2022/9/15、2022年9月15日，"
        "或月份 2022-09，写的是“昨天”",
        "facts.0.row.project_id：不能为空",
        "facts.1.where：这样的行有 2 行，请再写明其他栏（project_id=P1）",
        "facts.2.where.years：“年度计划”表没有这一栏，有：project_id、year、planned_yuan、"
        "prior_invested_yuan、" + "、".join(f"m{month:02}" for month in range(1, 13)),
        "facts.3.where：没有这样的行（year=2021）",
        "facts.3.to.planned_yuan：金额不能为负数，写的是“-1”",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"change": "add", "table": "plans", "row": {"project_id": "P1", "year": 2022}},
            "“年度计划”表：项目编号“P1”，与第1行重复，“项目编号、年度”不能相同",
        ),
        (
            {"change": "add", "table": "plans", "row": {"project_id": "P9", "year": 2022}},
            "“年度计划”表：项目编号“P9”，“项目”表中没有这个编号",
        ),
        (
            {"change": "set", "table": "plans", "where": {"year": 2022}, "to": {"m01": 1}},
            "“年度计划”表：2月累计计划“”，各月累计计划应全部填写，或全部留空",
        ),
        (
            {"change": "set", "table": "projects", "where": {"project_id": "P2"},
             "to": {"is_secret": True}},
            "“项目”表：是否涉密“TRUE”，涉密项目不得进入本系统，应删除本行",
        ),
    ],
)  # fmt: skip
def test_what_a_ledger_would_be_refused_for_is_refused(
    given: dict[str, Any], expected: str
) -> None:
    assert said(change(**given)) == [f"facts.0：{expected}"]


def test_what_was_wrong_before_is_not_told_again() -> None:
    broken = a_ledger(projects=[a_project("P1")], plans=[a_plan(1, "P9")])
    more = change(change="add", table="plans", row={"project_id": "P1", "year": 2022})
    assert apply_fact_changes(broken, [more]).tables["plans"].num_rows == 2


def test_the_tables_are_those_of_the_ledger_and_called_as_its_sheets() -> None:
    assert LedgerTable.labels() == {kind.name: kind.zh for kind in FACT_KINDS.values()}
    assert [*LedgerTable] == [*FACT_KINDS]


# --- schemes


def scheme_with(**changes: Any) -> tuple[Scheme, Lights]:
    scheme = find_scheme("lanxian-2022")
    given = [SchemeChange(path=path, value=value) for path, value in changes.items()]
    return apply_scheme_changes(scheme, resolve_lights(scheme), given)


def test_weights_rules_and_thresholds_change_and_the_rest_stays() -> None:
    before = find_scheme("lanxian-2022")
    scheme, preset = scheme_with(
        **{
            "pillars.speed.weight": 30,
            "pillars.speed.metrics.start_rate.points": {"rule": "threshold", "at": 0.9},
            "pillars.1.metrics.0.weight": "2.5",
            "lights.axes.progress.red": "figure > 20",
        }
    )
    speed, planning = scheme.pillars[:2]
    assert [pillar.weight for pillar in scheme.pillars] == [30, 20, 20, 20, 20]
    assert speed.metrics[0].points.rule == "threshold"
    assert str(planning.metrics[0].weight) == "2.5"
    assert next(axis for axis in preset.axes if axis.id == "progress").red == "figure > 20"
    assert (scheme.pillars[2:], speed.metrics[1:]) == (
        before.pillars[2:],
        before.pillars[0].metrics[1:],
    )


@pytest.mark.parametrize("name", built_in_schemes())
def test_a_change_to_what_it_was_changes_nothing(name: str) -> None:
    scheme = find_scheme(name)
    preset = resolve_lights(scheme)
    same = SchemeChange(path="decimals", value=scheme.decimals)
    made, lights = apply_scheme_changes(scheme, preset, [same])
    assert made.model_copy(update={"lights": scheme.lights}) == scheme
    assert lights == preset


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"pillars.speed.weight": 0, "decimal": 1, "decimals": 9},
            [
                "scheme.0.value：pillars.speed.weight：应大于 0，写的是“0”",
                "scheme.1.path：decimal：方案 里没有“decimal”，有：id、version、zh",
                "scheme.2.value：decimals：应不大于 6，写的是“9”",
            ],
        ),
        (
            {"pillars.speed.metrics.start_rate.points.rule": "nothing"},
            [
                "scheme.0.value：pillars.speed.metrics.start_rate.points.rule：没有这种计分规则，"
                f"可用：{RULE_NAMES}"
            ],
        ),
        (
            {"lights.axes.progress.colour": "red", "pillars.speed.metrics.pooling.weight": 1},
            [
                "scheme.0.path：lights.axes.progress.colour：lights.axes.progress 里没有"
                "“colour”，有：id、zh、subject、applies、figure、metric、missed、yellow、red、words",
                "scheme.1.path：pillars.speed.metrics.pooling.weight：pillars.speed.metrics 里没有"
                "“pooling”，有：start_rate、pooling_rate、investment_completion、production_rate",
            ],
        ),
        ({"lights": "nobody"}, ["scheme.0：没有红黄绿灯方案“nobody”，可用："]),
        ({"zh": DEEP}, ["scheme.0.path：zh：写的内容层次太深"]),
        ({"zh.name": "x"}, ["scheme.0.path：zh.name：zh 里没有“name”，有：（没有下一级）"]),
        ({"tie_break": ["starts_"]}, ["scheme.0.value：tie_break：没有名为“starts_”的指标"]),
    ],
)
def test_mistakes_in_a_scheme_are_told_at_the_change(
    changes: dict[str, Any], expected: list[str]
) -> None:
    with pytest.raises(ChangeMistake) as refused:
        scheme_with(**changes)
    lines = refused.value.detail.splitlines()
    assert len(lines) == len(expected)
    assert all(line.startswith(start) for line, start in zip(lines, expected, strict=True))


def test_what_nobody_could_keep_is_replaced() -> None:
    assert scheme_with(zh="甲\0\ud800")[0].zh == "甲\ufffd\ufffd"


def test_a_formula_that_does_not_compile_is_told_with_its_character() -> None:
    with pytest.raises(ChangeMistake, match="没有名为“figur”的事实或栏目，是不是“figure”"):
        scheme_with(**{"lights.axes.progress.red": "figur > 20"})


# --- a file of changes


def test_a_file_says_both_and_dates_and_decimals_stay_as_written(tmp_path: Path) -> None:
    file = tmp_path / "changes.yaml"
    file.write_text(
        "facts:\n"
        "  - {change: remove, table: progress, where: {project_id: P1, as_of: 2022-06-30}}\n"
        "scheme:\n"
        "  - {path: pillars.speed.weight, value: 20.10}\n",
        encoding="utf-8",
    )
    made = read_changes(file)
    removed = FactChange(
        change=Changing.remove,
        table=LedgerTable("progress"),
        where={"project_id": "P1", "as_of": "2022-06-30"},
    )
    weight = SchemeChange(path="pillars.speed.weight", value=Decimal("20.10"))
    assert made == Changes(facts=(removed,), scheme=(weight,))
    assert str(made.scheme[0].value) == "20.10"


def test_a_list_of_references_is_told_as_people_write_it() -> None:
    with declared_kinds():
        listed = {"gathering_id": "G1", "on": date(2022, 3, 1), "project_ids": ["P1", "P9"]}
        facts = Facts.from_rows({"gatherings": [listed]})
        (error,) = find_ledger_errors(facts)
    assert (error.code, error.value) == ("unknown_reference", "P1、P9")
