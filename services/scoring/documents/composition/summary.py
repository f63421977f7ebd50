"""The first paragraph, for directors: leaders, laggards, movement, red lights."""

from collections.abc import Iterator, Sequence

from services.scoring.documents.composition.lights import red_project_ids
from services.scoring.documents.composition.missing_reports import is_report_missing
from services.scoring.documents.composition.movement import RankMove, rank_moves
from services.scoring.documents.composition.number_format import phrase_names
from services.scoring.documents.composition.sources import BulletinInput, JsonDocument
from services.scoring.engine.figures import exact_ratio, format_decimal
from shared.paper.dates import format_date

MAX_LEADERS = 3  # units named at the head and at the end of a group
SMALL_GROUP = 6  # units of a group that is listed whole
MAX_TIED_NAMED = 5  # units named of a tie


def compose_summary(inputs: BulletinInput) -> str:
    sentences = [
        phrase_ranked_count(inputs),
        *describe_groups(inputs),
        *describe_movement(inputs),
        describe_lights(inputs),
    ]
    return f"截至{format_date(inputs.as_of)}，{''.join(f'{sentence}。' for sentence in sentences)}"


def phrase_ranked_count(inputs: BulletinInput) -> str:
    count = sum(len(ranked_units(units)) for units in inputs.groups.values())
    scheme = f"“{inputs.scheme.zh}”"
    if not count:
        return f"没有单位参加{scheme}排名"
    groups = f"，分{len(inputs.groups)}组" if len(inputs.groups) > 1 else ""
    return f"参加{scheme}排名的单位{count}个{groups}"


def ranked_units(units: Sequence[JsonDocument]) -> list[JsonDocument]:
    return [unit for unit in units if unit["rank"] is not None]


def describe_groups(inputs: BulletinInput) -> Iterator[str]:
    """Yield a sentence a group; tied units share a rank, so that more than three may lead."""
    ranked = {group: ranked_units(units) for group, units in inputs.groups.items()}
    for group, units in ranked.items():
        if units:
            yield group + phrase_standing(units)
        elif any(ranked.values()):
            yield f"{group}没有单位参与排名"


def phrase_standing(units: Sequence[JsonDocument]) -> str:
    """The standing of ranked units, which come best first."""
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
    leaders = f"前三名为{phrase_names(map(phrase_unit_total, first), MAX_TIED_NAMED)}"
    if not last:  # all behind the first are equal to one of them
        return leaders
    return f"{leaders}，后三名为{phrase_names(map(phrase_unit_total, last), MAX_TIED_NAMED)}"


def phrase_unit_total(unit: JsonDocument) -> str:
    return f"{unit['name']}（{unit['total']}分）"


def describe_movement(inputs: BulletinInput) -> Iterator[str]:
    if inputs.before is None:
        return
    moves = list(rank_moves(inputs))
    since = f"与{format_date(inputs.as_of_before)}相比"
    if not moves:
        yield f"{since}，没有两次都参与排名的单位"
        return
    up, down = ([m for m in moves if sign * m.gain > 0] for sign in (1, -1))
    if not up and not down:
        yield f"{since}，各单位名次未变"
        return
    counts = f"{since}，{len(up)}个单位名次上升、{len(down)}个下降"
    most = [phrase_furthest_moves("上升", up), phrase_furthest_moves("下降", down)]
    yield "，".join([counts, *(text for text in most if text)])


def phrase_furthest_moves(word: str, movers: Sequence[RankMove]) -> str:
    """The units that moved furthest; of a single one the ranks before and after."""
    if not movers:
        return ""
    furthest = max(abs(move.gain) for move in movers)
    first = [move for move in movers if abs(move.gain) == furthest]
    names = phrase_names((move.unit["name"] for move in first), MAX_LEADERS)
    if len(first) > 1:
        return f"{word}最多的是{names}（各{furthest}名）"
    move = first[0]
    return f"{word}最多的是{names}（由第{move.before['rank']}名到第{move.unit['rank']}名）"


def describe_lights(inputs: BulletinInput) -> str:
    """The number of red projects, and the change of it since the run before."""
    lights = list(inputs.lights())
    if not lights:
        return "没有纳入亮灯的项目"
    red = len(red_project_ids(inputs.document))
    text = f"纳入亮灯的项目{len(lights)}个，"
    if red:
        share = exact_ratio(100 * red, len(lights))
        text += f"红灯{red}个，占{format_decimal(share, 2)}%"
    else:
        text += "没有红灯"
    if inputs.before is not None:
        more = red - len(red_project_ids(inputs.before))
        word = "增加" if more > 0 else "减少"
        text += f"，比上次{word}{abs(more)}个" if more else "，与上次持平"
    missing = sum(is_report_missing(inputs, light) for _, light in lights)
    return text + (f"；本月未报进度的{missing}个" if missing else "")
