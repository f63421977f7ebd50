"""bairi indicators on the golden county, with and without official figures."""

import shutil
from pathlib import Path

import pytest

from tests.cli.runner import COUNTY, bairi, county

FIGURES = """region_code,period,indicator,value,source
990101,2022-09,固投,"12,345,670,000",县统计局九月月报
990101,2021-09-30,fixed_asset_investment,10000000000,县统计局上年月报
990101,2022-12-31,固定资产投资目标,200亿,县政府工作报告
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    shutil.copytree(COUNTY, folder)
    (folder / "indicators.csv").write_text(FIGURES.replace("200亿", "20000000000"), "utf-8")
    return folder


def test_official_figures_are_shown_with_their_source(ledger: Path) -> None:
    said = bairi("indicators", ledger, "--as-of", "2022-10-20").said
    assert "990101固定资产投资2022-09-30123.46亿元23.46%200亿元61.73%县统计局九月月报" in said
    assert "替代" not in said


def test_without_them_the_proxy_says_what_it_is() -> None:
    said = county("indicators", "--as-of", "2022-10-20").said
    assert "固定资产投资（替代）2022-10-20" in said
    assert "替代指标：已入库项目本年完成投资合计" in said


def test_a_workbook_has_a_sheet_of_them_and_other_ledgers_none(
    ledger: Path, tmp_path: Path
) -> None:
    book, back, without = tmp_path / "book.xlsx", tmp_path / "back", tmp_path / "without"
    assert bairi("convert", ledger, book).code == 0
    assert bairi("convert", book, back).code == 0
    assert bairi("convert", COUNTY, without).code == 0
    assert "990101,2022-09-30,fixed_asset_investment,12345670000,县统计局九月月报" in (
        back / "indicators.csv"
    ).read_text("utf-8")
    assert not (without / "indicators.csv").exists()


def test_a_figure_that_is_none_is_an_error(ledger: Path) -> None:
    (ledger / "indicators.csv").write_text(FIGURES, "utf-8")
    done = bairi("check", ledger)
    assert done.code == 1
    assert "应为小于1000万亿的数" in done.said
