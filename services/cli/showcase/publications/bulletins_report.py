"""The report on published bulletins: what agrees, what differs and why, and the counts."""

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from services.cli.showcase.publications.bulletins import (
    COMPARISON_LABELS,
    Comparison,
    ComparisonVerdict,
    compare_bulletins,
    read_bulletin_lines,
)


def count_verdicts(comparisons: Iterable[Comparison]) -> Counter[tuple[str, ComparisonVerdict]]:
    """How many of each figure agree, differ, or have nothing published."""
    return Counter((found.what, found.verdict) for found in comparisons)


def show_bulletins_report(console: Console) -> None:
    """The figures that were published, those that differ with the reason, and the counts."""
    comparisons = compare_bulletins()
    tally = count_verdicts(comparisons)
    table = Table(title="公开通报复算：逐项与发布数核对到末位", title_justify="left")
    for header in ("行", "地方", "范围", "项", "依据", "算得", "发布", "结论"):
        table.add_column(header, justify="right" if header in ("算得", "发布") else "left")
    for found in comparisons:
        if found.published is not None:
            colour = "red" if found.verdict is ComparisonVerdict.differs else "green"
            verdict = f"[{colour}]{COMPARISON_LABELS[found.verdict]}[/]"
            told = (found.what, found.basis, found.computed, found.published, verdict)
            table.add_row(found.row_id, found.place, found.scope, *told)
    console.print(table)

    console.print("[bold]不一致的原因[/]")
    for found in comparisons:
        if found.verdict is ComparisonVerdict.differs:
            console.print(f"  {found.row_id} {found.what}：{found.why}")

    console.print(f"[bold]合计[/]（{len(read_bulletin_lines())} 行通报）")
    for what in dict.fromkeys(found.what for found in comparisons):
        said = "，".join(
            f"{zh} {tally[what, verdict]}" for verdict, zh in COMPARISON_LABELS.items()
        )
        console.print(f"  {what}：{said}")
