"""``make rules IMPORT=`` and ``ACCEPT=``: from the file of a decision to a proposal, from the marked proposal to the rules."""

import datetime
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from ntm_lib import parameters, paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate


def import_decision(values: Mapping[str, str], t: Translate) -> int:
    """Writes the proposal that a file makes; what is doubtful or was not read is told."""
    if not values.get("RULES"):
        raise NtmError(t("RULES: chưa nêu bộ tiêu chí của văn bản. Hãy thêm, ví dụ RULES=ntm-2021-2025."))
    rule_set, _, region, language = parameters.check_rules(values)
    province = values.get("PROVINCE", "").strip()
    if province and not parameters.SLUG.fullmatch(province):
        raise NtmError(t("PROVINCE: hãy ghi tên tỉnh không dấu, ví dụ PROVINCE=tuyen-quang."))
    from ntm_lib.intake.files.xlsx import read_xlsx
    from ntm_lib.rules.decisions.accepting import refused_before, without_refused
    from ntm_lib.rules.decisions.annex_import import read_annex
    from ntm_lib.rules.decisions.proposal_page import ORDER, state_words, write_proposal

    file = Path(values["IMPORT"].strip()).expanduser()
    proposal = read_annex(file, read_xlsx, rule_set, province, region, values.get("FROM", "").strip(), language)
    proposal = without_refused(proposal, refused_before(rule_set), t)
    counts = Counter(line.state for line in proposal.lines)
    written = write_proposal(proposal, language)
    indicators = len(
        {line.level.indicator for line in proposal.lines if not line.level.column and line.state != "missing"}
    )
    print(t("Đọc được {n} chỉ tiêu. Chưa có gì được ghi vào tệp quy định.").format(n=indicators))
    print("\n".join(f"    {state_words(state, t)}: {counts[state]}" for state in ORDER if counts[state]))
    for place in proposal.left:
        print(t("Chưa đọc: {place}").format(place=place), file=sys.stderr)
    shown = paths.shown(written[1])
    print(t("Xem: {file}").format(file=paths.shown(written[0])))
    words = t(
        'Đánh dấu x hoặc k ở cột đầu của {file}, lưu lại, rồi gõ: make rules ACCEPT={file} BY="Họ và tên"; thêm OFFICIAL=1 khi tệp chính là văn bản đã ban hành.'
    )
    print(words.format(file=shown))
    return 0


def accept_proposal(values: Mapping[str, str], t: Translate) -> int:
    """Writes the accepted rows of a proposal into the rules."""
    from ntm_lib.rules.decisions.accepting import accept

    path = Path(values["ACCEPT"].strip()).expanduser()
    official = values.get("OFFICIAL", "") == "1"
    today = datetime.date.today().isoformat()
    done = accept(path, values.get("BY", "").strip(), official, today, values.get("LANGUAGE") or "vi")
    if not (done.written or done.confirmed or done.refused):
        print(
            t(
                "Chưa ghi gì: không dòng nào có dấu. Hãy ghi x (nhận) hoặc k (không nhận) ở cột đầu của tệp, lưu lại rồi gõ lại lệnh."
            )
        )
        return 1
    words = t("Đã ghi {written} dòng, xác nhận thêm {confirmed}, từ chối {refused}; còn {left} dòng chưa đánh dấu.")
    print(words.format(written=done.written, confirmed=done.confirmed, refused=len(done.refused), left=done.left))
    if done.names:
        told = t("{n} dòng tên chỉ tiêu không ghi: tệp của tỉnh chỉ giữ mức, tên là của bộ quốc gia.")
        print(told.format(n=done.names))
    print(t("Mức cũ được giữ trong {folder}.").format(folder=paths.shown(paths.rules_folder() / "history")))
    return 0
