"""LibreOffice, where it is installed: what it makes of our files, in the fonts that we print."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from shared.paper.fonts import Fonts

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

# It gets the fonts that the PDF prints, under the official names that the files ask for.
FONTS_OF_THE_PDF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{cache}</cachedir>{aliases}</fontconfig>
"""
ALIAS = """<match target="pattern"><test name="family"><string>{asked}</string></test>
<edit name="family" mode="assign" binding="same"><string>{given}</string></edit></match>
"""


def converted(files: Sequence[Path], fonts: Fonts) -> list[Path]:
    """The files of one folder as PDF beside them, in one go. Raises where LibreOffice fails."""
    folder = files[0].parent
    asked = {family for role in vars(fonts.edited).values() for family in role}
    given = fonts.printed.body[0]
    aliases = "".join(ALIAS.format(asked=each, given=given) for each in sorted(asked))
    config = folder / "fonts.conf"
    whole = FONTS_OF_THE_PDF.format(folder=fonts.folder, cache=folder / "cache", aliases=aliases)
    config.write_text(whole, encoding="utf-8")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(SOFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [*command, *map(str, files)],
        check=True,
        capture_output=True,
        env=os.environ | {"FONTCONFIG_FILE": str(config)},
    )
    return [file.with_suffix(".pdf") for file in files]
