"""Commands on data: ``check``, ``communes``, ``template``, ``forms``.

Each checks what it was given, calls one function of the library and prints. Imports of something
heavy stand inside the command that needs it.
"""

import sys
from collections.abc import Mapping

from ntm_lib import parameters, paths
from ntm_lib.errors import NtmError
from ntm_lib.language import Translate
from ntm_lib.places import named

FIGURES = ("results", "plan", "works", "funding", "production")


def check_data(values: Mapping[str, str], t: Translate) -> int:
    """Every row that cannot be read and every finding of a commune: status 1 if a row cannot be read. CODES=1: the catalogue.

    JSON=1: for another program; with CODES=1 the schema of what programs are told.
    """
    if values.get("CODES") == "1":
        return show_codes(values)
    run = parameters.check(values)
    from ntm_lib import intake
    from ntm_lib.stages.clean_stage import check_run
    from ntm_lib.wording.problem_words import list_rejects

    raw = intake.read_commune(run.commune, run.language)
    cleaned = intake.clean(raw, run.language)
    findings, unread = check_run(cleaned, run), list_rejects(cleaned, run.language)
    if values.get("JSON") == "1":
        from ntm_lib.report.machine import check_json

        print(check_json(findings, cleaned.rejects, run.language), end="")
    else:
        tell_check(run, raw, cleaned, findings, unread, values.get("FIND", "").strip(), t)
    return 1 if unread else 0


def show_codes(values: Mapping[str, str]) -> int:
    if values.get("JSON") == "1":
        from ntm_lib.report.machine import schema_text

        print(schema_text(), end="")
        return 0
    from ntm_lib.wording.problem_words import list_codes

    print(list_codes("en" if values.get("LANGUAGE") == "en" else "vi"), end="")
    return 0


def tell_check(run: parameters.Parameters, raw, cleaned, findings, unread: str, find: str, t: Translate) -> None:
    from ntm_lib.cli.batch import twins
    from ntm_lib.intake.raw import summary
    from ntm_lib.wording.problem_words import list_findings

    if twin := twins(parameters.communes(), t).get(run.commune):
        print(f"communes/{run.commune}/commune.yml: {twin}\n")
    if unread:
        print(unread)
    if not any(cleaned.observations["table"].isin(FIGURES)) and not unread:
        print(t("Chưa nhập số nào: xã chưa có kết quả, kế hoạch, công trình hay nguồn vốn nào.") + "\n")
        findings = findings[findings["code"] != "not-checked"]
    print(list_findings(findings, run.language, find), end="")
    print(summary(raw.account, run.language))
    print("\n" + t("Các tệp, cột và chữ được phép: data/raw/README.md."))


def list_communes(values: Mapping[str, str], t: Translate) -> int:
    """The communes with a folder, their province and years; with FIND those of the registry that it may mean."""
    if values.get("FIND", "").strip():
        return find_communes(values)
    from ntm_lib.cli.batch import choose, twins, why_no_year
    from ntm_lib.pipeline.inputs import province_of

    language = values.get("LANGUAGE") or "vi"
    chosen = choose(values.get("PROVINCE", ""), t, language)
    for commune in chosen.communes:
        years = (
            " ".join(map(str, parameters.years_with_rows(commune))) or f"– {why_no_year(commune, (), t, language)[0]}"
        )
        print(f"{commune:<28} {province_of(commune):<16} {years}")
    for commune, fault in {**chosen.unread, **twins(chosen.communes, t)}.items():
        print(f"{commune}: {fault}", file=sys.stderr)
    return 1 if chosen.unread else 0


def find_communes(values: Mapping[str, str]) -> int:
    """Units of the registry that the words may mean; status 1 if there is none."""
    from ntm_lib.places import registry

    found = registry.find(values.get("FIND", ""))
    print(registry.listing(found, values.get("LANGUAGE") or "vi"))
    return 0 if found else 1


def make_template(values: Mapping[str, str], t: Translate) -> int:
    """The folder of a commune and the workbook of a year, with what is already known of the commune in it."""
    slug, name = template_commune(values, t)
    year = values.get("YEAR", "")
    if not parameters.YEAR.fullmatch(year):
        raise NtmError(
            t(
                "YEAR: chưa nêu năm, hoặc năm không viết bằng bốn chữ số.\n    Cần làm: viết lại, ví dụ make template COMMUNE=ten-xa YEAR=2025"
            )
        )
    rule_set, _, region, language = parameters.check_rules(values)
    from ntm_lib.template.new_template import to_state, write_template

    written = write_template(slug, int(year), rule_set, name, known_of(slug, language), region, language)
    print(t("Đã tạo; hãy điền, lưu lại rồi gõ make report COMMUNE={slug} YEAR={year}:").format(slug=slug, year=year))
    for path in written:
        print(f"    {paths.shown(path)}")
    if asked := to_state(slug, rule_set, language):
        print(asked)
    return 0


def template_commune(values: Mapping[str, str], t: Translate) -> tuple[str, str]:
    """Folder and name (for the registry) of the commune; a name typed with its marks gives both."""
    typed, name = values.get("COMMUNE", "").strip(), values.get("NAME", "").strip()
    if not typed:
        raise NtmError(
            t(
                "COMMUNE: chưa nêu xã.\n    Cần làm: đặt tên thư mục cho xã, ví dụ make template COMMUNE=ten-xa YEAR=2025"
            )
        )
    if parameters.SLUG.fullmatch(typed) and not named.CODE.fullmatch(typed) and len(typed) <= parameters.LONGEST:
        return typed, name
    from ntm_lib.places.registry import resolve
    from ntm_lib.text.names import slug as slug_of

    known = named.communes_named(typed, parameters.communes())
    if len(known) == 1:
        return known[0], name
    unit = resolve(name or typed, f"{values.get('YEAR') or 2025}-12-31", values.get("LANGUAGE") or "vi")
    return slug_of(unit.name), name or typed


def known_of(slug: str, language: str):
    """What the folder already holds, cleaned; None for a commune without figures so far."""
    if not any((paths.communes_folder() / slug).glob("results.csv")):
        return None
    from ntm_lib import intake

    return intake.clean(intake.read_commune(slug, language), language)


def make_forms(values: Mapping[str, str], t: Translate) -> int:
    """Writes ``outputs/<commune>/phieu-thon-<year>[-thang-<month>]`` and says where the filled forms go."""
    run = parameters.check_forms(values)
    from ntm_lib.intake.filled.village_find import FOLDER
    from ntm_lib.pipeline.publish import alone, publish, staged
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
    from ntm_lib.template.village_book import FormBook, form_rows

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
