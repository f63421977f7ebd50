"""The scheme of a command with its lights, and the targets and marks entered for it."""

from pathlib import Path

from services.scoring.engine.points.manual_entries import NO_ENTRIES, ManualEntries
from services.scoring.engine.scheme.light_presets import Lights
from services.scoring.engine.scheme.model import Scheme
from services.scoring.schemes.entries_file import read_manual_entries
from services.scoring.schemes.scheme_files import find_scheme, resolve_lights
from shared.facts.projects import Unit
from shared.facts.tables import Facts


def find_scheme_and_lights(name: str) -> tuple[Scheme, Lights]:
    """A scheme with its lights. Raises SchemeMistake, which `main` turns into exit 2."""
    scheme = find_scheme(name)
    return scheme, resolve_lights(scheme)


def resolve_entries_option(
    path: Path | None, scheme: Scheme, preset: Lights, facts: Facts
) -> ManualEntries:
    """The entries of a file, if any. Raises EnteredMistake, which `main` turns into exit 2."""
    if path is None:
        return NO_ENTRIES
    metrics = preset.metrics_by_id(scheme.metrics_by_id)
    return read_manual_entries(path, metrics, {unit.unit_id for unit in facts.rows(Unit)})
