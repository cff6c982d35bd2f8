"""Ways to damage a file, or to write the same file otherwise. Each takes bytes or text and a ``random.Random``.

``DAMAGE``: whatever comes of it is a message or is read; ``HABITS``: the rows stay what they are, so that they can be counted.
"""

import io
import os
import re
import warnings
import zipfile
from pathlib import Path
from random import Random

NUMBERS = (
    "²", "-1", "0", "1", "9" * 5_000, "1048577", "16385", "999999999", "", "x", "A1:ZZZ9999999", "true", "NaN",
    "1e999", "0x10", " 1 ",
)  # fmt: skip
TEXTS = (
    "1e999",
    "-0",
    "NaN",
    "inf",
    "_x0000_",
    "_x000B_",
    "=1+1",
    "17.1",
    "x" * 20_000,
    "9" * 5_000,
    "",
    " ",
    "2024-99-99",
    "\u202e",
    "½",
    "&#x1;",
    "&amp;",
    "90,3%",
)
INSERTS = (
    "<!-- x -->", "<?x y?>", "<![CDATA[x]]>", "&x;", "<x/>", "<x>" * 500, "</x>",
    '<!DOCTYPE x [<!ENTITY a "aaaa">]>',
    "\0",
    "\ufeff",
    '<mergeCell ref="A1:ZZZ9999999"/>',
)  # fmt: skip


# --- bytes of any file ---------------------------------------------------------------------------


def flip_bytes(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8) if data else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))]


def insert(data: bytes, chance: Random) -> bytes:
    what = chance.choice(
        [
            b'"',
            b"\0", b"\n", b"\r", b",,", b";", b"\t", b"=1+1", b"1.413",
            "½٣hộ".encode(),
            b"9" * 400,
            b"\xff\xfe",
            b"x" * 20_000,
            b'"' + b"y" * 140_000,
            b"\x0b",
        ]
    )  # fmt: skip
    place = chance.randrange(len(data))
    return data[:place] + what + data[place:]


# --- CSV -----------------------------------------------------------------------------------------


def cut_rows(data: bytes, chance: Random) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join(line[: chance.randrange(len(line) + 1)] if chance.random() < 0.2 else line for line in lines)


def swap_columns(data: bytes, chance: Random) -> bytes:
    lines = [line.split(b",") for line in data.split(b"\n")]
    i, j = chance.sample(range(max(2, len(lines[0]))), 2)
    for cells in lines[chance.randint(0, 1) :]:
        if max(i, j) < len(cells):
            cells[i], cells[j] = cells[j], cells[i]
    return b"\n".join(b",".join(cells) for cells in lines)


def mix_encodings(data: bytes, chance: Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + data[place:].decode(errors="ignore").encode(
        chance.choice(["utf-16", "cp1258", "latin-1"]), errors="ignore"
    )


def repeat_rows(data: bytes, chance: Random) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join(line for line in lines for _ in range(chance.randint(1, 3)))


def other_layout(rows: list[list[str]], chance: Random) -> bytes:
    """The same rows with another separator, encoding, end of line, heading, and lines above."""
    import csv

    separator, out = chance.choice(",;\t"), io.StringIO()
    names = chance.choice((str, str.upper, str.title, lambda name: f" {name} ", lambda name: "\ufeff" + name))
    writer = csv.writer(
        out,
        delimiter=separator,
        lineterminator=chance.choice(("\n", "\r\n")),
        quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    )
    writer.writerows([["KẾT QUẢ THỰC HIỆN, NĂM 2023"]] * chance.choice((0, 0, 1, 3)))
    writer.writerow(map(names, rows[0]))
    writer.writerows(rows[1:])
    told = f"sep={separator}\n" if chance.random() < 0.3 else ""
    return (told + out.getvalue()).encode(chance.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le")))


# --- parts of workbooks --------------------------------------------------------------------------


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return {name: source.read(name) for name in source.namelist()}


def packed(parts) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        warnings.simplefilter("ignore")  # two members of one name are meant
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            file.writestr(name, content)
    return out.getvalue()


def _part(data: bytes, chance: Random, change) -> bytes:
    """Changes the text of one part, so that the archive itself is sound."""
    parts = parts_of(data)
    name = chance.choice([n for n in parts if parts[n]])
    return packed(parts | {name: change(parts[name].decode(errors="replace"), chance).encode(errors="replace")})


def _once(text: str, pattern: str, chance: Random, new) -> str:
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start()] + new(one) + text[one.end() :]


def inside(data: bytes, chance: Random) -> bytes:
    return _part(
        data,
        chance,
        lambda text, c: c.choice((flip_bytes, cut, insert, swap_columns))(text.encode(), c).decode(errors="replace"),
    )


def attribute(data: bytes, chance: Random) -> bytes:
    return _part(data, chance, lambda text, c: _once(text, r'(?<==)"[^"]*"', c, lambda _: f'"{c.choice(NUMBERS)}"'))


def no_attribute(data: bytes, chance: Random) -> bytes:
    return _part(data, chance, lambda text, c: _once(text, r'\s[\w:]+="[^"]*"', c, lambda _: ""))


def content(data: bytes, chance: Random) -> bytes:
    return _part(data, chance, lambda text, c: _once(text, r"(?<=>)[^<>]*(?=<)", c, lambda _: c.choice(TEXTS)))


def between(data: bytes, chance: Random) -> bytes:
    return _part(data, chance, lambda text, c: _once(text, r"(?<=>)(?=<)", c, lambda _: c.choice(INSERTS)))


def element(data: bytes, chance: Random) -> bytes:
    """An element twice, thousands of times, or not at all."""
    pattern = r"<(?P<name>row|c|table:table-row|table:table-cell|sheet|mergeCell|xf|numFmt|Relationship|si|table:table)\b[^>]*?(?:/>|>.*?</(?P=name)>)"
    return _part(data, chance, lambda text, c: _once(text, pattern, c, lambda one: one[0] * c.choice((0, 2, 2, 3_000))))


def names(data: bytes, chance: Random) -> bytes:
    """Parts under other names, missing, twice, or changed over."""
    parts = list(parts_of(data).items())
    i, j = chance.randrange(len(parts)), chance.randrange(len(parts))
    how = chance.randrange(5)
    if how == 0:
        parts.pop(i)
    elif how == 1:
        parts.append((parts[i][0].upper(), parts[j][1]))
    elif how == 2:
        parts[i], parts[j] = (parts[i][0], parts[j][1]), (parts[j][0], parts[i][1])
    else:
        parts[i] = (
            chance.choice(
                (parts[i][0].replace("/", "\\"), "../" + parts[i][0], parts[i][0].title(), "/" + parts[i][0])
            ),
            parts[i][1],
        )
    return packed(parts)


def namespace(data: bytes, chance: Random) -> bytes:
    return _part(
        data,
        chance,
        lambda text, c: _once(
            text,
            r"(?:http://|urn:)[^\"<]*",
            c,
            lambda one: c.choice(("urn:x", one[0] + "x", "http://purl.oclc.org/ooxml/spreadsheetml/main", "")),
        ),
    )


def xml_level(data: bytes, chance: Random) -> bytes:
    """A part in another encoding, with a declaration that lies, prefixes, entities, an endless nesting, or the like."""
    parts = parts_of(data)
    name = chance.choice([n for n in parts if parts[n]])
    text = parts[name].decode(errors="replace")
    ways = (
        lambda: ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16"),
        lambda: ('<?xml version="1.0" encoding="latin-1"?>' + text).encode("latin-1", errors="replace"),
        lambda: ('<?xml version="1.0" encoding="x-none"?>' + text).encode(),
        lambda: b"\xef\xbb\xbf" + text.encode() + b"\0" * chance.randint(0, 9),
        lambda: ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>' + text.replace("90", "&b;", 1)).encode(),
        lambda: ("<a>" * 100_000 + text).encode(),
        lambda: text.replace("<row", "<x:row xmlns:x='urn:x'").replace("</row", "</x:row").encode(),
        lambda: re.sub(r"<(/?)(row|c|v)\b", r"<\1y:\2", text).replace(" xmlns=", " xmlns:y=", 1).encode(),
        lambda: text.replace("<t>", "<t><![CDATA[").replace("</t>", "]]></t>").encode(),
        lambda: text.replace(">", ">\n \t", chance.randint(1, 50)).encode(),
    )
    return packed(parts | {name: chance.choice(ways)()})


def zip_level(data: bytes, chance: Random) -> bytes:
    """The archive itself: compressed, encrypted by its flag, with lies on sizes, thousands of members, rubbish round it."""
    parts, how = parts_of(data), chance.randrange(7)
    if how == 0:
        return chance.choice((b"x" * 99, b"\0", b"PK\x03\x04")) + data
    if how == 1:
        return data + chance.choice((b"x" * 99, data, b"PK\x05\x06" + b"\0" * 18))
    if how == 2:
        return packed([*parts.items(), *((f"xl/media/{i}.png", b"") for i in range(chance.choice((50, 2_500))))])
    if how == 3:
        return packed([*parts.items(), *list(parts.items())[: chance.randint(1, 3)]])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    changed = bytearray(out.getvalue())
    entry = changed.rfind(b"PK\x01\x02") if chance.random() < 0.5 else changed.find(b"PK\x01\x02")
    place = entry + chance.choice((8, 10, 16, 20, 24, 28, 42))  # flags, method, sum, sizes, length of the name, place
    changed[place : place + 2] = chance.choice((b"\x01\x00", b"\xff\xff", b"\x63\x00", b"\x00\x00"))
    return bytes(changed)


IN_PARTS = (inside, xml_level, attribute, attribute, no_attribute, content, content, between, element, names, namespace)


# --- forms ---------------------------------------------------------------------------------------

HEADS = (
    "TT", "STT", "Tên tiêu chí", "Nội dung tiêu chí", "Nội dung", "Chỉ tiêu", "Đơn vị tính", "ĐVT", "Kết quả thực hiện", "Kết quả thực hiện năm 2024", "Thực hiện năm 2023",
    "Năm 2024", "2023", "Kế hoạch năm 2025", "Tự đánh giá", "Đạt", "Chưa đạt", "Số lượng", "Tỷ lệ (%)", "Tổng số hộ", "Kết quả thẩm định của huyện", "Ghi chú", "9 tháng",
    "Ước TH cả năm", "Thôn", "Tên công trình", "Địa điểm", "Quy mô", "Tổng mức đầu tư (triệu đồng)", "Nguồn vốn", "Kế hoạch vốn", "Giải ngân", "Đã bố trí", "Nợ", "So sánh (%)",
    "", "Tên thôn", "Số hộ", "Khối lượng", "Thời gian hoàn thành", "Văn bản", "Hộ nghèo",
)  # fmt: skip
TITLES = (
    "BIỂU KẾT QUẢ THỰC HIỆN NĂM 2024", "Đơn vị tính: triệu đồng", "(Kèm theo Quyết định số 318/QĐ-TTg năm 2022)", "Hùng Mỹ, ngày 15 tháng 01 năm 2025", "THÔN NÀ MÝ", "NĂM 2023",
    "KẾ HOẠCH NĂM 2025", "Giai đoạn 2021-2025", "UBND XÃ HÙNG MỸ",
)  # fmt: skip
CELLS = (
    "17.8", "17.8.", "a)", "-", "I", "II", "1", "11", "11.1", "10.1", "9.2", "KM1", "Tổng cộng", "Cộng", "- trong đó: nông nghiệp", "Tỷ lệ hộ có nhà tiêu", "17.8. Tỷ lệ hộ", "Thu nhập bình quân",
    "Nghèo đa chiều", "%", "triệu đồng", "hộ", "km", "x", "Đạt", "Chưa đạt", "90,3%", "172/1.413 hộ", "1.276", "…", "", "", "ước 90%", "Thôn Rôm", "NSTW", "17/01/2024", "Người lập biểu", "2024",
    "Ghi chú: số liệu tạm tính", 90.3, 0.903, 12, 17.1, 45345, 1_500_000, 2024, 100,
)  # fmt: skip


def form(chance: Random) -> tuple[list[list], list[str]]:
    """Rows of a sheet and its merged areas: titles, one or two tables with stacked headings, notes between them."""
    width, rows, merged = chance.randint(2, 9), [], []
    for _ in range(chance.choice((1, 1, 2))):
        rows += [[chance.choice(TITLES)] for _ in range(chance.randint(0, 3))]
        rows += [[chance.choice(HEADS) for _ in range(width)] for _ in range(chance.choice((1, 1, 2, 3)))]
        rows += [[chance.choice(CELLS) for _ in range(width)] for _ in range(chance.randint(0, 8))]
        rows += [[]] * chance.randint(0, 2)
    for _ in range(chance.choice((0, 0, 1, 3))):
        left, top = chance.randrange(width), chance.randint(1, len(rows))
        right, bottom = chance.randint(left, width - 1), top + chance.randint(0, 3)
        merged.append(f"{chr(65 + left)}{top}:{chr(65 + right)}{bottom}")
    return rows, merged


# --- folder --------------------------------------------------------------------------------------

FILE_NAMES = (
    "results.csv", "plan.CSV", "funding.txt", "works.tsv", "so-lieu.xlsx", "b.ods", "c.docx", "d.et", "e", "notes.csv",
    "documents.csv", "villages.csv", "sources", "x/y.csv",
)  # fmt: skip


def strange_file(place: Path, chance: Random) -> Path:
    """Puts something into the folder that is no ordinary file, or an ordinary one with a strange name."""
    path = place / chance.choice(FILE_NAMES)
    path.parent.mkdir(exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        return path
    path.unlink(missing_ok=True)
    how = chance.randrange(8)
    if how == 0:
        os.mkfifo(path)
    elif how == 1:
        path.mkdir()
    elif how == 2:
        path.symlink_to(path.name)
    elif how == 3:
        path.symlink_to(chance.choice(("/dev/zero", "/etc/passwd", "/", "..", "../..", "khong-co", "commune.yml")))
    elif how == 4:
        path.write_bytes(b"")
    else:
        path.write_bytes(
            chance.choice(
                (
                    b"\0" * 99,
                    b"PK\x03\x04",
                    b"%PDF-1.4",
                    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                    b"year,criterion\n2023,17\n",
                    b"\xff\xfea",
                )
            )
        )
    return path


# --- commune.yml ---------------------------------------------------------------------------------

_VALUES = (
    "[a]", "{a: 1}", "true", "~", "²", "9" * 5_000, "-1", "1.466 hộ", "!!int x", "!!timestamp 2024-99-99", "!!python/object:os.system {}", "&a [*a]", "*x", "|", "'", "2024-01-01", "0x1F",
    "\t", "[" * 3_000, "[" * 100_000, "{a: " * 50_000, "!!bool maybe", "!!timestamp 2024-13-01", "? a", "- " * 9_000, "{a: " * 300, '"' + "x" * 30_000 + '"',
)  # fmt: skip


def bomb(chance: Random) -> str:
    """References to references: a few lines that stand for billions of entries."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"] + [
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)
    ]
    return "\n".join(lines) + f"\n{chance.choice(('name', 'code', 'traits', 'profile'))}: *a11\n"


def description(text: str, chance: Random) -> bytes:
    how = chance.randrange(7)
    lines = text.splitlines()
    i = chance.randrange(len(lines))
    if how == 0:
        lines.append(lines[i])
    elif how == 1:
        lines[i] = " " * chance.randint(0, 5) + lines[i].strip()
    elif how == 2:
        return (bomb(chance) + text).encode()
    elif how == 3:
        return chance.choice((flip_bytes, cut, insert))(text.encode(), chance)
    elif how == 4:
        return text.encode(chance.choice(("utf-16", "utf-32", "cp1258")), errors="replace")
    else:
        key = lines[i].partition(":")[0]
        lines[i] = f"{key}: {chance.choice(_VALUES)}"
    return "\n".join(lines).encode(errors="replace")
