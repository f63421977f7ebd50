"""What `bairi score` shows beside a ranking where a scheme asks for it."""

from pathlib import Path

import pytest

from tests.cli.runner import Outcome, county

OWN = """\
id: own
zh: 本县方案
source: 测试
lights: sanya-2022
boards: mianyang-2022
streaks:
  - {id: behind, zh: 连续末位, last: 1,
     rungs: [{id: explain, months: 2, zh: 连续两个月末位，作说明}]}
awards: huidong-2022
pillars:
  - id: speed
    zh: 比速度
    weight: 100
    metrics:
      - {id: investment_completion, points: {rule: proportional}}
      - {id: clearance_rate, points: {rule: proportional}}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


def score(own: Path, *more: str) -> Outcome:
    return county("score", "--as-of", "2022-12-25", "--scheme", own, *more)


def test_score_shows_unit_lights_boards_streaks_awards_and_what_is_off(own: Path) -> None:
    outcome = score(own)
    assert outcome.code == 0
    shown = [
        "单位红黄绿灯　三亚 2022 红黄绿灯",
        "│ 住房和城乡建设管理局 │ ● 红 55.56% 自 2022-05-31（平均 81.73%，连续 8 个月）",
        "季度红黑榜　departments",
        "│ 前列未上榜 │ ",
        "没有目标 │",
        "连续两个月末位，作说明（2022-11、2022-10",
        "本季度内开工、不晚于原计划开工日期",
        "未达到：投资进度不低于序时进度",
        "服务奖：需要调度履职记录，尚未登记，本奖项暂不评",
        "征拆奖：需要征地拆迁台账，尚未登记，本奖项暂不评",
        "指标“征拆完成率”：需要征地拆迁台账，尚未登记，暂不计分，权重由其他指标分担",
    ]
    assert [text for text in shown if text not in outcome.out] == []


def test_score_prints_them_in_one_document(own: Path) -> None:
    document = score(own, "--format", "json").document
    assert [*document] == [
        *("as_of", "scheme", "lights_preset", "groups", "lights"),
        *("unit_lights", "boards", "streaks", "awards", "off"),
    ]
    assert {light["basis"] for light in document["lights"]} == {"linear", "own_curve"}
    assert [given["award"] for given in document["awards"] if "off" in given] == [
        "service_award",
        "clearance_award",
    ]


def test_the_red_projects_of_the_usual_lights_show_figure_and_since_when() -> None:
    out = county("score", "--as-of", "2022-12-25").out
    assert "98.39点" in out
    assert "2021-12-31或更早" in out
    assert "（按曲线）" in out
