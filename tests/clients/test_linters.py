"""Spectral and Redocly on the merged document, by rulesets of theirs with nothing switched off."""

from pathlib import Path

from tests.clients.toolbox import DOCUMENT, PROJECT, needs_tools, run_tool

pytestmark = needs_tools


def test_spectral_finds_nothing(tmp_path: Path) -> None:
    ruleset = PROJECT / ".spectral.yaml"
    said = run_tool(
        *("spectral", "lint", DOCUMENT, "--ruleset", ruleset, "--fail-severity", "hint"),
        folder=tmp_path,
    )
    assert "No results with a severity of 'hint' or higher found!" in said, said


def test_redocly_finds_nothing(tmp_path: Path) -> None:
    config = PROJECT / "redocly.yaml"
    said = run_tool("redocly", "lint", DOCUMENT, "--config", config, folder=tmp_path)
    assert "Your API description is valid." in said, said
    assert "warning" not in said, said
