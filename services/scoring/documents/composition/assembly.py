"""The whole bulletin: its parts in order, empty ones left out."""

from services.scoring.documents.bulletin import Bulletin, BulletinPart
from services.scoring.documents.composition.corrections import (
    corrected_items_part,
    correction_part,
    describe_correction,
)
from services.scoring.documents.composition.honours import candidates_part, honours_part
from services.scoring.documents.composition.lights import lights_part, red_projects_part
from services.scoring.documents.composition.manual_entries import manual_entries_part
from services.scoring.documents.composition.method import method_part
from services.scoring.documents.composition.missing_reports import (
    missing_reports_part,
    reports_part,
)
from services.scoring.documents.composition.movement import movement_part
from services.scoring.documents.composition.ranking import (
    adjustments_part,
    items_part,
    pillars_part,
    ranking_part,
)
from services.scoring.documents.composition.sources import BulletinInput
from services.scoring.documents.composition.summary import compose_summary
from shared.paper.dates import format_date
from shared.paper.titles import split_title

ADDRESSEE = "各有关单位"
LEAD_SENTENCE = "具体情况通报如下，分类分项得分、项目明细和计分办法见附件。"


def compose_bulletin(inputs: BulletinInput) -> Bulletin:
    """Compose the bulletin of a run, as far as its audience may see it."""
    corrected = inputs.corrected
    parts = (
        correction_part(inputs),
        ranking_part(inputs),
        lights_part(inputs),
        honours_part(inputs),
        reports_part(inputs),
    )
    annexes = (
        corrected_items_part(inputs),
        movement_part(inputs),
        pillars_part(inputs),
        items_part(inputs),
        adjustments_part(inputs),
        red_projects_part(inputs),
        missing_reports_part(inputs),
        candidates_part(inputs),
        manual_entries_part(inputs),
        method_part(inputs),
    )
    return Bulletin(
        office=inputs.office,
        title_lines=(
            *split_title(f"关于“{inputs.scheme.zh}”"),
            f"截至{format_date(inputs.as_of)}排名情况的{'更正' if corrected else ''}通报",
        ),
        addressee=ADDRESSEE,
        opening=(
            *([describe_correction(corrected)] if corrected else []),
            compose_summary(inputs),
            LEAD_SENTENCE,
        ),
        parts=present_parts(*parts),
        closing="特此更正。" if corrected else "特此通报。",
        signed_on=inputs.signed_on,
        annexes=present_parts(*annexes),
        note="；".join(note for note in (inputs.note, audience_note(inputs)) if note),
    )


def present_parts(*parts: BulletinPart | None) -> tuple[BulletinPart, ...]:
    return tuple(part for part in parts if part is not None)


def audience_note(inputs: BulletinInput) -> str:
    """A note on what a copy leaves out; empty in the office's own."""
    unit = inputs.audience.only_unit
    if unit is None:
        return ""
    if unit in inputs.unit_names:
        return f"{inputs.unit_names[unit]}用本，项目明细只列本单位的"
    return "公开文本，不列项目明细"
