"""Problems of whole files, and the bounds within which a file is read.

A file that is sent to be read may be made to do harm: nothing is unpacked, parsed or allocated
before it is known to be within bounds. These grow with the file, as a large ledger needs more.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from shared.ledger.findings import Finding, build_finding
from shared.ledger.sheets import Sheet, table_for_sheet

MAX_FILE_BYTES = 200 * 1024 * 1024  # of one file, and of all files of a folder
MIN_UNPACKED_BYTES, MAX_UNPACKED_BYTES = 48 * 1024 * 1024, 1024 * 1024 * 1024
SMALL_FILE_BYTES = 4 * 1024 * 1024  # read within 300 MB of memory
UNPACKED_RATIO = 16  # unpacked bytes to a further byte of the file; spreadsheets have 5 to 12
CELL_BYTES = 40  # unpacked bytes to a cell that a sheet may span
MAX_SMALL_PART_BYTES = 8 * 1024 * 1024  # of a part that is held as a tree: names, links, styles
MAX_FILES = 1_000  # of a folder or an archive, and parts of a workbook
MAX_COLUMNS = 1_000
MAX_ROWS = 1_048_576  # as Excel has it
MAX_FAILED_CELLS = 50_000  # formulas of a sheet without a result
MAX_EXAMPLES = 10  # names in a finding

READERS_OWN_PANIC = "PanicException"  # of the workbook reader; no Exception, and nowhere to import

DAMAGED = "文件损坏或不完整，应重新另存或重新打包"
ENCRYPTED = "文件有密码，应取消密码后另存"
EMPTY = "文件是空的"
NO_LEDGER = "应为 CSV 文件夹、CSV 的 ZIP，或 .xlsx、.xls、.ods 工作簿"
BINARY_WORKBOOK = "不读取 .xlsb 二进制工作簿，应在 Excel 或 WPS 中另存为 .xlsx"
SAME_NAMES = "压缩包中有同名文件，应只留一个"
TOO_LARGE = f"文件不得超过 {MAX_FILE_BYTES // 1024 // 1024} MB"
TOO_MANY_FILES = f"文件不得超过 {MAX_FILES} 个"
TOO_COMPLEX = "文件过于复杂，读取所需的内存过多，应删去多余的内容后另存"

ReadSheets = tuple[list[Sheet], list[Finding]]


class FileProblem(Exception):
    """A reason why a file, or a sheet, is not read."""

    def __init__(self, code: str, **details: Any) -> None:
        self.code, self.details = code, details
        super().__init__(code, details)


def unreadable(why: str) -> FileProblem:
    return FileProblem("unreadable_file", why=why)


@dataclass
class Allowance:
    """What may be unpacked of a file, in bytes, and what was."""

    most: int
    taken: int = 0

    @classmethod
    def of_file(cls, size: int) -> "Allowance":
        further = max(0, size - SMALL_FILE_BYTES) * UNPACKED_RATIO
        return cls(min(MIN_UNPACKED_BYTES + further, MAX_UNPACKED_BYTES))

    @property
    def cells(self) -> int:
        """The cells that a sheet may span."""
        return self.most // CELL_BYTES

    def take(self, size: int) -> None:
        if self.taken + size > self.most:
            raise unreadable(f"解压后不得超过 {self.most // 1024 // 1024} MB")
        self.taken += size

    def check_span(self, rows: int, columns: int) -> None:
        """Refuse a sheet that spans too much; `rows` and `columns` end at its last cell."""
        if columns > MAX_COLUMNS or rows > MAX_ROWS or rows * columns > self.cells:
            raise FileProblem(
                "sheet_too_large", cell=cell_name(rows - 1, columns - 1), columns=MAX_COLUMNS
            )


def read_guarded(name: str, read: Callable[[], ReadSheets]) -> ReadSheets:
    """The sheets, or the finding that says why the file or sheet of this name has none.

    Whatever a reader of foreign bytes raises means that the bytes are not what they should be.
    """
    name = table_for_sheet(name) or name
    try:
        return read()
    except FileProblem as problem:
        return [], [build_finding(problem.code, name, **problem.details)]
    except (MemoryError, RecursionError):
        return [], [build_finding("unreadable_file", name, why=TOO_COMPLEX)]
    except Exception:
        return [], [build_finding("unreadable_file", name, why=DAMAGED)]
    except BaseException as error:
        if type(error).__name__ != READERS_OWN_PANIC:
            raise
        return [], [build_finding("unreadable_file", name, why=DAMAGED)]


def tell_names(code: str, names: list[str]) -> list[Finding]:
    """One finding of all files or sheets of one kind, with examples."""
    if not names:
        return []
    finding = build_finding(code, names[0], value="、".join(names[:MAX_EXAMPLES]))
    return [replace(finding, count=len(names))]


def cell_name(row: int, column: int) -> str:
    """The name of a cell as a person sees it: 0, 0 is A1."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"
