"""Spark within this machine: the same documents to the byte, and nothing left behind."""

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pytest

from services.scoring.execution.blocks import split_into_blocks
from services.scoring.execution.duckdb import FiguresTooLarge, QueryEngine, open_query_runner
from services.scoring.execution.engine_names import LOCAL_MASTER
from services.scoring.execution.engines import open_engine
from services.scoring.execution.run import score_facts
from services.scoring.execution.spark import PANDAS_WARNING, SparkMissing, open_spark
from services.scoring.runs.rules import serialize_result
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts
from shared.ledger.reader import read_ledger
from shared.reference import region_codes
from tests.bench.ledgers import ledger
from tests.builders import a_fund, a_ledger, a_project, a_unit
from tests.paths import GOLDEN

DAY = date(2022, 9, 30)
PROVINCE = 100_000  # projects
COUNTIES = 200
HAS_JAVA = bool(os.environ.get("JAVA_HOME") or shutil.which("java"))
HAS_PYSPARK = find_spec("pyspark") is not None

# pytest forgets after each test what the program has said of warnings.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore:{PANDAS_WARNING}:FutureWarning"),
    pytest.mark.processes,
]
on_spark = pytest.mark.skipif(
    not (HAS_JAVA and HAS_PYSPARK), reason="pyspark or Java is not on this machine"
)


@pytest.fixture(scope="module")
def engine() -> Iterator[QueryEngine]:
    with open_engine("spark", LOCAL_MASTER) as opened:
        yield opened


def document(facts: Facts, scheme: str, engine: QueryEngine) -> str:
    chosen = find_scheme(scheme)
    names = {unit.unit_id: unit.name for unit in facts.rows(Unit)}
    return serialize_result(
        score_facts(facts, chosen, resolve_lights(chosen), DAY, engine=engine), names
    )


@cache
def province() -> Facts:
    """Units of two hundred counties, and a few of none."""
    made = ledger(PROVINCE)
    units = made.tables["units"]
    codes = [f"{140000 + n % COUNTIES:06}" if n % 50 else None for n in range(units.num_rows)]
    at = units.column_names.index("region_code")
    placed = units.set_column(at, "region_code", pa.array(codes, pa.string()))
    return Facts({**made.tables, "units": placed})


# --- where there is Spark


@on_spark
@pytest.mark.parametrize("scheme", ["lanxian-2022", "yanan-2017"])
def test_a_countys_document_is_the_same_to_the_byte(engine: QueryEngine, scheme: str) -> None:
    county = read_ledger(GOLDEN / "county", region_codes()).accepted()
    assert document(county, scheme, engine) == document(county, scheme, open_query_runner)


@on_spark
def test_a_provinces_document_is_the_same_to_the_byte(engine: QueryEngine) -> None:
    """100,000 projects with 1.2 million reports, in some ten blocks."""
    assert len(split_into_blocks(province())) >= 9
    here = document(province(), "lanxian-2022", open_query_runner)
    assert document(province(), "lanxian-2022", engine) == here


@on_spark
def test_a_ledger_without_projects_has_its_document_too(engine: QueryEngine) -> None:
    empty = a_ledger(units=[a_unit("U01"), a_unit("U02")])
    here = document(empty, "lanxian-2022", open_query_runner)
    assert document(empty, "lanxian-2022", engine) == here


@on_spark
def test_figures_that_are_too_large_are_told_by_their_metric(engine: QueryEngine) -> None:
    facts = a_ledger(
        projects=[a_project()], funds=[a_fund(2**62, unit_id="U01"), a_fund(2**62, unit_id="U01")]
    )
    with pytest.raises(FiguresTooLarge, match="指标 central_budget_won"):
        document(facts, "lanxian-2022", engine)


LISTENS = "0A"  # the state of a socket in /proc/net/tcp
LOOPBACK = ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


def listening(process: Path) -> set[str]:
    """The addresses that a process listens on, as /proc writes them."""
    own = {os.readlink(each) for each in (process / "fd").iterdir()}
    lines = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in (process / "net" / table).read_text().splitlines()[1:]
    ]
    return {
        line[1].partition(":")[0]
        for line in lines
        if line[3] == LISTENS and f"socket:[{line[9]}]" in own
    }


@on_spark
@pytest.mark.usefixtures("engine")
def test_nobody_outside_this_machine_can_reach_it() -> None:
    children = Path("/proc/self/task").glob("*/children")
    started = {Path("/proc", pid) for each in children for pid in each.read_text().split()}
    (java,) = [each for each in started if (each / "comm").read_text().strip() == "java"]
    addresses = listening(java)
    assert addresses
    assert addresses <= {*LOOPBACK}


# --- where there is none


@pytest.fixture
def nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any Java."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return tmp_path


def test_without_pyspark_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(SparkMissing, match="没有装 pyspark，请用 make spark 安装"), open_spark():
        pass


@pytest.mark.skipif(not HAS_PYSPARK, reason="pyspark is not on this machine")
@pytest.mark.usefixtures("nothing")
def test_without_java_it_says_which_one_to_install() -> None:
    with pytest.raises(SparkMissing, match="没有找到 Java，请装 Java 17"), open_spark():
        pass


# pyspark does not close its pipe to a Java that ended.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.skipif(not HAS_PYSPARK, reason="pyspark is not on this machine")
def test_where_java_does_not_start_it_says_what_java_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho no room for a heap >&2\nexit 1\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SparkMissing, match="no room for a heap"), open_spark():
        pass
