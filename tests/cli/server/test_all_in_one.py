"""The services in one process: the demonstration over HTTP, and one document of them all."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.showcase.sample.names import SAMPLE_REGION
from shared import clock
from shared.http.jwks import RenewableKeySet
from shared.http.tokens import Role, verify_token
from tests.cli.server.processes import TOKEN


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder that the server's own user may reach, which those of pytest are not for root."""
    with TemporaryDirectory(prefix="bairi-demo-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def test_the_demonstration_imports_scores_ranks_and_repeats(data: Path) -> None:
    done = CliRunner().invoke(app, ["demo", "--data", str(data)])
    assert done.exit_code == 0, done.output
    for said in ("4089 行", "错误 0", "截至 2022-12-25", "红黄绿灯", "字节相同：是", "新发 73 件"):
        assert said in done.output, done.output
    printed = sorted(path.name for path in (data / "letters").iterdir())
    letters = ["assignment.pdf", "reminder.pdf", "supervision.pdf", "yellow_card.pdf"]
    assert printed == sorted([*letters, *(f"bulletin.{form}" for form in ("pdf", "docx", "xlsx"))])
    file = data / "token"
    assert file.stat().st_mode & 0o777 == 0o600
    keys = RenewableKeySet(str(data / "jwks.json"))
    office = verify_token(file.read_text(), keys, now=clock.now())
    assert (office.role, office.region) == (Role.office, SAMPLE_REGION)
    assert not TOKEN.search(done.output)
    again = CliRunner().invoke(app, ["demo", "--data", str(data)])
    assert again.exit_code == 0, again.output
    assert "变动 0 行" in again.output  # nor would it take a correction back
    assert "新发 0 件" in again.output
