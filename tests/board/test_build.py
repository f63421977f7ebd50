"""The page is built where its sources are others than before, and replaced whole or not at all."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from services.board import build
from services.board.build import BuildFailed, PackagesAway, Workshop

pytestmark = pytest.mark.processes  # programs that stand in for Node and npm
NODE = "#!/bin/sh\necho v24.0.0\n"
NPM = """#!/bin/sh
echo "$@" >> asked
case "$1" in
  ci) mkdir -p node_modules ;;
  run)
    mkdir -p dist.new/assets
    cp src/main.ts dist.new/index.html
    cp src/main.ts "dist.new/assets/index-$(cksum < src/main.ts | cut -d' ' -f1).js"
    ! grep mistake src/main.ts ;;
esac
"""


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    made = Workshop(tmp_path / "board", tmp_path / "bin", tmp_path / "bairi.json")
    write(
        tmp_path,
        {
            "board/src/main.ts": "one",
            "board/package-lock.json": "{}",
            "board/site.py": "",
            "bairi.json": "{}",
            "bin/node": NODE,
            "bin/npm": NPM,
        },
    )
    return made


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(0o755)


def asked(workshop: Workshop) -> list[str]:
    """The first words of each call of npm."""
    lines = (workshop.folder / "asked").read_text("utf-8").splitlines()
    (workshop.folder / "asked").unlink()
    return [line.split()[0] for line in lines]


def built(workshop: Workshop) -> dict[str, str]:
    dist = workshop.folder / "dist"
    paths = [path for path in dist.rglob("*") if path.is_file() and path.name != "stamp"]
    return {path.relative_to(dist).as_posix(): path.read_text("utf-8") for path in paths}


def test_what_is_built_of_the_same_sources_is_not_built_again(workshop: Workshop) -> None:
    assert workshop.build()
    assert asked(workshop) == ["ci", "run"]
    assert built(workshop)["index.html"] == "one"
    assert not workshop.build()
    assert not (workshop.folder / "asked").exists()


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        ({"board/src/main.ts": "two"}, ["run"]),
        ({"board/src/new.ts": ""}, ["run"]),
        ({"bairi.json": "{ }"}, ["run"]),
        ({"board/package-lock.json": "{ }"}, ["ci", "run"]),
        ({"bin/node": NODE.replace("24", "25")}, ["ci", "run"]),
        ({"board/site.py": "x = 1\n", "board/src/generated/document.d.ts": ""}, []),
    ],
)
def test_a_change_of_what_it_is_made_of_builds_it_anew(
    workshop: Workshop, change: Mapping[str, str], calls: list[str]
) -> None:
    workshop.build()
    asked(workshop)
    write(workshop.folder.parent, change)
    assert workshop.build() == bool(calls)
    if calls:
        assert asked(workshop) == calls


def test_it_is_replaced_whole(workshop: Workshop) -> None:
    workshop.build()
    before = built(workshop)
    write(workshop.folder, {"src/main.ts": "two"})
    workshop.build()
    assert len(built(workshop)) == len(before) == 2
    assert {*built(workshop).values()} == {"two"}
    assert [*workshop.folder.glob("dist.*")] == []


def test_a_failed_build_leaves_the_page_of_before(workshop: Workshop) -> None:
    workshop.build()
    before = built(workshop)
    write(workshop.folder, {"src/main.ts": "a mistake"})
    with pytest.raises(BuildFailed):
        workshop.build()
    assert built(workshop) == before
    write(workshop.folder, {"src/main.ts": "mended"})
    assert workshop.build()
    assert {*built(workshop).values()} == {"mended"}


def test_without_node_or_packages_the_services_go_on(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "Workshop", lambda: workshop)
    npm = "#!/bin/sh\necho 'npm error code ENOTFOUND'\nexit 1\n"
    write(workshop.programs, {"npm": npm})
    assert build.main() == 0
    assert "网页没有生成：npm 的软件包取不来（ENOTFOUND）" in capsys.readouterr().err
    (workshop.programs / "node").unlink()
    with pytest.raises(PackagesAway):
        workshop.build()
    assert build.main() == 0
    assert "网页没有生成：没有 Node" in capsys.readouterr().err
    (workshop.folder / "package-lock.json").unlink()
    assert build.main() == 0
    assert "网页没有生成：这里没有它的源文件" in capsys.readouterr().err


def test_a_lock_that_does_not_fit_is_a_mistake(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build, "Workshop", lambda: workshop)
    write(workshop.programs, {"npm": "#!/bin/sh\necho 'npm error code EUSAGE'\nexit 1\n"})
    assert build.main() == 1
    assert "npm error code EUSAGE" in capsys.readouterr().err
