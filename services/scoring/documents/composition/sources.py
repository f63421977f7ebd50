"""The inputs of a bulletin: a run's document, its scheme, the ledger, the audience."""

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
    """The readers of a bulletin: they see projects of one unit, of none (""), or, with None, all.

    `shows_authors`: the authors of targets and marks are named, too.
    """

    only_unit: str | None = None
    shows_authors: bool = True

    def can_see(self, unit_id: str) -> bool:
        return self.only_unit is None or unit_id == self.only_unit


FULL_AUDIENCE = Audience()


@dataclass(frozen=True)
class FactsSource:
    """The source of the figures: the digest of the facts, and when they were known."""

    facts_digest: str = ""
    known_at: datetime | None = None


@dataclass(frozen=True)
class CorrectedRun:
    """The run that a correction replaces, its document, and why it had to be."""

    number: int
    published_on: date
    reason: str
    document: JsonDocument


@dataclass(frozen=True)
class BulletinInput:
    """A run's document, and all that its texts are made with.

    `document` and `before` (of the run to compare with) are as `bairi score --format json` prints
    them.
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
    corrected: CorrectedRun | None = None

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.document["as_of"])

    @property
    def as_of_before(self) -> date:
        """The as-of day of the run to compare with."""
        return date.fromisoformat((self.before or self.document)["as_of"])

    @property
    def is_comparable(self) -> bool:
        """Whether the points of both runs come from one scheme."""
        return self.before is not None and self.before["scheme"] == self.document["scheme"]

    @cached_property
    def groups(self) -> dict[str, list[JsonDocument]]:
        """Units by group, in the order of the document: ranked ones first."""
        return {group["group"]: group["units"] for group in self.document["groups"]}

    @cached_property
    def unit_names(self) -> dict[str, str]:
        """Names by unit, in the order of the document; then those that are only in `before`."""
        names = {u["unit_id"]: u["name"] for units in self.groups.values() for u in units}
        gone = {u: unit["name"] for u, unit in self.units_before.items() if u not in names}
        return names | gone

    @cached_property
    def units_before(self) -> dict[str, JsonDocument]:
        """Units of `before` by id, each with its group."""
        groups = self.before["groups"] if self.before else []
        return {u["unit_id"]: {**u, "group": g["group"]} for g in groups for u in g["units"]}

    def lights(self) -> Iterator[tuple[str, JsonDocument]]:
        """The responsible unit and the light of every project with one."""
        for light in self.document["lights"]:
            yield self.ledger.project_units[light["project_id"]], light

    @cached_property
    def plans(self) -> dict[str, GroupPlan]:
        """Plans by group."""
        return {group: resolve_group(self.scheme, group) for group in self.groups}
