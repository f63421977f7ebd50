"""Workbooks in .ods: walked through once, as the reader of workbooks tells no formats or errors."""

from shared.ledger.archives import open_archive, unpack_file, unpack_pieces
from shared.ledger.file_formats import part_name
from shared.ledger.file_problems import DAMAGED, ENCRYPTED, Allowance, ReadSheets, unreadable
from shared.ledger.ods_cells import ContentWalk

CONTENT_PART, STYLES_PART, MANIFEST_PART = "content.xml", "styles.xml", "meta-inf/manifest.xml"


def read_ods(name: str, content: bytes, allowance: Allowance) -> ReadSheets:
    with open_archive(content) as archive:
        items = {part_name(item.orig_filename): item for item in archive.infolist()}
        manifest = items.get(MANIFEST_PART)
        if manifest and b"encryption-data" in unpack_file(archive, manifest, allowance):
            raise unreadable(ENCRYPTED)
        if len(items) < len(archive.infolist()):
            raise unreadable(DAMAGED)  # a part twice: each reader would take another
        walk = ContentWalk(allowance)
        for part in (STYLES_PART, CONTENT_PART):
            if part in items:
                walk.walk(unpack_pieces(archive, items[part], allowance))
    return walk.sheets, walk.findings
