"""The paragraph that a director reads first: who leads, who trails, who moved, how many are red."""

from collections.abc import Iterator, Sequence

from services.scoring.documents.composition.lights import red_projects
from services.scoring.documents.composition.missing_reports import is_missing
from services.scoring.documents.composition.movement import Move, moves
from services.scoring.documents.composition.number_format import listed
from services.scoring.documents.composition.sources import Document, Matter
from services.scoring.engine.figures import printed, share
from shared.paper.dates import day

NAMED = 3  # the first and the last so many of a group
FEW = 6  # a group of no more is told whole
MOST_NAMED = 5  # of equal ones


def summary(matter: Matter) -> str:
    sentences = [ranked(matter), *of_groups(matter), *of_movement(matter), of_lights(matter)]
    return f"截至{day(matter.day)}，{''.join(f'{sentence}。' for sentence in sentences)}"


def ranked(matter: Matter) -> str:
    of_groups = {group: in_order(units) for group, units in matter.groups.items()}
    whole = sum(map(len, of_groups.values()))
    named = f"“{matter.scheme.zh}”"
    if not whole:
        return f"没有单位参加{named}排名"
    several = f"，分{len(of_groups)}组" if len(of_groups) > 1 else ""
    return f"参加{named}排名的单位{whole}个{several}"


def in_order(units: Sequence[Document]) -> list[Document]:
    return [unit for unit in units if unit["rank"] is not None]


def of_groups(matter: Matter) -> Iterator[str]:
    """A sentence a group; equal units share a place, so that more than three may be the first."""
    of_groups = {group: in_order(units) for group, units in matter.groups.items()}
    for group, found in of_groups.items():
        if found:
            yield group + standing(found)
        elif any(of_groups.values()):
            yield f"{group}没有单位参与排名"


def standing(units: Sequence[Document]) -> str:
    """Of ranked units, the best first."""
    ranks = [unit["rank"] for unit in units]
    if len(units) == 1:
        return f"只有{with_total(units[0])}参与排名"
    if len(set(ranks)) == 1:
        return f"的{len(units)}个单位名次并列，均为{units[0]['total']}分"
    if len(units) <= FEW:
        return f"依次为{'、'.join(map(with_total, units))}"
    first = [u for u in units if sum(rank < u["rank"] for rank in ranks) < NAMED]
    last = [u for u in units if sum(rank > u["rank"] for rank in ranks) < NAMED and u not in first]
    told = f"前三名为{listed(map(with_total, first), MOST_NAMED)}"
    if not last:  # all behind the first are equal to one of them
        return told
    return f"{told}，后三名为{listed(map(with_total, last), MOST_NAMED)}"


def with_total(unit: Document) -> str:
    return f"{unit['name']}（{unit['total']}分）"


def of_movement(matter: Matter) -> Iterator[str]:
    if matter.before is None:
        return
    found = list(moves(matter))
    since = f"与{day(matter.day_before)}相比"
    if not found:
        yield f"{since}，没有两次都参与排名的单位"
        return
    up, down = ([m for m in found if sign * m.places > 0] for sign in (1, -1))
    if not up and not down:
        yield f"{since}，各单位名次未变"
        return
    told = f"{since}，{len(up)}个单位名次上升、{len(down)}个下降"
    most = [most_moved("上升", up), most_moved("下降", down)]
    yield "，".join([told, *(said for said in most if said)])


def most_moved(word: str, movers: Sequence[Move]) -> str:
    """Who moved furthest, and from where to where if it is one alone."""
    if not movers:
        return ""
    furthest = max(abs(move.places) for move in movers)
    found = [move for move in movers if abs(move.places) == furthest]
    names = listed((move.unit["name"] for move in found), NAMED)
    if len(found) > 1:
        return f"{word}最多的是{names}（各{furthest}名）"
    move = found[0]
    return f"{word}最多的是{names}（由第{move.before['rank']}名到第{move.unit['rank']}名）"


def of_lights(matter: Matter) -> str:
    """How many projects are red, and how many more or fewer than before."""
    lights = list(matter.lights())
    if not lights:
        return "没有纳入亮灯的项目"
    red = len(red_projects(matter.document))
    told = f"纳入亮灯的项目{len(lights)}个，"
    if red:
        of_all = share(100 * red, len(lights))
        told += f"红灯{red}个，占{printed(of_all, 2)}%"
    else:
        told += "没有红灯"
    if matter.before is not None:
        more = red - len(red_projects(matter.before))
        word = "增加" if more > 0 else "减少"
        told += f"，比上次{word}{abs(more)}个" if more else "，与上次持平"
    missing = sum(is_missing(matter, light) for _, light in lights)
    return told + (f"；本月未报进度的{missing}个" if missing else "")
