"""Every figure of a bulletin is the document's, cell by cell; values are reckoned here anew."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from services.scoring.documents.bulletin import Bulletin
from services.scoring.documents.composition.assembly import compose_bulletin as whole
from services.scoring.documents.docx import render_docx
from services.scoring.documents.pdf import render_pdf
from services.scoring.documents.xlsx import render_xlsx
from services.scoring.engine.declarations import Metric
from shared.paper.fonts import default_fonts
from tests.oracle.rounding import rounded
from tests.scoring.documents.bulletins import sample, sample_bulletin, sixty_units
from tests.scoring.documents.printed_tables import (
    Rows,
    docx_tables,
    pages_of,
    rows_of,
    tables_of,
    without_blanks,
    xlsx_sheets,
)
from tests.scoring.engine.result_documents import LANXIAN

DOCUMENT = sample().document
UNITS = [(group["group"], unit) for group in DOCUMENT["groups"] for unit in group["units"]]
LIGHTS = DOCUMENT["lights"]
COLOURS = ("red", "yellow", "green", "paused", "none")
PER_CENT, WAN = 100, 10_000


def text(value: object) -> str:
    return "—" if value is None else str(value)


def place(unit: Any) -> str:
    return "不参与" if unit["rank"] is None else str(unit["rank"])


def value(metric: Metric, item: Any) -> str:
    if item["denominator"] == 0:
        return "不适用"
    exact = Fraction(item["numerator"], item["denominator"] or 1)
    match metric.measure:
        case "share":
            return f"{rounded(exact * PER_CENT, 2)}%"
        case "yuan":
            return f"{Decimal(rounded(exact / WAN, 2)):,}"
        case "days":
            return rounded(exact, 1)
    assert metric.measure == "count"
    return str(exact)


def expected_totals() -> Rows:
    return [[group, place(unit), unit["name"], text(unit["total"])] for group, unit in UNITS]


def expected_pillars() -> Rows:
    return [
        [
            group,
            place(unit),
            unit["name"],
            *(text(unit["pillars"][p.id][key]) for p in LANXIAN.pillars for key in PAIR),
        ]
        for group, unit in UNITS
    ]


PAIR = ("points", "rank")


def expected_items(ids: list[str]) -> Rows:
    metrics = LANXIAN.metrics_by_id
    return [
        [
            group,
            place(unit),
            unit["name"],
            *(
                cell
                for name in ids
                for item in [unit["metrics"][name]]
                for cell in [value(metrics[name], item), *(text(item[key]) for key in PAIR)]
            ),
        ]
        for group, unit in UNITS
    ]


def ids_of(pillar: str) -> list[str]:
    return [metric.id for p in LANXIAN.pillars if p.id == pillar for metric in p.metrics]


def expected_lights() -> Rows:
    unit_of = sample().ledger.project_units
    counted = Counter((unit_of[light["project_id"]], light["overall"]) for light in LIGHTS)
    rows = [
        [unit["name"], *(str(counted[unit["unit_id"], colour]) for colour in COLOURS)]
        for _, unit in UNITS
    ]
    whole = Counter(light["overall"] for light in LIGHTS)
    rows = [row for row in rows if set(row[1:]) != {"0"}]
    rows.append(["合计", *(str(whole[colour]) for colour in COLOURS)])
    return [[*row, str(sum(map(int, row[1:])))] for row in rows]


def expected_red() -> dict[str, list[str]]:
    zh = {"green": "绿灯", "yellow": "黄灯", "red": "红灯", None: "—"}

    def share(printed: str | None) -> str:
        return "—" if printed is None else f"{Decimal(printed) * PER_CENT:.2f}%"

    return {
        light["project_id"]: [
            *(zh[colour] for colour in light["axes"].values()),
            share(light["completion"]),
            share(light["time_progress"]),
            text(light["lead"]),
        ]
        for light in LIGHTS
        if light["overall"] == "red"
    }


EXPECTED = {
    "总体排名": expected_totals(),
    "分类排名": expected_pillars(),
    "比速度": expected_items(ids_of("speed")),
    "比谋划": expected_items(ids_of("planning")),
    "比储备（1）": expected_items(ids_of("reserve")[:4]),
    "比储备（2）": expected_items(ids_of("reserve")[4:]),
    "比招商": expected_items(ids_of("attraction")),
    "比环境": expected_items(ids_of("environment")),
    "红黄绿灯": expected_lights(),
}


def composed(sheet: str) -> Rows:
    """The rows of the tables of a sheet, with the group in front where there is one."""
    return [
        [*([table.group] if table.group else []), *row]
        for table in tables_of(sample_bulletin())
        if table.sheet == sheet
        for row in rows_of(table)
    ]


@pytest.mark.parametrize("sheet", EXPECTED)
def test_the_tables_say_what_the_document_says(sheet: str) -> None:
    columns = len(EXPECTED[sheet][0])
    assert [row[:columns] for row in composed(sheet)] == EXPECTED[sheet]
    assert any(row[0] != row[1] for row in EXPECTED[sheet])


def test_every_red_project_stands_there_with_its_figures() -> None:
    rows = composed("红灯项目")
    assert {row[0]: row[3:] for row in rows} == expected_red()
    assert [row[1:3] for row in rows] == [
        [
            sample().ledger.project_names[row[0]],
            sample().unit_names[sample().ledger.project_units[row[0]]],
        ]
        for row in rows
    ]


def test_movement_is_the_difference_of_two_documents() -> None:
    before = sample().before
    assert before
    earlier = {u["unit_id"]: u for group in before["groups"] for u in group["units"]}
    rows = composed("名次变动")
    assert len(rows) == len(UNITS)
    for row, (group, unit) in zip(rows, UNITS, strict=True):
        was = earlier[unit["unit_id"]]
        assert row[:4] == [group, unit["name"], text(was["rank"]), text(unit["rank"])]
        assert row[5:7] == [text(was["total"]), text(unit["total"])]
        if unit["rank"] is not None:
            assert int(row[4]) == was["rank"] - unit["rank"]
            assert Decimal(row[7]) == Decimal(unit["total"]) - Decimal(was["total"])


# --- the three formats hold the same cells


@pytest.fixture(params=["county", "sixty units"], scope="module")
def bulletin(request: pytest.FixtureRequest) -> Bulletin:
    return sample_bulletin() if request.param == "county" else whole(sixty_units())


def test_the_pdf_holds_every_row_once_in_order_and_whole_on_a_page(bulletin: Bulletin) -> None:
    pages = pages_of(render_pdf(bulletin, default_fonts()))
    at, start = 0, 0
    for table in tables_of(bulletin):
        head = without_blanks(
            "".join(column.title for column in table.columns if not column.spanner)
        )
        for row in rows_of(table):
            printed = without_blanks("".join(row))
            while (found := pages[at].find(printed, start)) < 0:
                at, start = at + 1, 0
            start = found + len(printed)
            assert head in pages[at][:found], "every page has the head above its rows"


def test_the_docx_holds_every_cell_and_heads_that_repeat(bulletin: Bulletin) -> None:
    tables = tables_of(bulletin)
    found = docx_tables(render_docx(bulletin, default_fonts()))
    assert [rows for _, rows in found] == [rows_of(table) for table in tables]
    assert [heads for heads, _ in found] == [
        2 if any(column.spanner for column in table.columns) else 1 for table in tables
    ]


def test_the_workbook_holds_every_cell_and_its_numbers_are_numbers(bulletin: Bulletin) -> None:
    sheets = xlsx_sheets(render_xlsx(bulletin))
    for sheet in {table.sheet for table in tables_of(bulletin)}:
        tables = [table for table in tables_of(bulletin) if table.sheet == sheet]
        columns = tables[0].columns
        heads = 2 if any(column.spanner for column in columns) else 1
        grouped = [column for column in ("组别",) if tables[0].group]
        printed = [
            [*([table.group] if grouped else []), *row]
            for table in tables
            for row in rows_of(table)
        ]
        are_figures = [*(False for _ in grouped), *(column.is_figure for column in columns)]
        rows = sheets[sheet][heads:]
        assert len(rows) == len(printed)
        for row, texts in zip(rows, printed, strict=True):
            for cell, written, is_figure in zip(row, texts, are_figures, strict=True):
                if is_figure and isinstance(cell, float):
                    assert Decimal(repr(cell)) == number(written), (sheet, written)
                else:
                    assert cell == written
                    assert not is_figure or number(written) is None


def number(written: str) -> Decimal | None:
    plain = written.replace(",", "")
    share = plain.endswith("%")
    try:
        value = Decimal(plain.rstrip("%"))
    except ArithmeticError:
        return None
    return value / PER_CENT if share else value
