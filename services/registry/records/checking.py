"""A record that comes over HTTP is read as a line of the ledger is: one set of rules, two doors."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.facts import COLUMNS
from shared.ledger.check import RULES, wrong_codes
from shared.ledger.findings import Finding, finding
from shared.ledger.layout import lay_out
from shared.ledger.read import read_table
from shared.ledger.sheets import TITLES, Sheet
from shared.ledger.write import english_writer, written
from shared.problems import InvalidRequest
from shared.reference import regions


def checked(name: str, fact: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values as the ledger would hold them; raises InvalidRequest with all that is wrong."""
    columns = COLUMNS[name]
    cells = [written(english_writer(column), [fact[column.name]])[0] for column in columns]
    layout, found = lay_out(Sheet(name, [[c.name for c in columns], cells]), name)
    assert layout is not None
    if not layout.rows:
        raise refused([finding("missing_value", name, None, columns[0].name)])
    table, about_cells = read_table(layout)
    found += [*about_cells, *rules_of(table)]
    errors = [f for f in found if f.level == "error"]
    if errors:
        raise refused(errors)
    return {column.name: table.columns[column.name][0] for column in columns}


def rules_of(table: Any) -> Iterator[Finding]:
    yield from wrong_codes(table, regions())
    for rule in RULES.get(table.name, ()):
        yield from rule(table)


def unknown_reference(name: str, column: str, target: str, value: str) -> Finding:
    return finding("unknown_reference", name, None, column, value, title=TITLES[target])


def refused(errors: list[Finding]) -> InvalidRequest:
    """The same findings as for a ledger, as errors of fields."""
    return InvalidRequest(
        f"有 {len(errors)} 处要改",
        f"{len(errors)} field(s) need attention.",
        errors=[
            {"pointer": f"#/{found.column or ''}", "code": found.code, "detail": found.expected}
            for found in errors
        ],
    )
