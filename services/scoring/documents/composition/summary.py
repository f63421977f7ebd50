"""The paragraph that a director reads first: who leads, who trails, who moved, how many are red."""

from collections.abc import Iterator, Sequence

from services.scoring.documents.composition.lights import red_project_ids
from services.scoring.documents.composition.missing_reports import is_report_missing
from services.scoring.documents.composition.movement import RankMove, rank_moves
from services.scoring.documents.composition.number_format import phrase_names
from services.scoring.documents.composition.sources import BulletinInput, JsonDocument
from services.scoring.engine.figures import exact_ratio, format_decimal
from shared.paper.dates import format_date

MAX_LEADERS = 3  # the first and the last so many of a group
SMALL_GROUP = 6  # a group of no more is told whole
MAX_TIED_NAMED = 5  # of equal ones


def compose_summary(matter: BulletinInput) -> str:
    sentences = [
        phrase_ranked_count(matter),
        *describe_groups(matter),
        *describe_movement(matter),
        describe_lights(matter),
    ]
    return f"截至{format_date(matter.day)}，{''.join(f'{sentence}。' for sentence in sentences)}"


def phrase_ranked_count(matter: BulletinInput) -> str:
    of_groups = {group: ranked_units(units) for group, units in matter.groups.items()}
    whole = sum(map(len, of_groups.values()))
    named = f"“{matter.scheme.zh}”"
    if not whole:
        return f"没有单位参加{named}排名"
    several = f"，分{len(of_groups)}组" if len(of_groups) > 1 else ""
    return f"参加{named}排名的单位{whole}个{several}"


def ranked_units(units: Sequence[JsonDocument]) -> list[JsonDocument]:
    return [unit for unit in units if unit["rank"] is not None]


def describe_groups(matter: BulletinInput) -> Iterator[str]:
    """A sentence a group; equal units share a place, so that more than three may be the first."""
    of_groups = {group: ranked_units(units) for group, units in matter.groups.items()}
    for group, found in of_groups.items():
        if found:
            yield group + phrase_standing(found)
        elif any(of_groups.values()):
            yield f"{group}没有单位参与排名"


def phrase_standing(units: Sequence[JsonDocument]) -> str:
    """Of ranked units, the best first."""
    ranks = [unit["rank"] for unit in units]
    if len(units) == 1:
        return f"只有{phrase_unit_total(units[0])}参与排名"
    if len(set(ranks)) == 1:
        return f"的{len(units)}个单位名次并列，均为{units[0]['total']}分"
    if len(units) <= SMALL_GROUP:
        return f"依次为{'、'.join(map(phrase_unit_total, units))}"
    first = [u for u in units if sum(rank < u["rank"] for rank in ranks) < MAX_LEADERS]
    last = [
        u for u in units if sum(rank > u["rank"] for rank in ranks) < MAX_LEADERS and u not in first
    ]
    told = f"前三名为{phrase_names(map(phrase_unit_total, first), MAX_TIED_NAMED)}"
    if not last:  # all behind the first are equal to one of them
        return told
    return f"{told}，后三名为{phrase_names(map(phrase_unit_total, last), MAX_TIED_NAMED)}"


def phrase_unit_total(unit: JsonDocument) -> str:
    return f"{unit['name']}（{unit['total']}分）"


def describe_movement(matter: BulletinInput) -> Iterator[str]:
    if matter.before is None:
        return
    found = list(rank_moves(matter))
    since = f"与{format_date(matter.day_before)}相比"
    if not found:
        yield f"{since}，没有两次都参与排名的单位"
        return
    up, down = ([m for m in found if sign * m.places > 0] for sign in (1, -1))
    if not up and not down:
        yield f"{since}，各单位名次未变"
        return
    told = f"{since}，{len(up)}个单位名次上升、{len(down)}个下降"
    most = [phrase_furthest_moves("上升", up), phrase_furthest_moves("下降", down)]
    yield "，".join([told, *(said for said in most if said)])


def phrase_furthest_moves(word: str, movers: Sequence[RankMove]) -> str:
    """Who moved furthest, and from where to where if it is one alone."""
    if not movers:
        return ""
    furthest = max(abs(move.places) for move in movers)
    found = [move for move in movers if abs(move.places) == furthest]
    names = phrase_names((move.unit["name"] for move in found), MAX_LEADERS)
    if len(found) > 1:
        return f"{word}最多的是{names}（各{furthest}名）"
    move = found[0]
    return f"{word}最多的是{names}（由第{move.before['rank']}名到第{move.unit['rank']}名）"


def describe_lights(matter: BulletinInput) -> str:
    """How many projects are red, and how many more or fewer than before."""
    lights = list(matter.lights())
    if not lights:
        return "没有纳入亮灯的项目"
    red = len(red_project_ids(matter.document))
    told = f"纳入亮灯的项目{len(lights)}个，"
    if red:
        of_all = exact_ratio(100 * red, len(lights))
        told += f"红灯{red}个，占{format_decimal(of_all, 2)}%"
    else:
        told += "没有红灯"
    if matter.before is not None:
        more = red - len(red_project_ids(matter.before))
        word = "增加" if more > 0 else "减少"
        told += f"，比上次{word}{abs(more)}个" if more else "，与上次持平"
    missing = sum(is_report_missing(matter, light) for _, light in lights)
    return told + (f"；本月未报进度的{missing}个" if missing else "")
