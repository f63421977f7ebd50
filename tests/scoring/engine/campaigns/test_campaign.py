"""Campaigns worked by hand: days, targets against their straight line, summary."""

from datetime import date
from fractions import Fraction as F
from typing import Any

import pytest

from services.scoring.engine.campaigns.campaign import (
    Campaign,
    build_countdown,
    find_campaign_errors,
)
from services.scoring.engine.campaigns.standings import TargetState
from services.scoring.engine.campaigns.summary import reached_milestones
from services.scoring.execution.campaigns import (
    CampaignInput,
    build_known_items,
    compute_progress,
    compute_summary,
)
from services.scoring.schemes.scheme_files import built_in_schemes, resolve_lights
from shared.facts.tables import Facts
from shared.reference import load_calendar
from tests.builders import a_ledger, a_milestone, a_project, a_report, a_unit
from tests.scoring.engine.campaigns.test_population import COUNTY

SCHEME = built_in_schemes()["lanxian-2022"]
MAY = ("2022-05-01", "2022-05-31")


def a_campaign(first: str = "2022-09-15", last: str = "2022-12-25", **given: Any) -> Campaign:
    """LX-1's, where nothing else is said."""
    days = {"from_on": first, "to_on": last}
    return Campaign.model_validate({"name": "百日", "scheme": SCHEME.id, **days, **given})


def asking(facts: Facts, campaign: Campaign) -> CampaignInput:
    return CampaignInput(campaign, SCHEME, resolve_lights(SCHEME), facts)


def stands(facts: Facts, campaign: Campaign, *on: str) -> list[list[tuple[Any, ...]]]:
    """Of each day, each target's value, line, value when due and state."""
    days = compute_progress(
        asking(facts, campaign), [*map(date.fromisoformat, on)], load_calendar()
    )
    names = ("value", "line", "when_due", "state")
    return [[tuple(found[name] for name in names) for found in day["targets"]] for day in days]


# --- days


@pytest.mark.parametrize(
    ("on", "day", "left", "working"),
    [
        # 12 working days from Thursday 15 September, 18 in October (8 and 9 made up), 22 in
        # November, 17 to Friday 23 December; the 25th is a Sunday.
        ("2022-09-01", None, 102, 69),
        ("2022-09-14", None, 102, 69),
        ("2022-09-15", 1, 101, 68),
        ("2022-09-30", 16, 86, 57),
        ("2022-10-08", 24, 78, 56),
        ("2022-12-22", 99, 3, 1),
        ("2022-12-25", 102, 0, 0),
        ("2022-12-26", None, 0, 0),
    ],
)
def test_the_hundred_days_of_lan_county_are_102(
    on: str, day: int | None, left: int, working: int
) -> None:
    found = build_countdown(a_campaign(), date.fromisoformat(on), load_calendar())
    assert (found.days, found.day_number, found.days_left) == (102, day, left)
    assert (found.working_days_left, found.provisional) == (working, False)


def test_working_days_of_a_year_without_a_calendar_are_provisional() -> None:
    far = a_campaign("2090-01-02", "2090-01-08")
    found = build_countdown(far, date(2090, 1, 1), load_calendar())
    assert (found.working_days_left, found.provisional) == (5, True)


# --- targets


def starts(*days: str) -> Facts:
    """Ten new projects of U01, of which so many start on these days."""
    projects = [a_project(f"P{n:03}") for n in range(10)]
    begun = zip(projects, days, strict=False)
    rows = [a_milestone("started", p["project_id"], actual_on=day) for p, day in begun]
    return a_ledger(projects=projects, milestones=rows)


def test_a_target_is_held_against_the_straight_line_to_it() -> None:
    facts = starts("2022-04-01", "2022-05-01", "2022-05-16", "2022-05-17", "2022-05-17")
    target = {"unit_id": "U01", "metric": "start_rate", "value": "0.5", "due_on": MAY[1]}
    campaign = a_campaign(*MAY, targets=[target])

    # Two of ten on the first day; three tenths to go in thirty days: a hundredth a day.
    found = stands(facts, campaign, *(f"2022-05-{day}" for day in ("01", "10", "16", "17", "31")))

    assert [line for (line,) in found] == [
        ("0.2000", "0.2000", None, "on_line"),
        ("0.2000", "0.2900", None, "behind"),
        ("0.3000", "0.3500", None, "behind"),
        ("0.5000", "0.3600", None, "met"),
        ("0.5000", "0.5000", "0.5000", "met"),
    ]


def test_what_was_missed_when_it_was_due_stays_missed() -> None:
    facts = starts("2022-05-11", "2022-05-12")
    due = {"unit_id": "U01", "metric": "starts", "value": 2, "due_on": "2022-05-11"}
    found = stands(facts, a_campaign(*MAY, targets=[due]), "2022-05-10", "2022-05-11", "2022-05-12")
    assert [line for (line,) in found] == [
        ("0", "1.80", None, "behind"),
        ("1", "2", "1", "missed"),
        ("2", "2", "1", "missed"),
    ]


def test_targets_of_the_whole_add_units_up_and_rates_are_of_the_sums() -> None:
    facts = a_ledger(
        units=[a_unit("U01"), a_unit("U02"), a_unit("U03")],
        projects=[a_project("P001"), *(a_project(p, unit_id="U02") for p in ("P002", "P003"))],
        milestones=[a_milestone("started", p, actual_on="2022-05-02") for p in ("P001", "P002")],
    )
    names = {"start_rate": "1", "starts": "3"}
    targets = [{"metric": m, "value": v, "due_on": MAY[1]} for m, v in names.items()]
    found = stands(facts, a_campaign(*MAY, targets=targets), MAY[1])
    assert found == [
        [("0.6667", "1.0000", "0.6667", "missed"), ("2", "3", "2", "missed")],
    ]


def test_lower_is_met_from_above_and_what_does_not_apply_is_neither() -> None:
    facts = a_ledger(
        projects=[a_project("P001")],
        milestones=[
            a_milestone("initiated", actual_on="2022-05-01"),
            a_milestone("in_production", actual_on="2022-05-21"),
        ],
    )
    targets = [
        {"metric": "approval_to_production_days", "value": 20, "due_on": "2022-05-25"},
        {"metric": "landing_rate", "value": 1, "due_on": MAY[1]},
    ]
    before, between, after = stands(
        facts, a_campaign(*MAY, targets=targets), "2022-04-30", "2022-05-22", MAY[1]
    )
    assert before == [
        (None, None, None, "not_applicable"),
        (None, None, None, "not_applicable"),
    ]
    assert between[0] == ("20", None, None, "met")  # no line: on the first day it did not apply
    assert after == [
        ("20", "20", "20", "met"),
        (None, "1.0000", None, "not_applicable"),
    ]


def test_without_a_line_a_target_is_open() -> None:
    target = {"metric": "starts", "value": 2, "due_on": MAY[1]}
    (day,) = stands(starts("2022-04-01"), a_campaign(*MAY, targets=[target]), "2022-04-30")
    assert day == [("1", None, None, TargetState.open)]


def test_months_quarters_and_the_year_are_targets_of_one_metric() -> None:
    days = {"2022-03-31": "0.2", "2022-06-30": "0.5", "2022-12-31": "1"}
    targets = [
        {"unit_id": "U01", "metric": "start_rate", "value": value, "due_on": due}
        for due, value in days.items()
    ]
    campaign = a_campaign("2022-01-01", "2022-12-31", targets=targets)

    def in_force(day: str) -> F:
        return campaign.targets_in_force(date.fromisoformat(day)).target_values["U01"]["start_rate"]

    asked = ("2022-01-01", "2022-03-31", "2022-04-01", "2022-06-30", "2022-07-01", "2023-02-01")
    assert [in_force(day) for day in asked] == [F("0.2"), F("0.2"), F("0.5"), F("0.5"), F(1), F(1)]


# --- the end


def test_the_summary_sets_the_first_day_against_the_last() -> None:
    facts = a_ledger(
        units=[a_unit("U01"), a_unit("U02")],
        projects=[
            *(a_project(p) for p in ("P001", "P002")),
            a_project("P003", unit_id="U02", nature="continuing"),
        ],
        milestones=[
            a_milestone("started", "P001", actual_on="2022-05-01"),
            a_milestone("started", "P002", actual_on="2022-06-01"),
            a_milestone("completed", "P003", actual_on="2022-05-31"),
            a_milestone("pooled", "P003", actual_on="2022-04-30"),
        ],
        progress=[a_report("2022-05-01", 10), a_report("2022-05-20", 25)],
    )
    started = {"unit_id": "U01", "metric": "starts", "value": 1, "due_on": "2022-05-10"}
    invested = {"unit_id": "U01", "metric": "investment_done", "value": 26, "due_on": MAY[1]}
    promise = {"unit_id": "U01", "made_by": "局长"}
    campaign = a_campaign(
        *MAY,
        targets=[started, invested],
        commitments=[
            {**promise, "text": "开工一个", "due_on": "2022-05-10", "metric": "starts"},
            {**promise, "text": "投资过半", "due_on": MAY[1], "metric": "investment_done"},
            {**promise, "text": "每周调度", "due_on": MAY[1]},
        ],
    )

    found = compute_summary(asking(facts, campaign))

    changes = {(line["unit_id"], line["metric"]): line for line in found["metrics"]}
    of_unit = changes["U01", "investment_done"]
    assert [of_unit[name] for name in ("first", "last", "change")] == ["10", "25", "15"]
    assert changes[None, "start_rate"]["change"] == "0.0000"
    assert (found["met"], found["missed"], found["not_applicable"]) == (1, 1, 0)
    assert [promise["kept"] for promise in found["commitments"]] == [True, False, None]
    reached = [(move["kind"], move["project_id"], move["on"]) for move in found["projects"]]
    assert reached == [("completed", "P003", MAY[1]), ("started", "P001", MAY[0])]


def test_moves_are_of_live_projects_and_by_their_latest_date() -> None:
    facts = a_ledger(
        projects=[a_project(p) for p in ("P001", "P002", "P003")],
        milestones=[
            a_milestone("started", "P001", actual_on="2022-05-02"),
            a_milestone("started", "P001", actual_on="2022-04-02", decided_on="2022-04-01"),
            a_milestone("started", "P002", actual_on="2022-05-02"),
            a_milestone("terminated", "P002", actual_on="2022-05-30"),
            a_milestone("started", "P003", planned_on="2022-05-02"),
            a_milestone("landed", "P003", actual_on="2022-05-02"),
        ],
    )
    found = reached_milestones(facts, *map(date.fromisoformat, MAY))
    assert [(move.project_id, move.on) for move in found] == [("P001", date(2022, 5, 2))]


# --- what is wrong


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"to_on": "2022-05-01"}, ("to_on",)),
        ({"population": {"units": ["U09"]}}, ("population", "units", 0)),
        ({"population": {"projects": ["P001", "P9"]}}, ("population", "projects", 1)),
        ({"targets": [{"unit_id": "U09"}]}, ("targets", 0, "unit_id")),
        (
            {"targets": [{"unit_id": "U02"}], "population": {"units": ["U01"]}},
            ("targets", 0, "unit_id"),
        ),
        ({"targets": [{"metric": "nothing"}]}, ("targets", 0, "metric")),
        ({"targets": [{"due_on": "2022-12-26"}]}, ("targets", 0, "due_on")),
        ({"targets": [{}, {"value": 5}]}, ("targets", 1)),
        ({"commitments": [{"unit_id": "U09"}]}, ("commitments", 0, "unit_id")),
        ({"commitments": [{"metric": "starts"}]}, ("commitments", 0, "metric")),
    ],
)
def test_what_a_campaign_names_must_be_there(given: dict[str, Any], path: Any) -> None:
    target = {"metric": "starts", "value": 1, "due_on": "2022-12-25"}
    promise = {"unit_id": "U01", "text": "开工", "made_by": "局长", "due_on": "2022-12-24"}
    usual: dict[str, dict[str, Any]] = {"targets": target, "commitments": promise}
    lists: dict[str, Any] = {
        name: [{**usual[name], **line} for line in lines] if name in usual else lines
        for name, lines in given.items()
    }
    found = [*find_campaign_errors(a_campaign(**lists), build_known_items(SCHEME, COUNTY))]
    assert [at for at, _, _ in found] == [path]


def test_a_sound_campaign_has_no_mistakes() -> None:
    target = {"unit_id": "U01", "metric": "starts", "value": 1, "due_on": "2022-12-25"}
    promise = {"unit_id": "U01", "text": "开工", "made_by": "局长", "due_on": "2022-12-25"}
    sound = a_campaign(targets=[target], commitments=[{**promise, "metric": "starts"}])
    assert [*find_campaign_errors(sound, build_known_items(SCHEME, COUNTY))] == []
