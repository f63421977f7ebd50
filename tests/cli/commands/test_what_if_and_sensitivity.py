"""`bairi what-if`, `bairi sensitivity` and `bairi portfolio`, as a person runs them."""

from pathlib import Path

import pytest

from tests.cli.runner import COUNTY, bairi, county

DAY = ("--as-of", "2022-09-30")
REPORT = "progress[project_id=P007,as_of=2022-09-30].invested_ytd_yuan"


def what_if(*arguments: object) -> str:
    done = county("what-if", *DAY, *arguments)
    assert done.code == 0, done.err
    return done.said


def test_what_if_shows_who_moves_and_which_lights_change() -> None:
    said = what_if("--set", f"{REPORT}=5亿元", "--set", "lights.axes.progress.red=figure > 5")
    assert "农业农村局" in said
    assert "58.02→60.87" in said
    assert "投资完成率" in said
    assert "●黄→●红" in said


def test_what_if_says_when_nothing_moves() -> None:
    assert "名次和总分都不变" in what_if("--set", "decimals=2")


def test_rows_are_added_and_removed(tmp_path: Path) -> None:
    row = "milestones[project_id=P055,kind=开工,decided_on=2022-09-30,actual_on=2022-09-30]"
    file = tmp_path / "changes.yaml"
    file.write_text(
        "facts: [{change: add, table: milestones, row: {project_id: P055, kind: started,"
        " decided_on: 2022-09-30, actual_on: 2022-09-30}}]\n",
        encoding="utf-8",
    )
    by_option = county("what-if", *DAY, "--add", row, "--format", "json").document
    by_file = bairi("what-if", COUNTY, *DAY, "--change", file, "--format", "json").document
    assert by_option == by_file
    assert by_option["before"] != by_option["after"]
    undone = "milestones[project_id=P055,kind=开工,decided_on=2022-09-30]"
    back = bairi(
        "what-if", COUNTY, *DAY, "--change", file, "--remove", undone, "--format", "json"
    ).document
    assert back["after"] == by_option["before"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "没有写改动"),
        (["--set", "pillars.speed.weight"], "应为“哪一项=改为”"),
        (["--set", "pillars.speed.weight=-1"], "pillars.speed.weight：应大于0"),
        (["--set", "progress[P007].invested_ytd_yuan=1"], "方括号里应为“栏=值”"),
        (["--set", f"{REPORT}=多"], "facts.0.to.invested_ytd_yuan：应为金额"),
        (["--add", "milestones"], "应为“表[栏=值,栏=值]”"),
        (["--add", "people[name=x]"], "表应为units、projects"),
        (["--remove", "plans[project_id=P999]"], "facts.0.where：没有这样的行"),
        (["--change", "/nowhere.yaml"], "读不到"),
    ],
)
def test_every_bad_change_is_told(arguments: list[str], expected: str) -> None:
    done = county("what-if", *DAY, *arguments)
    assert done.code == 2
    assert expected in done.said


def test_sensitivity_tells_every_unit_and_every_weight() -> None:
    said = county("sensitivity", *DAY).said
    assert "再投产1个项目（P011河湾沙棘深加工建设项目（11号）），可升至第3名" in said
    assert "已是第1名" in said
    assert "没有参加排名" in said
    assert "其余50种增减不改变任何名次" in said


def test_sensitivity_of_one_unit_tells_every_kind() -> None:
    said = county("sensitivity", *DAY, "--unit", "U03").said
    assert "再争取中央预算内资金7,328,372元，可升至第3名" in said
    assert "再复工1个项目：没有可动的项目" in said
    document = county("sensitivity", *DAY, "--unit", "U03", "--format", "json").document
    assert [unit["unit_id"] for unit in document["units"]] == ["U03"]
    assert county("sensitivity", *DAY, "--unit", "U99").code == 2


def test_the_portfolio_tells_lines_total_and_funds() -> None:
    said = county("portfolio", *DAY, "--by", "sector").said
    assert "制造业" in said
    assert "未填行业" in said
    assert "合计" in said
    assert "政策性金融工具" in said
    assert "合计不重复计" in county("portfolio", *DAY).said
    assert county("portfolio", *DAY, "--by", "colour").code == 2
