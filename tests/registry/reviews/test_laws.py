"""Laws of reports: any steps in any order, beside a small model of what may count.

What counts is what the facts say; the model knows no rule of plausibility, and takes from each
answer whether a report waits. It says when one must.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from joserfc.jwk import KeySet
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.pool import StaticPool
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.main import build_app
from shared.http.tokens import Issuer
from tests.paths import GOLDEN
from tests.registry.clients import As, imported, items, speaking, table_of, zipped
from tests.registry.reviews.model import Model, Place, Sent
from tests.registry.reviews.reports import BILLIONS, OF_PROJECT, PROJECT, UNIT

EXAMPLES, STEPS = 12, 25
NEW, IMPORTED = ("2022-10-28", "2022-10-29"), "2022-10-31"
DAYS = strategies.sampled_from([*NEW, IMPORTED])
# Plausible on the days above, one too low, and one that nobody can believe.
AMOUNTS = strategies.sampled_from([25_000_000, 25_100_000, 25_200_000, 1_000, BILLIONS])
NUMBERS = strategies.integers(0, 7)


class Reports(RuleBasedStateMachine):
    """Steps of a unit, its officer and the office; each example is undone at its end."""

    runner: ClassVar[asyncio.Runner]
    one: ClassVar[Any]
    as_: ClassVar[As]

    def run(self, coroutine: Any) -> Any:
        return self.runner.run(coroutine)

    @initialize()
    def begin(self) -> None:
        self.run(self.one.execute("SAVEPOINT example"))
        self.office, self.unit = self.as_("office"), self.as_("unit", unit_id=UNIT)
        self.officer = self.as_("field", unit_id=UNIT)
        self.model = Model({day: Place() for day in NEW})
        self.model.places[IMPORTED] = Place(25_440_000, changes=1)

    def teardown(self) -> None:
        self.nobody_was_told_a_value()
        self.what_was_known_before_is_known_still()
        self.run(self.one.execute("ROLLBACK TO example; RELEASE example"))

    # --- steps -----------------------------------------------------------------------------------

    def send(self, who: httpx.AsyncClient, day: str, amount: int) -> httpx.Response:
        """A figure over the version that is there."""
        path = f"{OF_PROJECT}/{day}"
        tag = self.run(self.office.get(path)).headers.get("etag")
        headers = {"if-match": tag} if tag else {}
        sent = {"invested_ytd_yuan": amount}
        answer: httpx.Response = self.run(who.put(path, json=sent, headers=headers))
        return answer

    @rule(day=DAYS, amount=AMOUNTS, by_officer=strategies.booleans())
    def report(self, day: str, amount: int, by_officer: bool) -> None:
        place, path = self.model.places[day], f"{OF_PROJECT}/{day}"
        before = self.run(self.office.get(path))
        answer = self.send(self.officer if by_officer else self.unit, day, amount)
        if amount == place.amount:
            assert (answer.status_code, answer.text) == (200, before.text)
            self.replace_waiting(day)  # taken back by what counts
            return
        is_offices = place.amount is not None and not place.is_units
        if is_offices or place.decision == "returned" or amount == BILLIONS:
            assert answer.status_code == 202
        if answer.status_code == 202:
            # A report leaves the record, its version and its tag alone.
            after = self.run(self.office.get(path))
            assert (after.status_code, after.text) == (before.status_code, before.text)
            assert after.headers.get("etag") == before.headers.get("etag")
            found = answer.json()
            assert ("office" in found["causes"]) is is_offices
            assert ("returned" in found["causes"]) is (place.decision == "returned")
            self.keep(found, day, amount)
        else:
            assert answer.status_code in (200, 201)
            self.replace_waiting(day)
            self.model.write(day, amount, is_units=True)

    def keep(self, found: dict[str, Any], day: str, amount: int) -> None:
        if found["id"] not in {each.id for each in self.model.sent}:
            self.replace_waiting(day)
            seen = self.model.places[day].changes
            self.model.sent.append(Sent(found["id"], day, amount, seen))

    def replace_waiting(self, day: str) -> None:
        for each in self.model.waiting(day):
            each.state = "replaced"

    @rule(day=DAYS, amount=AMOUNTS)
    def write(self, day: str, amount: int) -> None:
        """What the office writes counts at once, whatever it is."""
        answer = self.send(self.office, day, amount)
        assert answer.status_code in (200, 201)
        if amount != self.model.places[day].amount:
            self.model.write(day, amount, is_units=False)

    @precondition(lambda self: self.model.sent)
    @rule(number=NUMBERS, names_present=strategies.booleans())
    def accept(self, number: int, names_present: bool) -> None:
        one = self.model.sent[number % len(self.model.sent)]
        path = f"/v1/reports/{one.id}"
        present = self.run(self.office.get(path)).json()["present_version"] or 0
        headers = {"if-match": f'"{present}"'} if names_present else {}
        answer = self.run(self.office.post(f"{path}/accept", headers=headers))
        if one.state != "waiting":
            assert answer.status_code == 409
        elif self.model.is_stale(one) and not names_present:
            assert answer.status_code == 412
        else:
            assert answer.status_code == 200, answer.text
            self.take(one)

    def take(self, one: Sent) -> None:
        place = self.model.places[one.day]
        one.state, place.decision = "accepted", "accepted"
        if one.amount != place.amount or not place.is_units:
            self.model.write(one.day, one.amount, is_units=True, accepted=one)

    @precondition(lambda self: self.model.sent)
    @rule(number=NUMBERS)
    def give_back(self, number: int) -> None:
        one = self.model.sent[number % len(self.model.sent)]
        form = {"reason": "请核对"}
        answer = self.run(self.office.post(f"/v1/reports/{one.id}/return", json=form))
        assert answer.status_code == (200 if one.state == "waiting" else 409)
        if one.state == "waiting":
            one.state = self.model.places[one.day].decision = "returned"

    @precondition(lambda self: self.model.sent)
    @rule(number=NUMBERS)
    def withdraw(self, number: int) -> None:
        one = self.model.sent[number % len(self.model.sent)]
        answer = self.run(self.unit.post(f"/v1/reports/{one.id}/withdraw"))
        assert answer.status_code == (200 if one.state == "waiting" else 409)
        if one.state == "waiting":
            one.state = "withdrawn"

    @precondition(lambda self: self.model.sent)
    @rule(numbers=strategies.lists(NUMBERS, min_size=1, max_size=4))
    def accept_many(self, numbers: list[int]) -> None:
        """A stale one is never accepted in a batch; each other one once."""
        chosen = [self.model.sent[number % len(self.model.sent)] for number in numbers]
        form = {"decisions": [{"report_id": one.id, "decision": "accept"} for one in chosen]}
        answer = self.run(self.office.post("/v1/reports/decisions", json=form))
        assert answer.status_code == 200
        for one, item in zip(chosen, answer.json()["items"], strict=True):
            if one.state != "waiting":
                assert item["refusal"]["type"] == "/problems/report-decided"
            elif self.model.is_stale(one):
                assert item["refusal"]["type"] == "/problems/stale"
            else:
                assert item["result"] == "accepted"
                self.take(one)

    @rule()
    def look(self) -> None:
        known_at = self.run(self.office.get("/v1/facts")).json()["known_at"]
        self.model.before.append((known_at, self.model.counting))

    # --- laws ------------------------------------------------------------------------------------

    def counted(self, **asked: str) -> dict[str, int | None]:
        rows = self.run(table_of(self.office, "progress", **asked)).to_pylist()
        amounts = {
            str(row["as_of"]): row["invested_ytd_yuan"]
            for row in rows
            if row["project_id"] == PROJECT
        }
        return {day: amounts.get(day) for day in self.model.places}

    @invariant()
    def the_facts_are_what_counts(self) -> None:
        """Nothing that waits, was returned, withdrawn or replaced is among them."""
        assert self.counted() == self.model.counting

    @invariant()
    def of_each_place_one_waits_and_every_report_is_listed(self) -> None:
        listed = self.run(items(self.unit, "/v1/reports"))
        assert {each["id"]: each["state"] for each in listed} == {
            one.id: one.state for one in self.model.sent
        }
        assert {each["id"] for each in listed if each["is_stale"]} == {
            one.id for one in self.model.sent if self.model.is_stale(one)
        }
        for day in self.model.places:
            assert len(self.model.waiting(day)) <= 1

    @invariant()
    def the_list_of_records_has_what_waits_beside_them(self) -> None:
        page = self.run(self.unit.get(OF_PROJECT, params={"limit": 200})).json()
        waiting = [one.id for one in self.model.sent if one.state == "waiting"]
        assert [each["id"] for each in page["waiting"]["items"]] == waiting
        assert page["waiting"]["count"] == len(waiting)
        amounts = {each["as_of"]: each["invested_ytd_yuan"] for each in page["items"]}
        assert {day: amounts.get(day) for day in self.model.places} == self.model.counting

    @invariant()
    def a_history_has_a_version_for_all_that_ever_counted(self) -> None:
        for day, place in self.model.places.items():
            history = self.run(self.office.get(f"{OF_PROJECT}/{day}/history"))
            versions = history.json() if history.is_success else []
            assert len(versions) == place.changes
            if versions:
                assert (versions[0]["reported_by"] is not None) is place.is_units
                if place.accepted:
                    assert versions[0]["recorded_by"] == "the office"
                    assert versions[0]["reported_at"] < versions[0]["recorded_at"]

    def what_was_known_before_is_known_still(self) -> None:
        """Accepting commutes with time: it changes nothing of any moment before."""
        for known_at, counting in self.model.before:
            assert self.counted(known_at=known_at) == counting

    def nobody_was_told_a_value(self) -> None:
        events = self.run(items(self.office, "/v1/events"))
        told = [each["data"] for each in events if each["kind"].startswith("report.")]
        assert all(
            each.keys() == {"report", "kind", "project_id", "day", "reported_by"} for each in told
        )


@asynccontextmanager
async def one_transaction(url: str, issuer: Issuer) -> AsyncIterator[tuple[Any, As]]:
    """A registry over one connection that commits nothing, with the golden county in it."""
    one = await asyncpg.connect(url.replace("+asyncpg", ""))
    outer = one.transaction()
    await outer.start()

    async def the_one(*_: object, **__: object) -> Any:
        return one

    engine = create_async_engine(url, async_creator=the_one, poolclass=StaticPool)
    sessions = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)
    as_ = speaking(build_app(sessions, KeySet([issuer.key]), issuer), issuer)
    await imported(as_("office"), zipped(GOLDEN / "county"))
    yield one, as_
    await outer.rollback()
    await engine.dispose()
    await one.close()


@pytest.fixture
def machine(url: str, issuer: Issuer) -> Iterator[type[Reports]]:
    with asyncio.Runner() as runner:
        opened = one_transaction(url, issuer)
        Reports.runner = runner
        Reports.one, as_ = runner.run(opened.__aenter__())
        Reports.as_ = staticmethod(as_)
        yield Reports
        runner.run(opened.__aexit__(None, None, None))


def test_any_steps_keep_the_laws(machine: type[Reports]) -> None:
    steps = settings(max_examples=EXAMPLES, stateful_step_count=STEPS)
    run_state_machine_as_test(machine, settings=steps)
