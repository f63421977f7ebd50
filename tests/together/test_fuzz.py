"""No request, however odd, gets an answer that the document does not promise."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest

from shared.clock import now
from shared.http.tokens import Caller, Issuer, Role
from tests.databases import database
from tests.together.conftest import Tell
from tests.together.county import DAY, There
from tests.together.fuzzing import SEED, Known, answering, fuzzed
from tests.together.house import COUNTIES
from tests.together.regions import OWN, PROJECT, UNIT

FEW = 6  # random cases an operation: with those of boundaries more than 5,000
EXAMPLES = int(os.environ.get("BAIRI_FUZZ", FEW))  # `make fuzz` asks for more
FEWEST = 2_500  # cases of a caller; there are more
CALLERS = [Caller("the office", Role.office, OWN), Caller("the unit", Role.unit, OWN, UNIT)]
LASTS = timedelta(hours=12)


@pytest.fixture
async def database_of_its_own(server: str, counties: There) -> AsyncIterator[str]:
    async with database(server, "counties_fuzzed", copied_from=COUNTIES) as url:
        yield url


@pytest.fixture
def address(database_of_its_own: str, issuer: Issuer) -> Iterator[str]:
    with answering(database_of_its_own, issuer) as address:
        yield address


# The house works in a thread beside: its workers draw pauses while cases are made.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.parametrize("who", CALLERS, ids=[each.role for each in CALLERS])
def test_every_answer_is_one_that_the_document_promises(
    who: Caller, address: str, issuer: Issuer, counties: There, tell: Tell
) -> None:
    token = issuer.issue(who, now=now(), lasts=LASTS)
    known: Known = {
        "office": [OWN],
        "unit_id": [UNIT],
        "project_id": [PROJECT],
        "problem_id": ["Q0900"],
        "as_of": [DAY],
        "decided_on": ["2022-04-01"],
        "year": [2022],
        "run_id": [counties.published_run, counties.draft_run, counties.open_run],
        "objection_id": [counties.objection],
        "letter_id": [1, 7],
        "import_id": [counties.import_id],
        "campaign_id": [counties.campaign],
        "version": [1, 10],
        "table": ["progress", "funds"],
    }
    found = fuzzed(address, token, known, EXAMPLES, thorough=EXAMPLES > FEW)
    statuses = ", ".join(f"{count} × {status}" for status, count in sorted(found.statuses.items()))
    of_all = f"{found.cases} cases, {len(found.operations)} operations"
    tell(f"schemathesis as {who.role}, seed {SEED}: {of_all}")
    tell(f"  {statuses}")
    assert "\n\n".join(f"{where}\n{what}" for where, what in found.wrong.items()) == ""
    assert found.cases >= FEWEST
