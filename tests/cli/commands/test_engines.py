"""Where `bairi` computes: DuckDB unless Spark is asked for, by option or setting."""

import sys

import pytest

from tests.cli.runner import COUNTY, Outcome, bairi

ASKED = ("--as-of", "2022-12-25", "--format", "json")
COMMANDS = pytest.mark.parametrize("command", ["score", "counties"])


@pytest.fixture
def _no_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)


def refused(outcome: Outcome) -> str:
    assert (outcome.code, outcome.out) == (2, "")
    return outcome.said


@COMMANDS
@pytest.mark.usefixtures("_no_pyspark")
def test_where_there_is_no_spark_it_says_how_to_get_it(command: str) -> None:
    said = refused(bairi(command, COUNTY, *ASKED, "--engine", "spark"))
    assert "没有可用的Spark：没有装pyspark，请用makespark安装" in said


@COMMANDS
@pytest.mark.usefixtures("_no_pyspark")
def test_a_setting_chooses_and_an_option_overrules_it(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORING_ENGINE", "spark")
    refused(bairi(command, COUNTY, *ASKED))
    overruled = bairi(command, COUNTY, *ASKED, "--engine", "duckdb")
    assert overruled.code == 0
    assert overruled.document["groups"]


@COMMANDS
def test_an_engine_that_is_none_is_refused(command: str) -> None:
    said = refused(bairi(command, COUNTY, *ASKED, "--engine", "hadoop"))
    assert "'hadoop'" in said
    assert "'duckdb','spark'" in said
