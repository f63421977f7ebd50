"""Laws of doubts: of one record, and of a whole ledger as of each record written last."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.facts.tables import FACT_KINDS
from shared.plausibility.context import NO_PROJECT, build_context
from shared.plausibility.judgement import JUDGED_KINDS, judge
from shared.plausibility.ledger import LEFT_TO_READER, judge_ledger
from shared.plausibility.thresholds import DEFAULT_THRESHOLDS, PlausibilityThresholds
from tests.shared.plausibility.records import row

TODAY = date(2022, 3, 6)
Rows = dict[str, list[dict[str, Any]]]

days = st.sampled_from([TODAY + timedelta(days=n) for n in (-400, -70, -2, -1, 0, 1, 4, 5, 40)])
some_days = st.none() | days
amounts = st.none() | st.integers(0, 12)
projects = st.sampled_from(["P1", "P2"])


def table(
    name: str, key: tuple[str, ...], **columns: Any
) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of a table with what is said in some columns; of each key one."""
    rows = st.fixed_dictionaries(columns).map(lambda said: row(name, **said))
    unique = (lambda each: tuple(each[part] for part in key)) if key else None
    return st.lists(rows, max_size=7, unique_by=unique)


ledgers = st.fixed_dictionaries(
    {
        "projects": table(
            "projects", ("project_id",), project_id=projects, total_investment_yuan=amounts
        ),
        "plans": table(
            "plans",
            ("project_id", "year"),
            project_id=projects,
            year=st.sampled_from([2021, 2022]),
            planned_yuan=amounts,
            prior_invested_yuan=amounts,
        ),
        "milestones": table(
            "milestones",
            ("project_id", "kind", "decided_on"),
            project_id=projects,
            kind=st.sampled_from(["signed", "started", "completed", "in_production", "landed"]),
            actual_on=some_days,
            decided_on=some_days,
        ),
        "progress": table(
            "progress",
            ("project_id", "as_of"),
            project_id=projects,
            as_of=days,
            invested_ytd_yuan=amounts,
        ),
        "permits": table(
            "permits",
            ("project_id", "kind", "stage"),
            project_id=projects,
            kind=st.sampled_from(["construction_permit", "eia"]),
            stage=st.sampled_from([None, "1", "2"]),
            needed=st.sampled_from([True, False, None]),
            mode=st.sampled_from([None, "commitment", "tolerant"]),
            granted_on=some_days,
        ),
        "funds": table(
            "funds",
            (),
            project_id=st.none() | projects,
            event=st.sampled_from(["approved", "arrived"]),
            amount_yuan=amounts,
            on=some_days,
        ),
        "problems": table(
            "problems", ("problem_id",), problem_id=st.text("ab"), raised_on=some_days
        ),
    }
)
own_thresholds = st.builds(
    PlausibilityThresholds,
    plan_factor=st.integers(1, 3),
    days_before_period_end=st.integers(0, 5),
)


def columns_of(rows: Rows) -> dict[str, dict[str, list[Any]]]:
    return {
        name: {c: [each[c] for each in found] for c in FACT_KINDS[name].column_names}
        for name, found in rows.items()
    }


def of_project(rows: Rows, project: str | None, without: tuple[str, int]) -> Rows:
    return {
        name: [
            each
            for index, each in enumerate(found)
            if each.get("project_id") == project and (name, index) != without
        ]
        for name, found in rows.items()
    }


@settings(max_examples=300)
@given(ledgers, own_thresholds)
def test_a_ledger_is_judged_as_if_each_record_were_written_last(
    rows: Rows, thresholds: PlausibilityThresholds
) -> None:
    one_by_one = []
    for name, found in rows.items():
        for index, record in enumerate(found):
            project = record.get("project_id")
            others = of_project(rows, project, (name, index))
            context = build_context(others) if project else NO_PROJECT
            one_by_one += [
                (name, index, doubt)
                for doubt in judge(FACT_KINDS[name], record, context, thresholds, TODAY)
                if doubt.code != LEFT_TO_READER
            ]
    whole = [(d.table, at, d) for at, d in judge_ledger(columns_of(rows), thresholds, TODAY)]
    assert sorted(whole, key=repr) == sorted(one_by_one, key=repr)


@given(ledgers, st.data())
def test_rows_that_are_not_judged_are_beside_the_others(rows: Rows, data: st.DataObject) -> None:
    counts = {name: data.draw(st.integers(0, len(found))) for name, found in rows.items()}
    whole = judge_ledger(columns_of(rows), DEFAULT_THRESHOLDS, TODAY)
    some = judge_ledger(columns_of(rows), DEFAULT_THRESHOLDS, TODAY, counts)
    assert list(some) == [each for each in whole if each.row < counts[each.doubt.table]]


@given(ledgers)
def test_the_order_of_rows_says_nothing(rows: Rows) -> None:
    def doubts_of(columns: Any) -> list[str]:
        found = judge_ledger(columns, DEFAULT_THRESHOLDS, TODAY)
        return sorted(repr(doubt) for _, doubt in found)

    turned = {name: found[::-1] for name, found in rows.items()}
    assert doubts_of(columns_of(turned)) == doubts_of(columns_of(rows))


@given(ledgers, st.integers(1, 3))
def test_what_may_be_true_stays_so_under_a_larger_factor(rows: Rows, factor: int) -> None:
    def amounts_doubted(factor: int) -> set[int]:
        own = PlausibilityThresholds(plan_factor=factor)
        found = judge_ledger(columns_of(rows), own, TODAY)
        return {at for at, doubt in found if doubt.code == "ytd_above_plan"}

    assert amounts_doubted(factor + 1) <= amounts_doubted(factor)


@given(ledgers)
def test_without_a_total_a_plan_and_others_no_amount_is_in_doubt(rows: Rows) -> None:
    for record in rows["progress"]:
        found = judge(FACT_KINDS["progress"], record, NO_PROJECT, DEFAULT_THRESHOLDS, TODAY)
        assert {doubt.code for doubt in found} <= {"date_in_future"}


@given(ledgers)
def test_a_doubt_is_about_a_kind_that_is_judged_and_can_be_kept(rows: Rows) -> None:
    for _, doubt in judge_ledger(columns_of(rows), DEFAULT_THRESHOLDS, TODAY):
        assert doubt.table in JUDGED_KINDS
        kept = doubt.document()
        assert kept["zh"]
        assert kept["en"]
        assert doubt.column in FACT_KINDS[doubt.table].column_names
