"""``make read FILE=`` and ``ACCEPT=``: from a plan or report to a proposal, from the marked proposal to the commune's tables."""

import datetime
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from ntm_lib import parameters, paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate


def read(values: Mapping[str, str], t: Translate) -> int:
    """Reads FILE, or takes over what was marked in ACCEPT."""
    if values.get("ACCEPT"):
        return _accept(values, t)
    if not values.get("FILE"):
        raise NtmError(t("FILE: chưa nêu tệp. Hãy thêm, ví dụ make read COMMUNE=hung-my FILE=ke-hoach.docx"))
    from ntm_lib.intake.files.xlsx import read_xlsx
    from ntm_lib.office.opening import read_pieces
    from ntm_lib.reading.proposing import STATES, proposal_of, write
    from ntm_lib.reading.taking import existing_rows, refused_before
    from ntm_lib.reading.whole_text import read_plan

    language = values.get("LANGUAGE") or "vi"
    file = Path(values["FILE"].strip()).expanduser()
    year = values.get("YEAR", "").strip()
    if year and not parameters.YEAR.fullmatch(year):
        raise NtmError(t("YEAR: năm phải viết bằng bốn chữ số, ví dụ YEAR=2024."))
    pieces = read_pieces(file, read_xlsx(file) if file.suffix.lower() == ".xlsx" and file.is_file() else (), language)
    reading = read_plan(pieces, int(year or 0))
    if not reading.document.year:
        raise NtmError(t("YEAR: văn bản không nói là của năm nào. Hãy thêm, ví dụ YEAR=2024."))
    commune = _commune(values, reading.document.date or f"{reading.document.year}-12-31", reading.place, t)
    proposal = proposal_of(reading, commune, file, existing_rows(commune), refused_before(commune))
    counts, written = proposal.counts(), write(proposal, language)
    print(t("Đọc được {n} dòng. Chưa có gì được ghi vào số liệu.").format(n=sum(counts.values()) - counts["unread"]))
    print("\n".join(f"    {t(words)}: {counts[state]}" for state, words in STATES.items() if counts[state]))
    for row in proposal.rows:
        if row["state"] == STATES["unread"]:
            print(
                t("Chưa đọc: {place}").format(place=f"{row['section']} {row['quote']} – {row['why']}"), file=sys.stderr
            )
    print(t("Xem: {file}").format(file=paths.shown(written[0])))
    words = t('Đánh dấu x hoặc k ở cột đầu của {file}, lưu lại, rồi gõ: make read ACCEPT={file} BY="Họ và tên".')
    print(words.format(file=paths.shown(written[1])))
    return 0


def _commune(values: Mapping[str, str], day: str, place: str, t: Translate) -> str:
    """The commune's folder; a new one is made of what the registry knows of the commune that COMMUNE or the file names."""
    from ntm_lib.places import named, registry
    from ntm_lib.template.new_template import start_folder
    from ntm_lib.text.names import slug

    typed = values.get("COMMUNE", "").strip()
    wanted = typed or place
    if not wanted:
        raise NtmError(t("COMMUNE: văn bản không nêu tên xã. Hãy thêm, ví dụ COMMUNE=hung-my."))
    bare = slug(re.sub(r"^(?:xã|phường|thị trấn) ", "", place.partition(",")[0]))
    if (paths.communes_folder() / typed / "commune.yml").is_file() and parameters.SLUG.fullmatch(typed):
        if bare and bare != slug(named.line_of(typed, "name") or bare):
            words = t(
                "CHÚ Ý: văn bản ghi là của {place}, còn COMMUNE là {commune}. Không phải văn bản của xã này thì đừng nhận."
            )
            print(words.format(place=place, commune=typed), file=sys.stderr)
        return typed
    known = named.communes_named(wanted, parameters.communes())
    if len(known) == 1:
        return known[0]
    by_place = place and wanted.startswith(bare)  # the file writes the name with its marks
    unit = registry.resolve(
        values.get("NAME")
        or (place if by_place else wanted.replace("-", " ") if parameters.SLUG.fullmatch(wanted) else wanted),
        day,
        values.get("LANGUAGE") or "vi",
    )
    name = typed if parameters.SLUG.fullmatch(typed) else slug(unit.name)
    for path in start_folder(name, unit):
        print(t("Đã tạo {file}").format(file=paths.shown(path)))
    return name


def _accept(values: Mapping[str, str], t: Translate) -> int:
    from ntm_lib.reading.taking import take

    path = Path(values["ACCEPT"].strip()).expanduser()
    done = take(path, values.get("BY", "").strip(), datetime.date.today().isoformat(), values.get("LANGUAGE") or "vi")
    words = t("Đã ghi {written} dòng, {standing} dòng đã có sẵn, từ chối {refused}; còn {left} dòng chưa đánh dấu.")
    print(words.format(written=done.written, standing=done.standing, refused=done.refused, left=done.left))
    for file in done.files:
        print(f"    {paths.shown(file)}")
    print(t("Tiếp theo: make check COMMUNE={commune}, rồi make report COMMUNE={commune}.").format(commune=done.commune))
    return 0
