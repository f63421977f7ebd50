"""The settings of an office on the command line, with a real registry to ask."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from joserfc.jwk import KeySet

from services.cli.server.server import LOOPBACK, run_http_server
from services.registry.main import build_app
from shared.clock import now
from shared.http.tokens import Caller, Issuer, Role
from tests.cli.runner import Outcome, bairi, without_spaces
from tests.databases import database
from tests.scoring.service.registry import connected

COUNTY = "350521"
Office = Callable[..., Awaitable[Outcome]]


@pytest.fixture(scope="module")
async def address(server: str, issuer: Issuer) -> AsyncIterator[str]:
    async with (
        database(server, "set_on_the_command_line", "registry") as url,
        connected(url) as sessions,
        run_http_server(
            build_app(sessions, KeySet([issuer.key])), LOOPBACK, 0, asyncio.Event()
        ) as address,
    ):
        yield address


@pytest.fixture
def office(address: str, issuer: Issuer, tmp_path: Path) -> Office:
    """`bairi office` as the office of a region."""

    async def call(*arguments: object, region: str = COUNTY) -> Outcome:
        caller = Caller("王芳", Role.office, region)
        token = issuer.issue(caller, now=now(), lasts=timedelta(hours=1))
        file = tmp_path / "token"
        file.write_text(f"{token}\n")
        options = ("--server", address, "--token-file", file)
        outcome = await asyncio.to_thread(bairi, "office", *arguments, *options)
        assert token not in outcome.out + outcome.err
        return outcome

    return call


async def test_an_office_is_shown_set_and_set_again(office: Office) -> None:
    shown = await office(COUNTY)
    assert (shown.code, shown.err) == (0, "")
    for text in ("尚未设置", "惠安县重点项目建设领导小组办公室", "惠安重办"):
        assert text in shown.out

    words = ("--agency-word", "惠攻办", "--agency-word", "supervision=惠攻督")
    signers = ("--signer", "supervision=李强", "--signer", "yellow_card=陈明")
    contact = ("--contact", "督查科", "--telephone", "0595-12345678")
    first = await office(COUNTY, *words, *signers, *contact, "--why", "改革", "--format", "json")
    assert first.code == 0, first.said
    assert first.document["name"] == "惠安县重点项目建设领导小组办公室"
    assert first.document["agency_words"] == {"default": "惠攻办", "supervision": "惠攻督"}
    assert first.document["signers"] == {"supervision": "李强", "yellow_card": "陈明"}
    assert (first.document["why"], first.document["recorded_by"]) == ("改革", "王芳")

    assert first.document["plausibility"]["plan_factor"] == 3

    taken_back = ("--agency-word", "supervision=", "--signer", "yellow_card=", "--telephone", "")
    second = await office(COUNTY, "--name", "惠安县项目办", *taken_back, "--format", "json")
    assert second.code == 0, second.said
    changed = {"name": "惠安县项目办", "agency_words": {"default": "惠攻办"}, "telephone": None}
    assert changed.items() <= second.document.items()
    assert second.document["signers"] == {"supervision": "李强"}
    assert second.document["contact"] == "督查科"

    for text in ("惠安县项目办", "惠攻办", "督查科", "李强", f"第{second.document['version']}版"):
        assert without_spaces(text) in (await office(COUNTY)).said


async def test_what_the_server_refuses_is_told_in_sentences(office: Office) -> None:
    for arguments, region, sentence in (
        (("3505",), "350622", "没有找到：没有这个办公室"),
        (("3505", "--name", "市项目办"), COUNTY, "不在本账号的辖区：只有本办公室可以设置"),
        ((COUNTY, "--agency-word", "督办函=督"), COUNTY, "请求不合格式：有 1 处要改"),
        ((COUNTY, "--agency-word", "default="), COUNTY, "#/agency_words：应写明 default"),
        ((COUNTY, "--name", "办" * 61), COUNTY, "#/name：不能多于 60 个字符"),
    ):
        refused = await office(*arguments, region=region)
        assert (refused.code, refused.out) == (2, ""), arguments
        assert without_spaces(sentence) in refused.said, refused.said


def test_what_is_wrong_on_the_command_line_is_told(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("a.b.c")
    file = ("--token-file", token)
    for arguments, sentence in (
        (("35052X", *file), "应为至多六位数字，写的是“35052X”"),
        ((COUNTY, *file, "--signer", "李强"), "应为种类=内容，写的是“李强”"),
        ((COUNTY, *file, "--agency-word", "=督"), "应为种类=内容，写的是“=督”"),
        ((COUNTY, *file, "--server", "http://127.0.0.1:1"), "登记服务没有应答"),
        ((COUNTY, *file, "--server", "登记"), "登记服务没有应答"),
        ((COUNTY, "--token-file", tmp_path / "none"), "doesnotexist"),
        ((COUNTY,), "--token-file"),
    ):
        wrong = bairi("office", *arguments)
        assert (wrong.code, wrong.out) == (2, ""), arguments
        assert sentence in wrong.said


async def test_what_is_possible_is_set_one_by_one(office: Office) -> None:
    first = await office("350524", "--plan-factor", "2", "--format", "json", region="350524")
    assert first.code == 0, first.said
    second = await office("350524", "--days-before-period-end", "0", region="350524")
    assert second.code == 0, second.said
    third = await office("350524", "--review", "progress=everything", region="350524")
    assert third.code == 0, third.said
    assert "everything" in third.out
    for text in ("年度计划的 2 倍", "100%", "可提前 0 天"):
        assert text in second.out
    refused = await office("350524", "--max-percent", "99", region="350524")
    assert refused.code == 2
    assert "max_percent" in refused.err


async def test_until_when_a_period_may_be_reported_is_set_and_taken_back(office: Office) -> None:
    own = {"region": "350525"}
    limits = ("--period", "month=5,20", "--period", "half_month=3,")
    first = await office("350525", *limits, "--format", "json", **own)
    assert first.code == 0, first.said
    month, half = (first.document["periods"][kind] for kind in ("month", "half_month"))
    assert month == {"due_days": 5, "closes_days": 20}
    assert half == {"due_days": 3, "closes_days": None}
    second = await office("350525", "--period", "half_month=", **own)
    for text in ("报送期限month", "末日以后5天内报送，20天后关闭", "报送期限half_month", "不限"):
        assert text in second.said, second.said
    for wrong in ("week=1,2", "month", "month=x"):
        refused = await office("350525", "--period", wrong, **own)
        assert (refused.code, "month=5,20" in refused.said) == (2, True)
    late = await office("350525", "--period", "month=9,2", **own)
    assert (late.code, "/periods/month" in late.err) == (2, True)
