"""Annexes spoiled as scanning, copying and page ends spoil them: a doubt or a refusal, never silently another value.

``make fuzz COUNT=10000`` tries a thousand, each from its seed; a failure names it.
"""

import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ntm_lib.errors import NtmError
from ntm_lib.intake.files.xlsx import read_xlsx
from ntm_lib.rules.decisions.annex_import import Proposal, read_annex
from ntm_lib.rules.sets import load_set
from tests.rules import annexes
from tests.rules.annexes import Box, Grid, raised

SET = "ntm-2021-2025"
TRIES = int(os.environ.get("FUZZ", "2500")) // 10
FIRST = int(os.environ.get("FUZZ_FROM", "0"))
FOUND = (2, 195, 1179, 2916, 4439, 4906, 6028)  # seeds of faults that are mended
Key = tuple[str, str, str, str]
Spoiling = Callable[[Grid, int, int, random.Random], list[Grid]]


def understood(proposal: Proposal) -> dict[Key, tuple[str, str]]:
    """Indicator, part, column, day → operator and amount of the lines that can be accepted without a reason."""
    lines = [line for line in proposal.lines if line.level.column and line.state in ("same", "different", "new")]
    levels = [
        line.level for line in lines if line.level.threshold or line.level.set_by != "nation"
    ]  # else nothing is taken
    return {(one.indicator, one.part, one.column, one.valid_from): (one.operator, one.threshold) for one in levels}


def text_of(grid: Grid, r: int, c: int) -> str:
    box = grid[r][c]
    return box.text if box else ""


def put(grid: Grid, r: int, c: int, text: str) -> list[Grid]:
    grid[r][c] = replace(grid[r][c] or Box(""), text=text)
    return [grid]


def without_row(grid: Grid, r: int) -> Grid:
    """A row gone; cells over several rows that covered it are one row shorter."""
    for c in range(len(grid[r])):
        top = (
            next(k for k in range(r, -1, -1) if grid[k][c] is not None) if any(grid[k][c] for k in range(r + 1)) else r
        )
        box = grid[top][c]
        if box and box.rows > 1 and top + box.rows > r:
            below = replace(box, rows=box.rows - 1)
            grid[r + 1 if top == r else top][c] = below
    return [*grid[:r], *grid[r + 1 :]]


def cut_in_two(grid: Grid, r: int, with_head: bool) -> list[Grid]:
    """The table as two, broken above a row, as at a page's end; merged cells begin anew below."""
    upper, lower = [list(line) for line in grid[:r]], [list(line) for line in grid[r:]]
    for c in range(3):
        tops = [k for k in range(r) if (box := grid[k][c]) and k + box.rows > r]
        for top in tops:
            box = grid[top][c]
            assert box
            upper[top][c], lower[0][c] = replace(box, rows=r - top), Box("", box.rows - (r - top))
    return [upper, [*grid[:2], *lower] if with_head else lower]


def broken_row(grid: Grid, r: int, c: int, chance: random.Random) -> list[Grid]:
    """A page's end through a row: the figures stand half above, half below."""
    rest: list[Box | None] = [None if box is None else Box("") for box in grid[r]]
    for k in range(3, len(grid[r])):
        text = text_of(grid, r, k)
        at = chance.randint(1, max(1, len(text) - 1))
        if grid[r][k]:
            grid[r][k], rest[k] = Box(text[:at]), Box(text[at:])
    grid.insert(r + 1, rest)
    for k in range(3):
        tops = [n for n in range(r + 1) if (box := grid[n][k]) and n + box.rows > r]
        for top in tops:
            box = grid[top][k]
            assert box
            grid[top][k] = replace(box, rows=box.rows + 1)
            rest[k] = None
    return cut_in_two(grid, r + 1, chance.random() < 0.5)


def shifted(grid: Grid, r: int, c: int, chance: random.Random) -> list[Grid]:
    if chance.random() < 0.5:  # to the left, the cell of one column gone
        grid[r] = [*grid[r][:c], *grid[r][c + 1 :], Box("")]
    else:
        grid[r] = [*grid[r][:c], Box(""), *grid[r][c:-1]]
    return [grid]


def merged(grid: Grid, r: int, c: int, chance: random.Random) -> list[Grid]:
    box = grid[r][c]
    if box and c + 1 < len(grid[r]) and grid[r][c + 1] and chance.random() < 0.5:
        grid[r][c], grid[r][c + 1] = replace(box, columns=2), None
    elif box and r + 1 < len(grid) and grid[r + 1][c]:
        grid[r][c], grid[r + 1][c] = replace(box, rows=2), None
    return [grid]


def head_lost(grid: Grid, r: int, c: int, chance: random.Random) -> list[Grid]:
    how = chance.choice(["upper", "lower", "unmerged", "cell"])
    if how == "upper":
        grid[1] = [grid[0][k] if grid[1][k] is None else box for k, box in enumerate(grid[1])]
        return [[[box and replace(box, rows=1) for box in grid[1]], *grid[2:]]]
    if how == "lower":
        return [[[box and replace(box, rows=1) for box in grid[0]], *grid[2:]]]
    if how == "unmerged":  # the words of the head moved to the left, as where the merged cell above is lost
        names = [box for box in grid[1] if box]
        grid[1] = [*grid[1][:3], *names, Box("")][: len(grid[1])]
        return [grid]
    return put(grid, 1, chance.randint(4, len(grid[1]) - 1), chance.choice(["", "Vùng khác", "ĐBSH"]))


def footnote(grid: Grid, r: int, c: int, chance: random.Random) -> list[Grid]:
    text, mark = text_of(grid, r, c), chance.choice("12345")
    return put(
        grid,
        r,
        c,
        chance.choice(
            [
                text + mark,
                text.replace("%", f"{mark}%"),
                f"{text}({mark})",
                f"{text}{'¹²³⁴⁵'[int(mark) - 1]}",
                text.replace("%", " % ") + f"[{mark}]",
            ]
        ),
    )


def two_tables(grid: Grid, r: int, c: int, chance: random.Random) -> list[Grid]:
    other = [list(line) for line in grid]
    put(other, r, c, "≥ 99%")
    if chance.random() < 0.5:
        return [grid, other]
    return [grid, [*other[:2], other[r]]] if chance.random() < 0.5 else [[*grid, other[r]]]


def lost(grid: Grid, r: int, c: int, chance: random.Random) -> list[Grid]:
    for _ in range(chance.choice([1, 1, 2, 3])):
        if r < len(grid) - 1:
            grid = without_row(grid, r)
    return [grid]


def column_lost(grid: Grid, r: int, c: int, chance: random.Random) -> list[Grid]:
    at = chance.randint(4, len(grid[1]) - 1)
    rows = [[box for k, box in enumerate(line) if k != at] for line in grid]
    if chance.random() < 0.5:  # the head stays, the figures move
        rows = [*grid[:2], *[[*line, Box("")] for line in rows[2:]]]
    else:
        rows[0] = [
            box and replace(box, columns=box.columns - 1) if box and box.columns > 1 else box for box in grid[0]
        ][:-1]
    return [rows]


def other_number(grid: Grid, r: int, c: int, chance: random.Random) -> list[Grid]:
    number, _, words = text_of(grid, r, 2).partition(" ")
    return put(
        grid,
        r,
        2,
        chance.choice(["99.9. ", "", number.replace(".", "") + " ", number[:-1].replace(".", ",") + " "]) + words,
    )


SPOILINGS: dict[str, Spoiling] = {
    "shift": shifted, "lose": lost, "merge": merged, "head": head_lost, "page": broken_row, "tables": two_tables, "column": column_lost,
    "number": other_number, "footnote": footnote,
    "cut": lambda g, r, c, chance: put(g, r, c, chance.choice([text_of(g, r, c)[:3], text_of(g, r, c)[:3] + "%"])),
    "sign": lambda g, r, c, chance: put(g, r, c, text_of(g, r, c).translate({ord("≥"): "≤", ord("≤"): "≥"})),
    "signless": lambda g, r, c, chance: put(g, r, c, text_of(g, r, c).strip("≥≤ ")),
    "letter": lambda g, r, c, chance: put(g, r, c, chance.choice(["≥ 8O%", "≥ l0%", "≥ 9S%", "> I00%"])),
    "space": lambda g, r, c, chance: put(g, r, c, "≥ 8 0%"),
    "twice": lambda g, r, c, chance: put(g, r, c, f"{text_of(g, r, c)} {text_of(g, r, c)}"),
    "empty": lambda g, r, c, chance: put(g, r, c, chance.choice(["", "-", "…", "%"])),
    "unit": lambda g, r, c, chance: put(g, r, c, text_of(g, r, c).replace("%", chance.choice(["", " hộ", "‰"]))),
    "double": lambda g, r, c, chance: put(g, r, 2, text_of(g, chance.choice([k for k in range(2, len(g)) if k != r]), 2)),
    "break": lambda g, r, c, chance: cut_in_two(g, r, chance.random() < 0.5),
}  # fmt: skip


def spoiled(base: Grid, seed: int) -> tuple[str, list[Grid]]:
    chance = random.Random(seed)
    grid = [list(line) for line in base]
    rows = [r for r in range(2, len(grid) - 2) if sum(text_of(grid, r, c)[:1] in ("≥", "≤") for c in range(3, 11)) > 4]
    r = chance.choice(rows)
    c = chance.choice([c for c in range(3, 11) if text_of(grid, r, c)[:1] in ("≥", "≤")])
    how = chance.choice(sorted(SPOILINGS))
    return how, SPOILINGS[how](grid, r, c, chance)


@pytest.fixture(scope="module")
def bases(tmp_path_factory) -> list[tuple[Grid, dict[Key, tuple[str, str]]]]:
    """Our own annex, and one of which every figure is another; what is understood of each where nothing is spoiled."""
    own = annexes.annex_of(load_set(SET))
    folder = tmp_path_factory.mktemp("bases")
    return [(grid, understood(imported(folder, "html", [grid]))) for grid in (own, raised(own))]


def imported(folder: Path, kind: str, grids: list[Grid]) -> Proposal:
    path = annexes.WRITERS[kind](folder / f"a.{kind}", annexes.title_of(load_set(SET)), *grids)
    return read_annex(path, read_xlsx, SET)


def test_a_spoiled_annex_gives_a_doubt_or_a_refusal_never_silently_another_value(tmp_path, bases):
    silent, refused, doubted = [], 0, 0
    for seed in (*FOUND, *range(FIRST, FIRST + TRIES)):
        grid, truth = bases[seed % 2]
        how, grids = spoiled(grid, seed)
        try:
            proposal = imported(tmp_path, ("html", "html", "html", "html", "xlsx")[seed // 2 % 5], grids)
        except NtmError:
            refused += 1
            continue
        found = understood(proposal)
        wrong = {key: (level, truth.get(key)) for key, level in found.items() if truth.get(key) != level}
        doubted += any(line.state == "doubtful" for line in proposal.lines)
        silent += [(seed, how, wrong)] if wrong else []
    print(f"{TRIES} spoiled annexes from seed {FIRST}: {refused} refused, {doubted} doubted, {len(silent)} silent")
    assert not silent
    assert refused + doubted > TRIES // 2  # the others lost nothing that could be missed
