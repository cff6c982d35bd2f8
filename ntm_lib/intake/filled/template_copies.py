"""Several workbooks of ``make template`` in one folder: what two of them say alike is read once, what they say differently is refused."""

from collections.abc import Mapping, Sequence

from ntm_lib.errors import NtmError
from ntm_lib.intake.schema import RawRow, Remark
from ntm_lib.language import translator

Tables = Mapping[str, Sequence[RawRow]]


def without_copies(
    earlier: Sequence[Tables], tables: Tables, language: str
) -> tuple[dict[str, list[RawRow]], list[Remark]]:
    """The rows of a workbook that none of the ``earlier`` ones has, and a remark on those that one has.

    Rows are the same by their id, year, sheet and cell. Raises one NtmError for a workbook
    with other figures in the same cells.
    """
    seen = {(table, _key(row)): row for book in earlier for table, rows in book.items() for row in rows}
    twice = [
        (seen[table, _key(row)], row) for table, rows in tables.items() for row in rows if (table, _key(row)) in seen
    ]
    unlike = [(a, b) for a, b in twice if a.cells != b.cells]
    if unlike:
        raise NtmError(_refusal(unlike, language))
    kept = {table: [row for row in rows if (table, _key(row)) not in seen] for table, rows in tables.items()}
    told = [Remark(twice[0][1].file, "", 0, "template-copy", twice[0][0].file.rpartition("/")[2])] if twice else []
    return kept, told


def _key(row: RawRow) -> tuple[str, ...]:
    return (
        (row.cells["id"], row.cells.get("year", ""), row.sheet, str(row.row))
        if "id" in row.cells
        else tuple(row.cells.values())
    )


def _refusal(unlike: Sequence[tuple[RawRow, RawRow]], language: str) -> str:
    a, b = unlike[0]
    column = next(c for c in a.cells if a.cells[c] != b.cells[c])
    t = translator(language)
    return t("Hai tệp {a} và {b} là hai bản của một mẫu, khác nhau ở {n} ô; ô đầu là {cell} trang «{sheet}»: «{first}» và «{second}». Hãy giữ một bản trong thư mục của xã, chuyển bản kia sang nơi khác.").format(
        a=a.file, b=b.file.rpartition("/")[2], n=len(unlike), cell=b.row, sheet=b.sheet, first=a.cells[column][:40], second=b.cells[column][:40])  # fmt: skip
