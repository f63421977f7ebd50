"""Why a unit has its rank: every figure follows from the ranking and the drill-down."""

from fractions import Fraction
from typing import Any, ClassVar

import httpx
import pytest

from services.scoring.standings.rules import standing_document
from tests.scoring.engine.ranked_units import a_scheme, done, result_on
from tests.scoring.service.conftest import As
from tests.scoring.service.test_runs import begun


@pytest.fixture
async def path(office: httpx.AsyncClient) -> str:
    return f"/v1/runs/{(await begun(office))['id']}"


async def read(client: httpx.AsyncClient, path: str) -> Any:
    return (await client.get(path)).raise_for_status().json()


async def test_each_unit_stands_between_those_of_the_ranking(
    office: httpx.AsyncClient, path: str
) -> None:
    ranking = await read(office, f"{path}/ranking")
    for group in ranking["groups"]:
        ranked = [unit for unit in group["units"] if unit["rank"] is not None]
        for unit in group["units"]:
            found = await read(office, f"{path}/units/{unit['unit_id']}/standing")

            assert {key: found[key] for key in ("rank", "total", "name")} == {
                key: unit[key] for key in ("rank", "total", "name")
            }
            assert found["ranked"] == len(ranked) == group["ranked"]
            rank = unit["rank"] or 0
            better = [u for u in ranked if u["rank"] < rank]
            worse = [u for u in ranked if u["rank"] > rank > 0]
            check_neighbour(found["above"], unit, better[-1:])
            check_neighbour(found["first"], unit, better[:1])
            check_neighbour(found["below"], unit, worse[:1])
            equal = [u["name"] for u in ranked if u["rank"] == rank and u != unit]
            assert found["tied_with"] == equal


def check_neighbour(
    found: dict[str, str] | None, unit: dict[str, Any], expected: list[dict[str, Any]]
) -> None:
    if not expected:
        assert found is None
        return
    assert found is not None
    assert {key: found[key] for key in ("unit_id", "name", "rank", "total")} == {
        key: expected[0][key] for key in ("unit_id", "name", "rank", "total")
    }
    gap = abs(Fraction(expected[0]["total"]) - Fraction(unit["total"]))
    assert Fraction(found["gap"]) == gap


async def test_figures_are_those_of_the_drill_down_and_what_they_lack(
    office: httpx.AsyncClient, path: str
) -> None:
    ranking = await read(office, f"{path}/ranking")
    for group in ranking["groups"]:
        units = {unit["unit_id"]: unit for unit in group["units"]}
        for unit_id, unit in units.items():
            found = await read(office, f"{path}/units/{unit_id}/standing")
            explained = await read(office, f"{path}/units/{unit_id}")
            above = units[found["above"]["unit_id"]] if found["above"] else None

            assert [each["id"] for each in found["metrics"]] == [*unit["metrics"]]
            for kind in ("pillars", "metrics"):
                for each in found[kind]:
                    own, name = explained[kind][each["id"]], each["id"]
                    for key in ("points", "weight", "rank"):
                        assert each[key] == own[key]
                    check_gaps(each, own, unit[kind][name], above and above[kind][name])
            for each in found["metrics"]:
                assert each["text"] == unit["metrics"][each["id"]]["text"]
                assert each["terms"] == unit["metrics"][each["id"]]["terms"]
                assert each["above_text"] == (above and above["metrics"][each["id"]]["text"])
                best = [u for u in units.values() if u["metrics"][each["id"]]["rank"] == 1]
                assert each["best_name"] == (best[0]["name"] if best else None)
                assert each["best_text"] == (
                    best[0]["metrics"][each["id"]]["text"] if best else None
                )


def check_gaps(
    found: dict[str, Any],
    exact: dict[str, Any],
    own: dict[str, Any],
    above: dict[str, Any] | None,
) -> None:
    """Texts with four decimals differ by at most half of the last from the exact figures."""
    if own["points"] is None:
        assert (found["lost"], found["behind"]) == (None, None)
        return
    rounding = Fraction(2, 10_000)
    lost = Fraction(exact["weight"]) - Fraction(exact["points_exact"])
    assert abs(Fraction(found["lost"]) - lost) < rounding
    if above is None or above["points"] is None:
        assert found["behind"] is None
        return
    behind = Fraction(above["points"]) - Fraction(exact["points_exact"])
    assert abs(Fraction(found["behind"]) - behind) < rounding


async def test_it_says_why_in_sentences_of_both_languages(
    office: httpx.AsyncClient, path: str
) -> None:
    ranking = await read(office, f"{path}/ranking")
    group = max(ranking["groups"], key=lambda each: len(each["units"]))
    unit = next(unit for unit in group["units"] if unit["rank"] == 2)
    found = await read(office, f"{path}/units/{unit['unit_id']}/standing")

    above = found["above"]
    assert found["zh"][0] == (
        f"{group['group']}{group['ranked']}个单位参加排名，列第2名，总分{unit['total']}分。"
    )
    assert found["zh"][1] == (f"比第1名{above['name']}（{above['total']}分）少{above['gap']}分。")
    assert found["en"][0].startswith(f"Rank 2 of {group['ranked']} in ")
    assert len(found["en"]) == len(found["zh"])
    farthest = max(found["metrics"], key=lambda each: Fraction(each["lost"] or 0))
    assert found["zh"][-1].startswith(f"离满分差得最多的是{farthest['zh']}（")


async def test_who_reads_the_ranking_reads_this(
    office: httpx.AsyncClient, path: str, as_: As
) -> None:
    own = f"{path}/units/U01/standing"
    others = [as_("viewer"), as_("unit", unit_id="U09"), as_("leader", unit_id="U09")]
    for other in others:
        assert (await other.get(own)).status_code == 404  # a draft
    await office.post(f"{path}/publish")
    for other in [*others, as_("inspector")]:
        assert await read(other, own) == await read(office, own)
    assert (await as_("approval").get(own)).status_code == 403
    assert (await as_("viewer", region="350521").get(own)).status_code == 404


async def test_a_unit_that_is_not_there_is_not_found(office: httpx.AsyncClient, path: str) -> None:
    assert (await office.get(f"{path}/units/U99/standing")).status_code == 404


class TestSentences:
    """What is said where totals are equal, and where adjustments part them."""

    NAMES: ClassVar = {"a": "甲局", "b": "乙局", "c": "丙局"}

    def said(self, more: str, done_by: dict[str, int], unit: str) -> list[str]:
        facts = done({"2022-06-30": done_by})
        result = result_on(facts, a_scheme(more), "Thursday 2022-06-30")
        return list(standing_document(result, unit, self.NAMES)["zh"])

    def test_of_one_rank(self) -> None:
        said = self.said("", {"a": 80, "b": 80, "c": 20}, "b")

        assert said == [
            "g3个单位参加排名，列第1名，与甲局并列，总分80.00分。",
            "比第2名丙局（20.00分）多60.00分。",
            "离满分差得最多的是投资完成率（20.00分）。",
        ]

    def test_of_equal_totals_that_were_parted(self) -> None:
        by_completion, beyond_the_cap = "tie_break: [investment_completion]\n", {"a": 250, "b": 240}
        above, below = (self.said(by_completion, beyond_the_cap, unit) for unit in ("a", "b"))

        assert above[1] == "与第2名乙局总分相同，按同分时的区分指标排在前面。"
        assert below[1] == "与第1名甲局总分相同，按同分时的区分指标排在后面。"
        assert len(below) == 2

    def test_of_adjustments(self) -> None:
        bonus = """\
            adjustments:
              items:
                - {id: lead, weight: 5, points: {rule: threshold, at: 25%}}
            """
        assert self.said(bonus, {"a": 80, "b": 70}, "b")[1:] == [
            "比第1名甲局（85.00分）少15.00分。",
            "与它相比，少得最多的是投资完成率（10.00分）。",
            "加减分比它少5.00分。",
            "离满分差得最多的是投资完成率（30.00分）。",
        ]
