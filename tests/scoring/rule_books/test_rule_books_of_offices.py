"""Rule books as offices write them, whole files, over the golden county: points worked by hand.

Terms are counted in the ledger (projects, plans and what was invested in 2022 up to 30 September);
what a rule makes of them is worked here line by line.
"""

from datetime import date
from fractions import Fraction as F
from functools import cache
from pathlib import Path

from services.scoring.engine.points.manual_entries import NO_ENTRIES
from services.scoring.engine.ranking.ranking import Standing
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.execution.run import score_facts
from services.scoring.schemes.entries_file import read_manual_entries
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.paths import GOLDEN

HERE = Path(__file__).parent
BOOKS, COUNTY = HERE, GOLDEN / "county"
DAY = date(2022, 9, 30)


@cache
def county() -> Facts:
    return read_ledger(COUNTY, region_codes()).accepted()


@cache
def result(book: str, entered: str = "") -> ScoringResult:
    scheme, facts = find_scheme(str(BOOKS / f"{book}.yaml")), county()
    given = NO_ENTRIES
    if entered:
        units = {unit.unit_id for unit in facts.rows(Unit)}
        read = read_manual_entries(BOOKS / entered, scheme.metrics_by_id, units)
        given = read.asked_on(DAY).on(DAY)
    return score_facts(facts, scheme, resolve_lights(scheme), DAY, given)


def standings(book: str, entered: str = "") -> dict[str, Standing]:
    found = result(book, entered).groups.values()
    return {unit.unit_id: unit for group in found for unit in group}


def points(unit: Standing) -> dict[str, F]:
    return {metric: figure.points for metric, figure in unit.metrics.items()}


# --- 月通报、季考核

MONTHLY = "month-county", "month-county.csv"


def test_a_monthly_book_of_deviations_and_what_has_no_task() -> None:
    found = standings(*MONTHLY)
    # U06: of 266 million 181,200,010 are done; 88,775,510 were due by a curve, and nine months of
    # 36 and 80 million: 2.0393 points ahead at 0.2 each.
    ahead = F(181_200_010 - 88_775_510 - 27_000_000 - 60_000_000, 266_000_000) * 100
    assert points(found["U06"])["lead"] == 60 + ahead * F("0.2")
    # U03: 59,977,770 of 160 million behind, 37.4861 points at 0.5 each. Three of four begun: 25
    # points short, two and a half steps, three begun, 15 off 25. Half pooled is less than 60 %.
    behind = F(59_977_770, 160_000_000) * 100
    assert points(found["U03"]) == {
        "lead": 60 - behind * F("0.5"),
        "start_rate": 25 - 3 * 5,
        "pooling_rate": 0,
    }
    # U05 has no plan: the mean of what the five others of its group earn. It has nothing to begin
    # either, so those 25 points go to pooling, which counts as full.
    others = [points(found[unit])["lead"] for unit in ("U01", "U02", "U03", "U04", "U06")]
    assert points(found["U05"]) == {"lead": sum(others) / 5, "pooling_rate": 40}
    assert found["U05"].total == F("95.43")  # 55.4258 + 40
    assert found["U05"].metrics["lead"].rank is None


def test_a_monthly_book_adds_takes_away_and_grades() -> None:
    found = standings(*MONTHLY)
    # U01: three late at 0.5 are 1.5, at most 1; U08: four at 2 are 8, all together at most 5.
    adjusted = {unit: standing.adjusted for unit, standing in found.items()}
    assert {unit: a.points for unit, a in adjusted.items() if a and a.points} == {
        "U01": -1,
        "U08": 5,
    }
    behind = F(96_731_707, 2_360_000_000) * 100  # 4.0988 points
    exact = 60 - behind / 2 + 0 + 15 - 1  # two of five begun: six steps of 5
    assert found["U01"].total == round(exact * 100) / F(100) == F("71.95")
    grades = {unit: standing.grade for unit, standing in found.items() if standing.grade}
    assert grades["U05"] == "excellent"
    failed = {unit for unit, grade in grades.items() if grade == "failed"}
    assert failed == {"U03", "U08", "U09", "U10"}


def test_a_monthly_book_tells_months_in_a_row_at_either_end() -> None:
    told = result(*MONTHLY).supplements.streaks
    assert told is not None
    found = {(s.streak.id, s.unit_id, s.rung.id) for s in told}
    assert ("ahead", "U05", "flag") in found
    assert ("behind", "U03", "talk") in found
    assert "U12" not in {unit for _, unit, _ in found}  # a group of one has no first or last


# --- 省对市季度考核


def test_a_quarterly_book_compares_with_the_average_of_the_group() -> None:
    found = standings("province-quarter")
    # The departments together: 3,275,221,541 of 5,669,150,000 done, 57.77 %.
    average = F(
        351_021_524 + 181_200_010 + 55_000_007 + 2 * 1_344_000_000,
        523_150_000 + 266_000_000 + 160_000_000 + 2 * 2_360_000_000,
    )
    completion = {
        "U01": F(1344, 2360),
        "U03": F(55_000_007, 160_000_000),
        "U04": F(351_021_524, 523_150_000),
    }
    for unit, value in completion.items():
        expected = 40 + (value - average) * 100 * F("0.3")
        assert points(found[unit])["investment_completion"] == expected
    # Growth together: 3,151,271,541 more on 125,180,000, over 25 times. U04 has 67 times, U01 and
    # U02 21.4; U03 and U06 had nothing last year and take the mean of 30, 0, 0.
    units = "U01", "U03", "U04", "U06"
    growth = {unit: points(found[unit])["investment_growth"] for unit in units}
    assert growth == {"U01": 0, "U03": 10, "U04": 30, "U06": 10}


def test_a_quarterly_book_takes_steps_off_by_place_and_bounds_the_total() -> None:
    found = standings("province-quarter")
    # Of six, 30 % are 1.8 and so two, 70 % are 4.2 and so five; four have 4 listed and share the
    # first place. One won funds, the others share the second place: 15 − 2.
    assert points(found["U01"])["major_projects"] == 15
    assert points(found["U06"])["major_projects"] == 12
    assert points(found["U05"])["major_projects"] == 9
    assert points(found["U06"])["central_budget_won"] == 15
    assert points(found["U05"])["central_budget_won"] == 13
    average = F(3_275_221_541, 5_669_150_000)
    exact = 40 + (F(351_021_524, 523_150_000) - average) * 30 + 30 + 15 + 13
    assert exact > 100
    assert found["U04"].total == 82
    # U05: growth alone is left of its pillar, a third of the 70; then 9 + 13.
    assert found["U05"].total == F("45.33")


# --- 开发区考核

ZONES = "zone-index", "zone-index.entered.yaml"


def test_a_book_of_efficacy_coefficients() -> None:
    found = standings(*ZONES)
    # Listed investment: the best 25,949.43 million, the worst 600; 60 % of 40, and 40 % between.
    part = F(23_689_790_000 - 600_000_000, 25_949_430_000 - 600_000_000)
    assert points(found["U04"])["listed_investment"] == 40 * (F(6, 10) + F(4, 10) * part)
    assert points(found["U05"])["listed_investment"] == 24
    assert points(found["U02"])["listed_investment"] == 40
    # U10 is the worst of its group: 24, times 1.1.
    assert points(found["U10"])["listed_investment"] == F("26.4")
    # Conversion: 2 of 10 in all, so U03's third counts and U01's nothing does not.
    assert points(found["U03"])["conversion_started_production"] == F(20, 3)
    assert points(found["U01"])["conversion_started_production"] == 0
    # Half of the permits are less than 60 %; 12 of 17 of 90 % in a group where nobody was asked
    # about satisfaction, so out of 40.
    assert points(found["U03"])["permit_efficiency"] == 0
    assert points(found["U12"])["permit_efficiency"] == 40 * F(12, 17) / F(9, 10)
    # Not asked: the mean of 17.6 and 18.3; U05 has no permits either, so out of 40.
    assert points(found["U02"])["satisfaction"] == F("17.95")
    assert points(found["U05"])["satisfaction"] == F("35.9")


def test_a_book_of_gates_and_grades_by_part() -> None:
    found = standings(*ZONES)
    # Of six departments a fifth is 1.2 and so two, three fifths are 3.6 and so four. U01 is second
    # and loses a grade to its notices. Of three townships one is first, two second.
    grades = {unit: standing.grade for unit, standing in found.items() if standing.grade}
    assert grades == {
        "U02": "first", "U01": "second", "U04": "second", "U05": "second", "U03": "third",
        "U06": "third", "U09": "first", "U10": "second", "U08": "third", "U12": "first",
    }  # fmt: skip
    assert found["U08"].total == 0
    assert found["U08"].rank == 3
    assert [missed.reason for missed in found["U08"].missed] == ["安全事故 1，要求不高于 0"]


# --- 按项目计分


def test_a_book_of_projects_weighted_by_their_plans() -> None:
    found = standings("projects-by-investment")
    # U06, in its three projects with a plan: P007 continuing, 88 % of 150 million, 30 + 44 + 10;
    # P010 not begun, 15 % of 36, 9; P017 new, 51 % of 80, 30 + 30.6 + 10.
    mean = (84 * F(150) + 9 * F(36) + F("70.6") * 80) / (150 + 36 + 80)
    assert points(found["U06"])["mean_mark"] == F("0.8") * mean
    # One late start: 20 − 4.
    assert points(found["U06"])["late_starts"] == 16
    assert found["U06"].total == F("71.856")
    # U05 has no such project: the 80 go to the other pillar, 16 of 20 of it.
    assert points(found["U05"]) == {"late_starts": 80}
