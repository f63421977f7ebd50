"""The engine and the oracle, two programs written from one text, on random ledgers."""

from datetime import date
from pathlib import Path

import pytest

from services.cli.commands.letters import letters_document, letters_in_period
from services.scoring.engine.catalogue.growth import GROWTH_METRICS
from services.scoring.engine.catalogue.metrics import BIG_COMPARISON_METRICS, METRICS
from services.scoring.engine.language.compiler import terms_query
from services.scoring.execution.duckdb import open_query_runner
from services.scoring.schemes.scheme_files import resolve_lights
from shared import reference
from shared.calendar import Calendar
from shared.facts.tables import FACT_KINDS
from shared.ledger.reader import read_ledger
from tests.facts import facts_of
from tests.oracle import letters as oracle_letters
from tests.oracle import score as oracle_score
from tests.oracle.facts import dossiers, is_live
from tests.oracle.more_metrics import more_terms
from tests.oracle.random_ledgers import AS_OF_DAYS, random_ledger, write_csv
from tests.oracle.random_more import with_more
from tests.oracle.workdays import Calendar as PlainCalendar
from tests.scoring.engine.combined_ledgers import together
from tests.scoring.engine.language.queries import DECLARED
from tests.scoring.engine.result_documents import LANXIAN, document_of

pytestmark = pytest.mark.laws
LEDGERS = 60
TEN = 10  # ledgers as one: larger groups, and shares of all that are shared by more
LEDGERS_REPLAYED, AT_ONCE = 12, 6  # letters speak of one project each, so many go as one
FIRST, LAST = date(2021, 12, 15), date(2023, 2, 15)


@pytest.mark.parametrize("seed", range(LEDGERS))
def test_the_engine_scores_as_the_oracle_does(seed: int) -> None:
    ledger, day = random_ledger(seed), AS_OF_DAYS[seed % len(AS_OF_DAYS)]
    assert document_of(facts_of(ledger), day) == oracle_score.score(ledger, day)


@pytest.mark.parametrize("first_seed", range(0, LEDGERS, TEN))
def test_the_engine_scores_many_ledgers_as_one_as_the_oracle_does(first_seed: int) -> None:
    ledger = together(range(first_seed, first_seed + TEN))
    facts = facts_of(ledger)
    for day in AS_OF_DAYS[first_seed // TEN % 4 :: 4]:
        assert document_of(facts, day) == oracle_score.score(ledger, day), day


@pytest.mark.parametrize("seed", range(0, LEDGERS, 3))
def test_the_metrics_beside_the_twenty_are_the_oracles(seed: int) -> None:
    ledger, day = with_more(random_ledger(seed), seed), AS_OF_DAYS[seed // 3 % len(AS_OF_DAYS)]
    live = [dossier for dossier in dossiers(ledger) if is_live(dossier, day)]
    # Growth is worked out by hand in test_growth.py.
    known = (*BIG_COMPARISON_METRICS, *GROWTH_METRICS)
    asked = [metric for metric in METRICS if metric not in known]
    with open_query_runner(facts_of(ledger)) as run:
        rows = run(terms_query(asked, DECLARED), day)
    for row in rows:
        expected = more_terms(ledger, row["unit_id"], live, day)
        assert expected.keys() == {metric.id for metric in asked}
        found = {m.id: (row[f"{m.id} n"], row.get(f"{m.id} d")) for m in asked}
        assert found == expected, row["unit_id"]


@pytest.mark.parametrize("first_seed", range(0, LEDGERS_REPLAYED, AT_ONCE))
def test_the_same_letters_go_out_as_the_oracle_sends(first_seed: int) -> None:
    ledger = together(range(first_seed, first_seed + AT_ONCE))
    expected = oracle_letters.letters(ledger, FIRST, LAST, plain(reference.load_calendar()))
    preset = resolve_lights(LANXIAN)
    made = letters_in_period(facts_of(ledger), LANXIAN, preset, FIRST, LAST)
    assert letters_document(made, FIRST, LAST) == expected
    assert {letter["provisional"] for letter in expected["letters"]} == {False}


def test_letters_over_years_without_a_calendar_agree_too() -> None:
    first, last = date(2026, 12, 1), date(2027, 2, 28)
    ledger = together(range(100, 100 + AT_ONCE))
    expected = oracle_letters.letters(ledger, first, last, plain(reference.load_calendar()))
    made = letters_in_period(facts_of(ledger), LANXIAN, resolve_lights(LANXIAN), first, last)
    assert letters_document(made, first, last) == expected
    assert {letter["provisional"] for letter in expected["letters"]} == {False, True}


def test_the_adapter_gives_the_facts_that_the_ledger_reader_reads(tmp_path: Path) -> None:
    for seed in range(3):
        write_csv(random_ledger(seed), tmp_path / str(seed))
        read = read_ledger(tmp_path / str(seed), reference.region_codes()).accepted()
        adapted = facts_of(random_ledger(seed))
        for table in FACT_KINDS:
            assert adapted.tables[table].equals(read.tables[table]), (seed, table)


def plain(calendar: Calendar) -> PlainCalendar:
    """The calendar as the oracle reads it, of the years that matter: its lists are slow."""
    return {
        "off": sorted(day.isoformat() for day in calendar.off if day.year > 2020),
        "work": sorted(day.isoformat() for day in calendar.work if day.year > 2020),
        "years": sorted(calendar.announced),
    }
