"""The command ``forms``: a form for each village of a commune, of a month or of the whole year."""

from collections.abc import Mapping

from ntm_lib import parameters, paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate


def forms(values: Mapping[str, str], t: Translate) -> int:
    """Writes ``outputs/<commune>/phieu-thon-<year>[-thang-<month>]`` and says where the filled forms go."""
    run = parameters.check_forms(values)
    from ntm_lib.intake.filled.village_layout import FOLDER
    from ntm_lib.pipeline.locks import alone
    from ntm_lib.pipeline.publish import publish, staged
    from ntm_lib.template.village_book import told, write_forms

    name = f"phieu-thon-{run.year}" + (f"-thang-{run.month:02}" if run.month else "")
    place, filled = paths.outputs() / run.commune / name, paths.communes_folder() / run.commune / FOLDER
    book = book_of(run, t)
    with alone(f"{run.commune}/{name}"), staged(place, t=t) as (folder,):
        lines = list(told(write_forms(book, folder)))
        publish(place)
    filled.mkdir(exist_ok=True)
    print(t("Đã lập phiếu của {n} thôn trong {folder}:").format(n=len(lines), folder=paths.shown(place)))
    for line in lines:
        print(f"    {line}")
    unnamed = book.names.count("")
    if unnamed:
        text = t("Còn {n} thôn chưa có tên trong danh sách thôn: phiếu để trống tên, hãy ghi tên vào ô «Thôn».")
        print(text.format(n=unnamed))
    text = t(
        "Gửi mỗi thôn một tệp. Phiếu đã điền để vào {folder} (tên tệp nào cũng được), rồi gõ make check COMMUNE={commune}."
    )
    print(text.format(folder=paths.shown(filled), commune=run.commune))
    return 0


def book_of(run: parameters.Parameters, t: Translate):  # type: ignore[no-untyped-def]
    """What the forms are made from. Raises NtmError where no village is known, or the plan asks nothing of them by month."""
    from ntm_lib import intake, rules
    from ntm_lib.places.village_sums import said_villages
    from ntm_lib.stages.clean_stage import known_observations, known_progress
    from ntm_lib.stages.judge_stage import needs_by_village
    from ntm_lib.tables import empty
    from ntm_lib.template.village_rows import FormBook, form_rows

    cleaned = intake.clean(intake.read_commune(run.commune, run.language), run.language)
    commune, rule_set = rules.load_commune(run.commune, run.language), rules.load_set(run.rule_set, run.language)
    register, observations = cleaned.villages, known_observations(cleaned)
    if register.empty and not said_villages(commune):
        raise NtmError(
            t(
                "Chưa biết xã có những thôn nào.\n    Cần làm: ghi tên thôn vào villages.csv (hoặc trang Thôn của tệp mẫu), số thôn vào commune.yml"
            )
        )
    judged = bool(observations["year"].isin([run.year]).any())
    needs = needs_by_village(observations, list(register["village"]), run) if judged else empty("village_needs")
    book = FormBook(
        commune, run.year, run.month, rule_set, observations, cleaned.works, cleaned.schedule, known_progress(cleaned), register, needs
    )  # fmt: skip
    if run.month and not form_rows(book, book.names[0]):
        text = t(
            "Năm {year} chưa có kế hoạch hay công trình nào để báo theo tháng.\n    Cần làm: nhập plan.csv, works.csv của năm này, hoặc bỏ MONTH để làm phiếu kết quả cả năm"
        )
        raise NtmError(text.format(year=run.year))
    return book
