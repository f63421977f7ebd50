"""Fonts of documents: a folder of font files, and families by role."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn


@dataclass(frozen=True)
class FontFamilies:
    """Families by role, in order of preference: a glyph that the first lacks is the next one's.

    The standard asks for 小标宋 (office, title), 仿宋 (body), 宋体 (page number), 黑体 (heading).
    """

    office: tuple[str, ...]
    title: tuple[str, ...]
    body: tuple[str, ...]
    page_number: tuple[str, ...]
    heading: tuple[str, ...]


@dataclass(frozen=True)
class Fonts:
    """`printed` families are in `folder` and go into the PDF; `edited` ones are only named.

    A DOCX holds no fonts: its editors have their own, so it names the official ones.
    `weight` (pt) is a stroke around office name and title for families without a heavy cut.
    """

    folder: Path
    printed: FontFamilies
    edited: FontFamilies
    weight: float = 0.0


NOTO_SERIF = ("Noto Serif SC", "Noto Sans SC")
NOTO_SANS = ("Noto Sans SC", "Noto Serif SC")
OFFICIAL_FAMILIES = FontFamilies(
    office=("方正小标宋简体",),
    title=("方正小标宋简体",),
    body=("仿宋",),
    page_number=("宋体",),
    heading=("黑体",),
)


@cache
def default_fonts() -> Fonts:
    """Noto (OFL), which pip installs; its Serif comes in one cut, so titles get a stroke."""
    return Fonts(
        folder=pylopdf_fonts_zh_cn.serif_path().parent,
        printed=FontFamilies(NOTO_SERIF, NOTO_SERIF, NOTO_SERIF, NOTO_SERIF, NOTO_SANS),
        edited=OFFICIAL_FAMILIES,
        weight=0.35,
    )
