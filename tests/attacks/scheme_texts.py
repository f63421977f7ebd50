"""Texts of schemes that ask for more than they say."""

from collections.abc import Iterator

LONGEST = 200_000  # characters that a scheme may have
FORMULA = """id: bomb
zh: 甲
source: 乙
lights: yinchuan-2025
facts:
  - {{id: own_fact, zh: 甲, text: "{formula}"}}
pillars:
  - id: progress
    zh: 进度
    weight: 100
    metrics:
      - id: investment_completion
        points: {{rule: proportional}}
"""


def unknown_keys(count: int = 18_000) -> str:
    return "".join(f"k{n:05}: 1\n" for n in range(count))[:LONGEST]


def formula_bombs() -> Iterator[str]:
    """Formulas of deep, wide and large parts."""
    for formula in (
        "(" * 5000 + "1" + ")" * 5000,
        "not " * 20_000 + "1",
        "-" * 50_000 + "1",
        " + ".join(["1"] * 40_000),
        " < ".join(["1"] * 40_000),
        "9" * 100_000,
        "10**10**10**10",
        "'a' * 10**9",
        "x" * 100_000,
        "known(" * 3000 + "1" + ")" * 3000,
    ):
        yield FORMULA.format(formula=formula)
    yield doubling_facts()


def doubling_facts(count: int = 40) -> str:
    """Facts of which each asks for the one before twice."""
    facts = [
        f"  - {{id: own_{n}, zh: 甲{n}, text: own_{n - 1} + own_{n - 1}}}" for n in range(1, count)
    ]
    return (
        FORMULA.format(formula="1")
        .replace("own_fact", "own_0")
        .replace("pillars:", "\n".join([*facts, "pillars:"]), 1)
    )


def nested_lists(depth: int = 50_000) -> str:
    return "a: " + "[" * depth


def laughing_aliases(levels: int = 30) -> str:
    """References of which each asks for the one before ten times."""
    lines = ["a0: &a0 [x]"]
    lines += [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)
    ]  # fmt: skip
    return "\n".join(lines)
