"""Line breaks of a long title: balanced lines, between words (GB/T 9704-2012, §7.3.1)."""

from itertools import accumulate, pairwise
from math import ceil, inf
from unicodedata import east_asian_width

MAX_LINE_WIDTH = 20  # characters of a line: 156 mm at 22 pt
NARROW_WIDTH = 0.6  # of a character's width: digits and Latin letters
OPENING_BRACKETS = "（〔《“‘【([「『〈〖"
NAME_BRACKETS = "（(「『【〔"  # 工程（一期）
NAME_ENDINGS = {"项目", "工程"}
UNSPLIT_WORDS = {"项目建设", "工程建设"}
LEADING_WORDS = {"关于", "及", "和", "与", "或", "对", "在", "未", "第"}  # belong to what follows
# What a break after these is worth, in squared characters.
PROJECT_BREAK_WORTH, PROJECT_ENDINGS = 64.0, ("项目", "工程", *"）)」』】〕")
NOUN_BREAK_WORTH, NOUN_ENDINGS = 9.0, ("公司", "、")


def split_title(title: str) -> tuple[str, ...]:
    """The title's lines; joined they are the title. Few, of like length, no word split."""
    words = split_phrases(title)
    lines = max(1, ceil(text_width(title) / MAX_LINE_WIDTH))
    while not (cuts := best_cuts(words, lines)):
        lines += 1
    return tuple("".join(words[first:last]) for first, last in pairwise(cuts))


def best_cuts(words: list[str], lines: int) -> list[int]:
    """The cheapest cuts into so many lines, as indexes from 0 to the end; none if none fit.

    A line costs the square of its distance from the mean, less what the break after it is worth.
    """
    ends = [0.0, *accumulate(map(text_width, words))]
    gains = [break_worth(word) for word in words]
    mean = ends[-1] / lines
    reached: dict[int, tuple[float, list[int]]] = {0: (0.0, [0])}
    for _ in range(lines):
        longer: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, cuts) in reached.items():
            for end in range(start + 1, len(words) + 1):
                long = ends[end] - ends[start]
                if long > MAX_LINE_WIDTH:
                    break
                total = cost + (long - mean) ** 2 - gains[end - 1]
                if total < longer.get(end, (inf, []))[0]:
                    longer[end] = total, [*cuts, end]
        reached = longer
    return reached.get(len(words), (inf, []))[1]


def break_worth(word: str) -> float:
    """The worth of a break after the word, in squared characters."""
    if word.endswith(PROJECT_ENDINGS):
        return PROJECT_BREAK_WORTH
    return NOUN_BREAK_WORTH if word.endswith(NOUN_ENDINGS) else 0.0


def split_phrases(title: str) -> list[str]:
    """Words with what may not leave them: particles, brackets, stops, units of a figure."""
    import rjieba  # not at the top: its dictionary takes long to load

    found: list[str] = []
    for word in rjieba.cut(title):
        if found and is_bound(found[-1], word):
            found[-1] += word
        else:
            found.append(word)
    return [piece for phrase in found for piece in split_long_phrase(phrase)]


def is_bound(before: str, word: str) -> bool:
    """True where no line may end between the two."""
    if before[-1] in OPENING_BRACKETS or before in LEADING_WORDS or before[-1].isdigit():
        return True
    if word[0] in NAME_BRACKETS or word in NAME_ENDINGS or before[-2:] + word in UNSPLIT_WORDS:
        return True
    if word[0] in OPENING_BRACKETS or word in LEADING_WORDS:
        return False
    latin = before[-1].isascii() and word[0].isascii() and " " not in before[-1] + word[0]
    return len(word) == 1 or not word[0].isalnum() or latin


def split_long_phrase(phrase: str) -> list[str]:
    """A phrase, cut where it alone is longer than a line."""
    if text_width(phrase) <= MAX_LINE_WIDTH:
        return [phrase]
    return [phrase[at : at + MAX_LINE_WIDTH] for at in range(0, len(phrase), MAX_LINE_WIDTH)]


def text_width(text: str) -> float:
    """Width in characters: wide ones are 1."""
    return sum(1.0 if east_asian_width(letter) in "WFA" else NARROW_WIDTH for letter in text)
