"""Schemes in plain words over HTTP: what the command line prints, for who reads schemes."""

import httpx
import pytest

from services.scoring.schemes.scheme_files import built_in_schemes, resolve_lights
from tests.cli.runner import bairi
from tests.scoring.service.conftest import As
from tests.scoring.service.test_run_views import RULES

PATH = "/v1/schemes/{}/words"


async def test_every_pillar_metric_and_axis_of_every_scheme_has_its_line(
    office: httpx.AsyncClient,
) -> None:
    for name, scheme in built_in_schemes().items():
        found = (await office.get(PATH.format(name))).json()
        assert (found["id"], found["zh"], found["version"]) == (name, scheme.zh, scheme.version)
        titles = [section["title"] for section in found["sections"]]
        pillars = [f"{pillar.zh}（{pillar.weight}分）" for pillar in scheme.pillars]
        assert titles[: len(pillars)] == pillars
        metrics = scheme.metrics_by_id
        for pillar, section in zip(scheme.pillars, found["sections"], strict=False):
            names = [line["name"] for line in section["lines"]]
            assert names == [metrics[scored.id].zh for scored in pillar.metrics]
            assert all(line["text"] and line["computed"] for line in section["lines"])
        preset = resolve_lights(scheme)
        lights = next(s for s in found["sections"] if s["title"].endswith(preset.zh))
        assert len(lights["lines"]) == len(preset.axes)


async def test_the_lines_are_those_of_the_command_line(office: httpx.AsyncClient) -> None:
    found = (await office.get(PATH.format("lanxian-2022"))).json()
    lines = {line["name"]: line for section in found["sections"] for line in section["lines"]}
    assert lines["开（复）工率"] == {
        "name": "开（复）工率",
        "text": "满分 5 分，达到 100% 得满分，不到的按比例",
        "computed": "已开工复工的项目数 ÷ 项目数；范围：新建或续建",
    }
    assert lines["进度（项目）"]["text"] == (
        "适用：新建或续建且本年计划投资 ＞ 0\n黄灯：数值 ≥ 10\n红灯：数值 ＞ 30"
    )
    assert lines["满分"]["text"] == "100 分"
    assert "与组内最好的之比" in bairi("schemes", "lanxian-2022").said
    assert lines["列入省市县重点项目数"]["text"].endswith("与组内最好的之比")


async def test_an_offices_own_scheme_is_told_whole(office: httpx.AsyncClient) -> None:
    kept = await office.post("/v1/schemes", json={"text": RULES.format(lights="tianjin-2022")})
    assert kept.status_code == 201, kept.text
    found = (await office.get(PATH.format("rule-book"))).json()
    text = str(found["sections"])
    assert all(word in text for word in ("上红榜", "连续", "候选", "加减分"))
    assert "投资完成率" in text
    assert "investment_completion" not in text


async def test_an_earlier_version_is_told_as_it_was(office: httpx.AsyncClient) -> None:
    text = RULES.format(lights="tianjin-2022")
    await office.post("/v1/schemes", json={"text": text})
    later = text.replace("zh: 全套办法", "version: 2\nzh: 全套办法").replace("zh: 进度", "zh: 快慢")
    assert (await office.post("/v1/schemes", json={"text": later})).status_code == 201
    path = "/v1/schemes/rule-book/versions/{}/words"
    first = (await office.get(path.format(1))).json()
    assert (first["version"], first["sections"][0]["title"]) == (1, "进度（80分）")
    last = (await office.get(path.format(2))).json()
    assert last == (await office.get(PATH.format("rule-book"))).json()
    assert (last["version"], last["sections"][0]["title"]) == (2, "快慢（80分）")
    assert (await office.get(path.format(3))).status_code == 404


@pytest.mark.parametrize("role", ["unit", "leader", "field", "inspector"])
async def test_it_is_read_by_who_reads_schemes(as_: As, role: str) -> None:
    assert (await as_(role, unit_id="U01").get(PATH.format("lanxian-2022"))).status_code == 200
    assert (await as_(role, unit_id="U01").get(PATH.format("nobodys"))).status_code == 404


async def test_the_public_does_not(as_: As) -> None:
    assert (await as_("viewer").get(PATH.format("lanxian-2022"))).status_code == 403
