"""The examples are answers: recorded again, they are the same."""

import json

from services.cli.server.all_in_one import SERVICE_NAMES
from shared.http.tokens import Issuer
from tests.databases import database
from tests.openapi.example_recorder import recorded
from tests.openapi.test_documents import differences
from tests.paths import ROOT


async def test_the_examples_are_what_the_services_answer(server: str, issuer: Issuer) -> None:
    """Else: `make openapi`, and look at what it changed."""
    async with database(server, "exemplified", *SERVICE_NAMES) as url:
        found = await recorded(url, issuer)
    for name in SERVICE_NAMES:
        kept = json.loads((ROOT / "services" / name / "examples.json").read_text("utf-8"))
        assert [*differences(kept, found[name])] == []
