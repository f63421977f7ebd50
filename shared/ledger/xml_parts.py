"""XML parts of workbooks, parsed without document types: these can grow without end."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from xml.etree import ElementTree
from xml.parsers import expat

from shared.ledger.file_problems import DAMAGED, unreadable

MAX_TAG_BYTES = 256 * 1024  # of a tag or a text between tags
MAX_DEPTH = 10_000
PIECE = 1024 * 1024


def checked_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a part; refuses tags without end, with attributes by the million, and elements
    nested without end."""
    depth = 0
    for piece in pieces:
        for start in range(0, len(piece) - MAX_TAG_BYTES, MAX_TAG_BYTES):
            if piece.find(b">", start, start + MAX_TAG_BYTES) < 0:
                raise unreadable(DAMAGED)
        # A mark may lie across two pieces: that is less than the depth allowed.
        depth += piece.count(b"<") - 2 * piece.count(b"</") - piece.count(b"/>")
        if depth > MAX_DEPTH:
            raise unreadable(DAMAGED)
        yield piece


def split_pieces(content: bytes) -> Iterator[bytes]:
    return (content[start : start + PIECE] for start in range(0, len(content), PIECE))


def parse_pieces(parser: expat.XMLParserType, pieces: Iterable[bytes]) -> None:
    for piece in checked_pieces(pieces):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def build_parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_document_type
    return parser


def refuse_document_type(*_: object) -> None:
    raise unreadable(DAMAGED)


def parse_tree(content: bytes) -> ElementTree.Element:
    parse_pieces(build_parser(), split_pieces(content))
    return ElementTree.fromstring(content)


@lru_cache(maxsize=1000)
def local_name(name: str) -> str:
    """The name without its namespace, or prefix of one: these differ between editions."""
    return name.rpartition("}")[2].rpartition(":")[2]


def attribute(items: Iterable[tuple[str, str]], wanted: str) -> str | None:
    return next((value for name, value in items if local_name(name) == wanted), None)


def is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
