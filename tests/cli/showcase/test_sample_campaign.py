"""The sample county over its campaign: scores, lights and letters, everything occurs."""

import json
from collections import Counter
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from services.cli.showcase.sample.county import sample_county
from services.cli.showcase.sample.names import LOGISTICS
from services.scoring.engine.lights.project_lights import ProjectLight
from services.scoring.engine.results.run_result import ScoringResult
from services.scoring.execution.run import score_facts
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Milestone, Pause
from shared.facts.tables import Facts
from shared.ledger.writer import write_ledger
from tests.oracle.letters import letters
from tests.oracle.tables import read_folder
from tests.oracle.workdays import Calendar

END_OF_SEPTEMBER, END_OF_NOVEMBER = date(2022, 9, 30), date(2022, 11, 30)
FIRST_DAY, LAST_DAY = date(2022, 9, 15), date(2022, 12, 25)
DAYS = (END_OF_SEPTEMBER, END_OF_NOVEMBER, LAST_DAY)
MOST_UNITS = 14  # of 26
SCHEME = find_scheme("lanxian-2022")


@cache
def county() -> Facts:
    return sample_county()


@cache
def scored(day: date) -> ScoringResult:
    return score_facts(county(), SCHEME, resolve_lights(SCHEME), day)


def lights(day: date) -> dict[str, ProjectLight]:
    return {light.project_id: light for light in scored(day).lights}


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The letters of the campaign, by the oracle."""
    folder: Path = tmp_path_factory.mktemp("sample") / "ledger"
    write_ledger(county(), folder)
    text = (files("shared") / "data" / "holidays_cn.json").read_text(encoding="utf-8")
    calendar: Calendar = json.loads(text)
    found: list[dict[str, Any]] = letters(read_folder(folder), FIRST_DAY, LAST_DAY, calendar)[
        "letters"
    ]
    return found


@pytest.mark.parametrize("day", DAYS)
def test_the_unit_without_a_live_project_is_listed_unranked(day: date) -> None:
    units = [unit for group in scored(day).groups.values() for unit in group]

    assert [unit.unit_id for unit in units if unit.rank is None] == [LOGISTICS]


@pytest.mark.parametrize("day", [END_OF_SEPTEMBER, LAST_DAY])
def test_all_twenty_metrics_apply_to_most_units_and_some_not_to_all(day: date) -> None:
    terms = scored(day).terms.values()
    applicable = Counter(
        metric.id
        for unit in terms
        for metric in SCHEME.scored_metrics
        if unit.of_metric[metric.id][1] != 0
    )

    assert len(applicable) == 20
    assert min(applicable.values()) >= MOST_UNITS
    assert applicable["fund_arrival"] < len(terms)


def test_units_tie_in_single_metrics() -> None:
    departments = scored(END_OF_SEPTEMBER).groups["县直部门组"]
    ranks = Counter(
        figure.rank
        for unit in departments
        for name, figure in unit.metrics.items()
        if name == "start_rate" and figure
    )

    assert ranks[1] > 1


def test_every_light_shows_on_one_of_the_three_days() -> None:
    shown = [light for day in DAYS for light in scored(day).lights]

    for axis in ("start", "progress", "pooling"):
        assert {light.axes[axis] for light in shown} == {"green", "yellow", "red", None}
    assert {light.overall for light in shown} == {"green", "yellow", "red", "paused", "none"}


def test_a_project_recovers_from_red() -> None:
    before, after = lights(END_OF_SEPTEMBER), lights(LAST_DAY)

    assert any(
        light.axes["progress"] == "red" and after[project_id].axes["progress"] == "green"
        for project_id, light in before.items()
    )


def test_pauses_are_approved_or_not_and_a_moved_date_has_its_reason() -> None:
    moved = [row for row in county().rows(Milestone) if row.decided_on]

    assert {pause.approved for pause in county().rows(Pause)} == {True, False}
    assert moved
    assert all(row.reason and row.planned_on for row in moved)


def test_letters_of_every_kind_go_out_in_plausible_numbers(
    replayed: list[dict[str, Any]],
) -> None:
    kinds = Counter(letter["kind"] for letter in replayed)
    concerned = {letter["project_id"] for letter in replayed}

    assert set(kinds) == {"reminder", "assignment", "supervision", "yellow_card"}
    assert {letter["about"] for letter in replayed} == {"started", "in_production", "progress"}
    assert 60 <= len(replayed) <= 120
    assert len(concerned) < county().tables["projects"].num_rows / 2


def test_letters_triggered_in_the_october_holiday_wait_for_the_eighth(
    replayed: list[dict[str, Any]],
) -> None:
    in_holiday = [
        letter
        for letter in replayed
        if letter["kind"] != "reminder" and "2022-10-01" <= letter["trigger_on"] <= "2022-10-07"
    ]

    assert in_holiday
    assert {letter["issue_on"] for letter in in_holiday} == {"2022-10-08"}
