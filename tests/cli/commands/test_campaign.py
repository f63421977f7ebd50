"""bairi campaign on the sample county: countdown, targets, summary; and files that are wrong."""

from pathlib import Path
from typing import Any

import pytest

from services.cli.showcase.sample.county import sample_county
from shared.ledger.writer import write_ledger
from tests.cli.runner import Outcome, bairi

FILE = """
name: 样县百日攻坚
scheme: lanxian-2022
from_on: 2022-09-15
to_on: 2022-12-25
population: {natures: [new, continuing], least_investment_yuan: 5_000_000}
targets:
  - {metric: start_rate, value: 0.95, due_on: 2022-09-30}
  - {metric: start_rate, value: 0.93, due_on: 2022-12-25}
  - {unit_id: U01, metric: investment_completion, value: 0.9, due_on: 2022-11-30}
commitments:
  - unit_id: U01
    text: 完成投资计划九成
    made_by: 局长
    due_on: 2022-11-30
    metric: investment_completion
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("campaign")
    write_ledger(sample_county(), made / "ledger")
    return made


def run(folder: Path, day: str, *options: str, text: str = FILE) -> Outcome:
    file = folder / "campaign.yaml"
    file.write_text(text, encoding="utf-8")
    return bairi("campaign", folder / "ledger", file, "--on", day, *options)


def document(folder: Path, day: str) -> dict[str, Any]:
    found: dict[str, Any] = run(folder, day, "--format", "json").document
    return found


def test_a_day_of_the_campaign_as_a_document(folder: Path) -> None:
    found = document(folder, "2022-10-20")
    assert found["name"] == "样县百日攻坚"
    assert found["summary"] is None
    today = found["progress"]
    counted = ("on", "days", "day", "days_left", "working_days_left", "provisional")
    assert [today[name] for name in counted] == ["2022-10-20", 102, 36, 66, 46, False]
    # 99 of the sample's projects: 82 working on the first day and on 30 September, 85 now; on the
    # line to 93 % are 35 of 101 days.
    first, second = today["targets"][0], today["targets"][1]
    assert (first["target"], first["when_due"], first["state"]) == ("0.9500", "0.8283", "missed")
    assert (second["value"], second["line"], second["state"]) == ("0.8586", "0.8635", "behind")


def test_the_last_day_brings_the_summary(folder: Path) -> None:
    found = document(folder, "2022-12-25")["summary"]
    assert (found["met"], found["missed"], found["not_applicable"]) == (2, 1, 0)
    assert [promise["kept"] for promise in found["commitments"]] == [True]
    assert len(found["metrics"]) == 20 * 27  # of all and of 26 units
    assert {move["kind"] for move in found["projects"]} == {"started", "pooled", "completed"}


def test_people_read_the_same(folder: Path) -> None:
    during, after = run(folder, "2022-10-20").said, run(folder, "2022-12-25").said
    assert "第36天，共102天；还有66天，其中工作日46天" in during
    assert "全体开（复）工率2022-12-2593.00%85.86%86.35%—落后序时" in during
    assert "首末日对比" not in during
    assert "目标：达标2，未达标1，不适用0" in after
    assert "2022-11-30前完成投资计划九成已兑现" in after
    assert "尚未开始，还有102天" in run(folder, "2022-09-01").said
    assert "已经结束" in run(folder, "2023-01-01").said


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        (
            "metric: start_rate, value: 0.95",
            "metric: rate, value: 1",
            "第8行第14列：没有名为“rate”",
        ),
        ("value: 0.95", "value: 高", "第8行第33列targets.0.value：应为数"),
        ("from_on: 2022-09-15", "from_on: 九月", "应为日期，如2022-12-25，写的是“九月”"),
        ("[new, continuing]", "[新建]", "第6行第24列population.natures.0：应为new"),
        ("to_on: 2022-12-25\n", "to_on: 2022-09-01\n", "末日应不早于首日"),
        ("unit_id: U01, ", "unit_id: U99, ", "没有单位“U99”"),
        ("made_by: 局长", "promised_by: 局长", "不认识这一项"),
        ("lanxian-2022", "nobodys", "没有内置方案或文件“nobodys”"),
        ("name:", "- name:", "YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    written: str, instead: str, said: str, folder: Path
) -> None:
    assert written in FILE
    done = run(folder, "2022-10-20", text=FILE.replace(written, instead, 1))
    assert done.code == 2
    assert said in done.said
    assert done.out == ""


def test_a_file_that_is_not_there_is_wrong_usage(folder: Path) -> None:
    done = bairi("campaign", folder / "ledger", folder / "none.yaml", "--on", "2022-10-20")
    assert (done.code, "读不到文件" in done.said) == (2, True)
