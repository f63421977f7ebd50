"""The whole bulletin: its parts in order, those that have nothing to say left out."""

from services.scoring.documents.bulletin import Bulletin, BulletinPart
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


def compose_bulletin(matter: BulletinInput) -> Bulletin:
    """The bulletin of a run, as far as its audience may see it."""
    parts = ranking_part(matter), lights_part(matter), honours_part(matter), reports_part(matter)
    annexes = (
        movement_part(matter),
        pillars_part(matter),
        items_part(matter),
        adjustments_part(matter),
        red_projects_part(matter),
        missing_reports_part(matter),
        candidates_part(matter),
        manual_entries_part(matter),
        method_part(matter),
    )
    return Bulletin(
        office=matter.office,
        title_lines=(
            *split_title(f"关于“{matter.scheme.zh}”"),
            f"截至{format_date(matter.day)}排名情况的通报",
        ),
        addressee=ADDRESSEE,
        opening=(compose_summary(matter), LEAD_SENTENCE),
        parts=present_parts(*parts),
        closing="特此通报。",
        signed_on=matter.signed_on,
        annexes=present_parts(*annexes),
        note="；".join(note for note in (matter.note, audience_note(matter)) if note),
    )


def present_parts(*parts: BulletinPart | None) -> tuple[BulletinPart, ...]:
    return tuple(part for part in parts if part is not None)


def audience_note(matter: BulletinInput) -> str:
    """What a copy leaves out, where it is not for the office itself."""
    unit = matter.audience.only_unit
    if unit is None:
        return ""
    if unit in matter.units:
        return f"{matter.units[unit]}用本，项目明细只列本单位的"
    return "公开文本，不列项目明细"
