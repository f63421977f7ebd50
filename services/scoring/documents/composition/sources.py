"""What a bulletin is composed from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from services.scoring.documents.composition.ledger import LedgerProjects
from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.engine.scheme.plan import GroupPlan, resolve_group

JsonDocument = Mapping[str, Any]
LIGHT_LABELS = {
    "red": "红灯",
    "yellow": "黄灯",
    "green": "绿灯",
    "paused": "停工",
    "none": "不亮灯",
}


@dataclass(frozen=True)
class Audience:
    """Whose projects are named: those of one unit, of none (""), or, with None, everybody's.

    `people`: who entered targets and marks is named, too.
    """

    only_unit: str | None = None
    people: bool = True

    def sees(self, unit_id: str) -> bool:
        return self.only_unit is None or unit_id == self.only_unit


FULL_AUDIENCE = Audience()


@dataclass(frozen=True)
class FactsSource:
    """Where the figures come from: the digest of the facts, and until when they were known."""

    facts_digest: str = ""
    known_at: datetime | None = None


@dataclass(frozen=True)
class BulletinInput:
    """A run's document and all that gives it words.

    `document` and `before` (the run that this one is compared with) are as `bairi score --format
    json` prints them.
    """

    document: JsonDocument
    scheme: Scheme
    preset: Lights
    ledger: LedgerProjects
    office: str
    signed_on: date
    before: JsonDocument | None = None
    entered: ManualEntries = NO_ENTRIES
    source: FactsSource = field(default_factory=FactsSource)
    audience: Audience = FULL_AUDIENCE
    note: str = ""

    @property
    def day(self) -> date:
        return date.fromisoformat(self.document["as_of"])

    @property
    def day_before(self) -> date:
        """Of the run that this one is compared with."""
        return date.fromisoformat((self.before or self.document)["as_of"])

    @property
    def is_comparable(self) -> bool:
        """Whether points of both runs come from one scheme."""
        return self.before is not None and self.before["scheme"] == self.document["scheme"]

    @cached_property
    def groups(self) -> dict[str, list[JsonDocument]]:
        """Group → its units, in the order of the document: ranked ones first."""
        return {group["group"]: group["units"] for group in self.document["groups"]}

    @cached_property
    def units(self) -> dict[str, str]:
        """Unit → name, in the order of the document; then those that are only in `before`."""
        names = {u["unit_id"]: u["name"] for units in self.groups.values() for u in units}
        gone = {u: unit["name"] for u, unit in self.earlier.items() if u not in names}
        return names | gone

    @cached_property
    def earlier(self) -> dict[str, JsonDocument]:
        """Unit → its part of the document compared with, with its group."""
        groups = self.before["groups"] if self.before else []
        return {u["unit_id"]: {**u, "group": g["group"]} for g in groups for u in g["units"]}

    def lights(self) -> Iterator[tuple[str, JsonDocument]]:
        """The unit that answers for it, and the light, of every project with one."""
        for light in self.document["lights"]:
            yield self.ledger.unit_of[light["project_id"]], light

    @cached_property
    def plans(self) -> dict[str, GroupPlan]:
        """Group → its plan."""
        return {group: resolve_group(self.scheme, group) for group in self.groups}
