"""A campaign (LX-1, HA-2): its days, its population, its targets, the commitments of units.

The same declaration is a YAML file of the command line and a document of the service.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from services.scoring.engine.declarations import Declaration, DeclarationId, KeyPath, Label, Metric
from services.scoring.engine.points.manual_entries import ManualEntries, ManualEntry
from services.scoring.engine.points.rules import RuleNumber
from shared.calendar import ONE_DAY, Calendar
from shared.facts.words import KeyLevel, Nature
from shared.ledger.dates import MAX_DATE, MIN_DATE
from shared.notation import DAY_NOTATION
from shared.problems import Problem

MAX_LEAST_INVESTMENT_YUAN = 10**13
MAX_CAMPAIGN_DAYS = 3660  # days; ten years are more than any campaign
MAX_TARGETS = 10_000  # targets, and commitments, of one campaign

CampaignDate = Annotated[date, Field(ge=MIN_DATE, le=MAX_DATE), DAY_NOTATION]
LedgerId = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]{1,200}$")]  # of a unit, of a project


class CampaignMistake(Problem):
    """攻坚行动的内容有误

    What the campaign says is wrong.
    """

    status = 422


class Population(Declaration):
    """Which projects a campaign is about: those that meet every line that is written.

    Of a line with several words any will do. A project whose total investment is unknown is not of
    a least size. With `units`, only these are compared.
    """

    natures: tuple[Nature, ...] = Field(default=(), title="建设性质")
    key_levels: tuple[KeyLevel, ...] = Field(default=(), title="重点级别")
    programs: tuple[Label, ...] = Field(default=(), title="专项")
    units: tuple[LedgerId, ...] = Field(default=(), title="责任单位")
    least_investment_yuan: (
        Annotated[int, Field(strict=True, ge=1, le=MAX_LEAST_INVESTMENT_YUAN)] | None
    ) = Field(default=None, title="总投资不低于")
    projects: tuple[LedgerId, ...] = Field(default=(), title="指定项目")


class Target(Declaration):
    """What a metric shall have reached on a day; without a unit, of all of them together."""

    unit_id: LedgerId | None = Field(default=None, title="单位编号")
    metric: DeclarationId = Field(title="指标")
    value: RuleNumber = Field(title="目标值")
    due_on: CampaignDate = Field(title="到期日")

    @property
    def key(self) -> tuple[str | None, str, date]:
        """The key that no two targets share."""
        return self.unit_id, self.metric, self.due_on


class Commitment(Declaration):
    """What somebody promises for a unit until a day.

    With a metric it is kept when the unit meets its target of that metric for the same day; without
    one, people judge.
    """

    unit_id: LedgerId = Field(title="单位编号")
    text: Annotated[str, Field(min_length=1, max_length=500)] = Field(title="承诺")
    made_by: Label = Field(title="承诺人")
    due_on: CampaignDate = Field(title="兑现期限")
    metric: DeclarationId | None = Field(default=None, title="所对指标")


CampaignTargets = Annotated[tuple[Target, ...], Field(max_length=MAX_TARGETS)]
CampaignCommitments = Annotated[tuple[Commitment, ...], Field(max_length=MAX_TARGETS)]


class CampaignHead(Declaration):
    """A campaign without its targets and commitments."""

    name: Label = Field(title="名称")
    scheme: Label = Field(title="方案")
    from_on: CampaignDate = Field(examples=["2022-09-15"], title="首日")
    to_on: CampaignDate = Field(examples=["2022-12-25"], title="末日")
    population: Population = Field(default=Population(), title="范围")

    @property
    def length(self) -> int:
        """Days from the first to the last, the last not counted."""
        return (self.to_on - self.from_on).days


class Campaign(CampaignHead):
    """All of a campaign. Targets are due within its days, a day each, so several in time."""

    targets: CampaignTargets = Field(default=(), title="目标")
    commitments: CampaignCommitments = Field(default=(), title="承诺")

    def targets_in_force(self, as_of: date) -> ManualEntries:
        """The units' targets that a day is measured by: the next one due, after it the last."""
        targets: dict[str, dict[str, ManualEntry]] = {}
        ahead = sorted(self.targets, key=lambda t: (t.due_on < as_of, abs((t.due_on - as_of).days)))
        for target in ahead:
            if target.unit_id is not None:
                entry = ManualEntry(Fraction(target.value), f"{self.name}，{target.due_on} 到期")
                targets.setdefault(target.unit_id, {}).setdefault(target.metric, entry)
        return ManualEntries(targets=targets)


# --- references


@dataclass(frozen=True)
class KnownItems:
    """The metrics, units and projects that exist."""

    metrics: Mapping[str, Metric]
    units: Collection[str]
    projects: Collection[str]


def find_campaign_errors(
    campaign: Campaign, known: KnownItems
) -> Iterator[tuple[KeyPath, str, str]]:
    """Unknown names, and contradictions: location, message in Chinese, message in English."""
    if not 0 <= campaign.length <= MAX_CAMPAIGN_DAYS:
        message = f"末日应不早于首日，且相隔不超过 {MAX_CAMPAIGN_DAYS} 天"
        yield (
            ("to_on",),
            message,
            f"The last day is not within {MAX_CAMPAIGN_DAYS} days of the first.",
        )
    for name in ("units", "projects"):
        for n, item in enumerate(getattr(campaign.population, name)):
            if item not in getattr(known, name):
                zh = "单位" if name == "units" else "项目"
                yield ("population", name, n), f"没有{zh}“{item}”", f"There is no {item}."
    keys: set[tuple[str | None, str, date]] = set()
    for n, target in enumerate(campaign.targets):
        yield from find_target_errors(("targets", n), target, campaign, known)
        if target.key in keys:
            yield ("targets", n), "同一单位、指标、到期日写了两次", "This target is there twice."
        keys.add(target.key)
    for n, commitment in enumerate(campaign.commitments):
        path: KeyPath = ("commitments", n)
        yield from find_unit_errors(path, commitment.unit_id, campaign, known)
        if commitment.metric and (key := commitment_target_key(commitment)) not in keys:
            yield (
                (*path, "metric"),
                f"{commitment.unit_id} 没有 {commitment.due_on} 到期的“{commitment.metric}”目标",
                f"There is no target of {key} that would keep it.",
            )


def find_target_errors(
    path: KeyPath, target: Target, campaign: Campaign, known: KnownItems
) -> Iterator[tuple[KeyPath, str, str]]:
    yield from find_unit_errors(path, target.unit_id, campaign, known)
    metric, name = known.metrics.get(target.metric), target.metric
    if metric is None:
        yield (*path, "metric"), f"没有名为“{name}”的指标", f"There is no metric {name}."
    elif not metric.numerator and metric.marks is None:
        message = f"“{name}”不由台账计算，不能按日对照目标"
        yield (*path, "metric"), message, f"{name} is not computed from the ledger."
    if not campaign.from_on <= target.due_on <= campaign.to_on:
        message = f"到期日应在 {campaign.from_on} 至 {campaign.to_on} 之间"
        yield (*path, "due_on"), message, "The target is due outside of the campaign."


def find_unit_errors(
    path: KeyPath, unit: str | None, campaign: Campaign, known: KnownItems
) -> Iterator[tuple[KeyPath, str, str]]:
    only = campaign.population.units
    if unit is None:
        return
    if unit not in known.units:
        yield (*path, "unit_id"), f"没有单位“{unit}”", f"There is no unit {unit}."
    elif only and unit not in only:
        yield (*path, "unit_id"), f"单位“{unit}”不在范围内", f"{unit} is not of the population."


def commitment_target_key(commitment: Commitment) -> tuple[str | None, str, date]:
    """The key of the target that a commitment is tied to; its metric is known."""
    return commitment.unit_id, commitment.metric or "", commitment.due_on


# --- in words, and in days


def describe_population(population: Population) -> str:
    """The population in words."""
    lines = [
        "、".join(nature.label for nature in population.natures),
        "、".join(level.label + "重点" for level in population.key_levels),
        "、".join(f"“{program}”专项" for program in population.programs),
        f"责任单位为 {'、'.join(population.units)}" if population.units else "",
        f"指定的 {len(population.projects)} 个" if population.projects else "",
    ]
    if population.least_investment_yuan:
        lines.append(f"总投资 {population.least_investment_yuan:,} 元及以上")
    written = [line for line in lines if line]
    return f"项目须：{'；'.join(written)}" if written else "全部项目"


@dataclass(frozen=True)
class Countdown:
    """The progress of a campaign on a day: the number of the day, and the days left after it.

    Before its first day all of it is left. `provisional`: a year among the days left has no
    calendar yet, and Monday to Friday count as working days.
    """

    as_of: date
    days: int
    day_number: int | None
    days_left: int
    working_days_left: int
    provisional: bool


def build_countdown(campaign: Campaign, as_of: date, calendar: Calendar) -> Countdown:
    first = max(campaign.from_on, as_of + ONE_DAY)
    left = max(0, (campaign.to_on - first).days + 1)
    within = campaign.from_on <= as_of <= campaign.to_on
    return Countdown(
        as_of,
        campaign.length + 1,
        (as_of - campaign.from_on).days + 1 if within else None,
        left,
        calendar.count_working_days(first, campaign.to_on) if left else 0,
        bool(left) and calendar.is_provisional(first, campaign.to_on),
    )
