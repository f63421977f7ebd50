"""What `make faults` calls wrong: nothing in a job that went well, each fault by itself."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.client import OWN_PROJECT
from tests.faults.surviving_data import PREPARED, Kept, wrong_at_any_moment, wrong_at_the_end

DAYS = ("2022-01-01", "2022-01-02")
TOLD = Counter([*PREPARED, ("ledger.imported", "imports/1")])
TOLD += Counter(("progress.recorded", f"progress/{OWN_PROJECT}/{day}") for day in DAYS)
WHOLE = Kept(
    ledger={"units": 2, "projects": 3},
    ledger_rows={"units": "a", "projects": "b"},
    superseded=0,
    reports=frozenset(DAYS),
    imports=[(True, True, "{}", None)],
    audit={"registry": TOLD, "scoring": Counter(), "notifier": Counter()},
    events=TOLD,
    runs=[("2022-09-30", "x", "y", 3)],
    letters=[("reminder", "P001"), ("reminder", "P002")],
    numbers=[1, 2],
    texts=2,
    printed=2,
    settled=0,
    unread=0,
    links=0,
    answers=frozenset({f"report-{day}" for day in DAYS} | {"the-upload"}),
    jobs=0,
)
ACKNOWLEDGED = dict.fromkeys(WHOLE.answers)
LESS = TOLD - Counter([("ledger.imported", "imports/1")])


def test_a_whole_job_and_one_before_its_import_are_right() -> None:
    before = replace(
        WHOLE,
        ledger={"units": 0, "projects": 0},
        imports=[(False, False, None, None)],
        audit={**WHOLE.audit, "registry": LESS},
        events=LESS,
        runs=[],
        letters=[],
        numbers=[],
        texts=0,
        printed=0,
    )
    assert wrong_at_any_moment(WHOLE, WHOLE, ACKNOWLEDGED) == []
    assert wrong_at_any_moment(before, WHOLE, ACKNOWLEDGED) == []
    assert wrong_at_the_end(WHOLE, WHOLE) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ledger": {"units": 2, "projects": 1}}, "half an import"),
        ({"imports": [(False, False, None, None)]}, "5 rows of an import"),
        ({"superseded": 1}, "written twice"),
        ({"events": TOLD + Counter([PREPARED[0]])}, "audit rows and events differ"),
        ({"audit": {"registry": LESS}, "events": LESS}, "missing"),
        ({"numbers": [1, 3]}, "gap"),
        ({"numbers": [2, 1]}, "gap"),
        ({"letters": [*reversed(WHOLE.letters)]}, "another order"),
        ({"texts": 1}, "1 kept"),
        ({"printed": 3}, "3 printed"),
        ({"runs": [("2022-09-30", None, None, 0)]}, "half of one"),
        ({"unread": 1}, "do not match"),
        ({"links": 1}, "+1 invitations"),
        ({"links": -1}, "-1 invitations"),
        ({"answers": frozenset({"the-upload"})}, "acknowledged and lost"),
        ({"reports": frozenset(DAYS[:1])}, "acknowledged and lost"),
    ],
)
def test_each_fault_is_told(changed: dict[str, Any], said: str) -> None:
    found = replace(WHOLE, **changed)
    assert any(said in each for each in wrong_at_any_moment(found, WHOLE, ACKNOWLEDGED))
    assert wrong_at_the_end(found, WHOLE)
