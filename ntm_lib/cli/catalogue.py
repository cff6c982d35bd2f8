"""What can be called: commands, their variables, an example of each. Makes the help; runs nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from ntm_lib import paths
from ntm_lib.language import Translate

PARAMETERS = ("COMMUNE", "YEAR", "RULES", "REGION", "SCENARIO", "SET", "LANGUAGE", "STRICT")

Run = Callable[[Mapping[str, str], Translate], int]


@dataclass(frozen=True)
class Command:
    """A target of make. ``function`` is ``module:name`` below ``ntm_lib.cli``; ``summary`` is Vietnamese source text."""

    name: str
    function: str
    summary: str
    variables: tuple[str, ...]
    example: str

    def load(self) -> Run:
        module, _, name = self.function.partition(":")
        run: Run = getattr(import_module(f"ntm_lib.cli.{module}"), name)
        return run


def _table(*commands: Command) -> dict[str, Command]:
    return {command.name: command for command in commands}


COMMANDS = _table(
    Command("help", "catalogue:show_help", "in trang này", ("LANGUAGE",), "make"),
    Command(
        "report",
        "one_commune:report",
        "lập báo cáo của một xã: trang web, PDF và ba sổ tay",
        (*PARAMETERS, "MONTH", "JSON", "ENGINE", "FORCE", "DEBUG"),
        "make report COMMUNE=hung-my YEAR=2024",
    ),
    Command(
        "documents",
        "one_commune:documents",
        "lập văn bản của một xã: báo cáo và kế hoạch (PDF, Word), biểu 01–07 (Excel), trang công khai",
        (*PARAMETERS, "FONT", "ENGINE", "DEBUG"),
        "make documents COMMUNE=hung-my",
    ),
    Command(
        "scenario",
        "one_commune:scenario",
        "so sánh các kịch bản của một xã với hiện tại: kết luận, chênh lệch, chi phí, khả năng",
        ("COMMUNE", "YEAR", "RULES", "REGION", "SCENARIO", "LANGUAGE", "STRICT", "ENGINE", "FORCE", "DEBUG"),
        "make scenario COMMUNE=hung-my SCENARIO=ke-hoach-2024,nua-ke-hoach,nang-cao",
    ),
    Command(
        "why",
        "one_commune:why",
        "giải thích một kết luận: từ ô số liệu, mức quy định và nguồn, đến phép so sánh và câu trong báo cáo",
        (*PARAMETERS, "INDICATOR", "ENGINE", "DEBUG"),
        "make why COMMUNE=hung-my INDICATOR=17.8a",
    ),
    Command(
        "explore",
        "explore_command:explore",
        "mở trang có thanh trượt để thử các số lượng và lưu thành kịch bản",
        ("COMMUNE", "YEAR", "RULES", "REGION", "LANGUAGE", "DEBUG"),
        "make explore COMMUNE=hung-my",
    ),
    Command(
        "report-all",
        "batch:report_all",
        "lập báo cáo của mọi xã, nhiều xã cùng lúc; chạy lại sẽ làm tiếp phần còn thiếu",
        ("PROVINCE", "YEARS", "RULES", "REGION", "LANGUAGE", "STRICT", "JOBS", "SCHEDULER", "ENGINE", "FORCE", "DEBUG"),
        "make report-all PROVINCE=tuyen-quang YEARS=2021-2024",
    ),
    Command(
        "communes",
        "data:list_communes",
        "liệt kê các xã có số liệu và các năm của mỗi xã; với FIND thì tra danh mục mọi xã, trước và sau 1/7/2025",
        ("PROVINCE", "FIND", "LANGUAGE"),
        'make communes FIND="hùng mỹ"',
    ),
    Command(
        "check",
        "data:check_data",
        "kiểm tra số liệu của một xã: tệp, ô, điều gì sai, vì sao, cần làm gì; không lập báo cáo; với CODES=1 thì liệt kê mọi điều có thể sai",
        ("COMMUNE", "YEAR", "RULES", "REGION", "FIND", "CODES", "JSON", "LANGUAGE", "DEBUG"),
        "make check COMMUNE=hung-my",
    ),
    Command(
        "template",
        "data:make_template",
        "tạo thư mục cho xã và một tệp Excel để điền số liệu của năm; số liệu năm trước có sẵn trong đó",
        ("COMMUNE", "YEAR", "NAME", "RULES", "REGION", "LANGUAGE", "DEBUG"),
        "make template COMMUNE=ten-xa YEAR=2025",
    ),
    Command(
        "read",
        "read_command:read",
        "đọc kế hoạch, báo cáo, biểu tổng hợp (.docx, .pdf có chữ, .odt, .html, .txt, .xlsx) thành số liệu của xã: lập bản đề nghị; ACCEPT ghi những dòng đã soát",
        ("COMMUNE", "FILE", "YEAR", "NAME", "ACCEPT", "BY", "LANGUAGE", "DEBUG"),
        "make read COMMUNE=hung-my FILE=ke-hoach.docx",
    ),
    Command(
        "forms",
        "data:make_forms",
        "tạo phiếu cho từng thôn (Excel và một trang in): thôn điền, xã để lại vào thư mục villages, chương trình cộng thành số của xã",
        ("COMMUNE", "YEAR", "MONTH", "RULES", "LANGUAGE", "DEBUG"),
        "make forms COMMUNE=hung-my MONTH=9",
    ),
    Command(
        "rules",
        "rules_command:show_rules",
        "in mọi mức chuẩn của một bộ tiêu chí, kèm nguồn và độ tin cậy; BOOK=1 lập sổ quy định; MISSING=1 nêu mức cần tra; CHECK=1 kiểm tra các tệp quy định; IMPORT đọc phụ lục của một quyết định, ACCEPT ghi những dòng đã soát",
        (
            "RULES",
            "YEAR",
            "REGION",
            "PROVINCE",
            "CHECK",
            "BOOK",
            "MISSING",
            "IMPORT",
            "FROM",
            "ACCEPT",
            "BY",
            "OFFICIAL",
            "LANGUAGE",
            "DEBUG",
        ),
        "make rules RULES=ntm-2021-2025 REGION=tdmnpb YEAR=2024",
    ),
    Command(
        "notebook",
        "workshop:refresh_notebooks",
        "chạy lại các sổ tay mẫu trong notebooks để kết quả trong đó luôn đúng",
        ("FORCE", "LANGUAGE", "DEBUG"),
        "make notebook",
    ),
    Command(
        "overview",
        "overview_command:overview",
        "lập trang tổng hợp nhiều xã từ các báo cáo đã lập: bảng xã × tiêu chí, nhóm, nguy cơ",
        ("PROVINCE", "YEARS", "LANGUAGE", "DEBUG"),
        "make overview PROVINCE=tuyen-quang",
    ),
    Command(
        "diff",
        "diff_command:diff",
        "nêu điều gì khác so với một bản trước: số liệu thô, quy định, kết luận, câu chữ",
        ("COMMUNE", "YEAR", "SINCE", "RULES", "REGION", "LANGUAGE", "STRICT", "DEBUG"),
        "make diff COMMUNE=hung-my SINCE=HEAD~5",
    ),
    Command(
        "clean",
        "workshop:clean",
        "xóa mọi thứ đã tạo ra: outputs, data/processed; số liệu thô không bị đụng tới",
        ("LANGUAGE",),
        "make clean",
    ),
    Command(
        "status",
        "one_commune:status",
        "chạy các sổ tay đến hết STAGE ngay trong tiến trình này, để gỡ lỗi bằng breakpoint()",
        (*PARAMETERS, "MONTH", "STAGE", "DEBUG"),
        "make status COMMUNE=hung-my STAGE=2_status",
    ),
    Command(
        "test",
        "workshop:run_tests",
        "chạy các phép thử của chương trình",
        ("TESTS", "JOBS", "LANGUAGE", "DEBUG"),
        "make test TESTS=tests/pipeline",
    ),
    Command(
        "bench",
        "workshop:bench",
        "đo thời gian và bộ nhớ, so với các lệnh papermill và nbconvert thường; mất khoảng mười phút",
        ("SIZES", "LANGUAGE", "DEBUG"),
        'make bench SIZES="20 200"',
    ),
    Command(
        "soak",
        "workshop:soak",
        "ngắt việc lập báo cáo ở mọi bước và ở COUNT thời điểm bất kỳ, rồi kiểm tra báo cáo vẫn nguyên vẹn",
        ("COUNT", "LANGUAGE", "DEBUG"),
        "make soak COUNT=100",
    ),
    Command(
        "fuzz",
        "workshop:fuzz",
        "thử với hàng nghìn tệp bị hỏng: không tệp nào được gây lỗi chương trình hay làm mất dòng",
        ("COUNT", "LANGUAGE", "DEBUG"),
        "make fuzz COUNT=10000",
    ),
)

# Variable → what it is (Vietnamese source text). The Makefile passes exactly these on.
VARIABLES = {
    "COMMUNE": 'xã: tên thư mục trong data/raw/communes (hung-my), tên đầy đủ dấu ("Hùng Mỹ") hoặc mã (02314)',
    "YEAR": "năm xét; không nêu thì lấy năm mới nhất có số liệu và có bộ tiêu chí",
    "YEARS": "các năm, ví dụ 2021-2024 hoặc 2021,2023; không nêu thì lấy năm mới nhất của mỗi xã",
    "MONTH": "tháng của báo cáo tiến độ, từ 1 đến 12; không nêu thì báo cáo cả năm",
    "RULES": "bộ tiêu chí, ví dụ ntm-2021-2025; không nêu thì lấy bộ áp dụng cho năm xét (xã chỉ có số liệu cũ hơn: bộ gần nhất)",
    "INDICATOR": "chỉ tiêu hoặc nội dung cần giải thích, ví dụ 17.8a",
    "REGION": "cột vùng của bộ tiêu chí, ví dụ tdmnpb; không nêu thì theo đặc điểm của xã",
    "SCENARIO": "kịch bản: tên tệp trong thư mục scenarios của xã; make scenario nhận nhiều tên, cách nhau bằng dấu phẩy",
    "SET": 'thử thay giá trị, ví dụ SET="10=47 11=150/1413"; báo cáo thật không bị đụng tới',
    "LANGUAGE": "ngôn ngữ của báo cáo và thông báo: vi hoặc en",
    "STRICT": "1: không xét theo ngưỡng chưa được kiểm chứng",
    "PROVINCE": "tỉnh: chỉ các xã của tỉnh này, hoặc mức chuẩn riêng của tỉnh, ví dụ tuyen-quang",
    "FIND": "tên xã cần tra, có dấu hay không, kèm huyện, tỉnh nếu cần; hoặc mã năm chữ số; với make check: chữ trong các điều cần xem, in đủ từng điều",
    "CODES": "1: liệt kê mọi điều mà phép kiểm tra có thể nêu: mã, mức, lời và việc cần làm",
    "JSON": "1: in kết quả cho chương trình khác đọc (mô tả: make check CODES=1 JSON=1); ntm report --json cũng vậy",
    "NAME": "tên hoặc mã của xã trong danh mục, khi tên thư mục chưa đủ để biết là xã nào",
    "CHECK": "1: kiểm tra các tệp quy định, có lỗi thì kết thúc với mã 1",
    "BOOK": "1: lập sổ quy định, một trang tra cứu được và một PDF: mọi chỉ tiêu, mức, nguồn, ai đã đối chiếu, trước và sau",
    "MISSING": "1: nêu các mức chưa đối chiếu hoặc chưa biết của mọi xã trong tỉnh, mức quyết định nhiều kết luận đứng trước, và đặc điểm còn thiếu",
    "FILE": "tệp cần đọc, ví dụ ke-hoach.docx; không nêu COMMUNE thì lấy xã mà văn bản nêu tên",
    "IMPORT": "tệp của quyết định (.docx, .pdf có chữ, .html, .xlsx, .doc): đọc phụ lục và lập bản đề nghị, chưa ghi gì",
    "FROM": "ngày các mức trong văn bản có hiệu lực, ví dụ 2024-03-01; cần cho văn bản sửa đổi và của tỉnh",
    "ACCEPT": "bản đề nghị đã đánh dấu (proposal.xlsx hoặc .csv): ghi các dòng được nhận vào tệp quy định (make rules) hoặc bảng của xã (make read)",
    "BY": 'người đã đối chiếu, ví dụ BY="Nguyễn Văn A"',
    "OFFICIAL": "1: tệp đã đọc chính là văn bản ban hành, các mức được ghi là chính thức",
    "SINCE": "bản trước để so: một phiên bản git (HEAD~5, tên nhánh, mã) hoặc tệp manifest.json đã lưu cùng các bảng",
    "FONT": 'phông chữ của văn bản nếu máy có, ví dụ FONT="Times New Roman"; không nêu thì dùng phông đi kèm',
    "JOBS": "số việc làm cùng lúc; không nêu thì bằng số lõi của máy",
    "ENGINE": "cách chạy sổ tay: warm (nhanh, mặc định) hoặc kernel (Jupyter chuẩn)",
    "SCHEDULER": "địa chỉ của bộ điều phối Dask khi chạy trên nhiều máy, ví dụ tcp://may-chu:8786",
    "FORCE": "1: làm lại dù không có gì thay đổi",
    "STAGE": "sổ tay cuối cùng phải chạy: 1_clean, 2_status hoặc 3_report; không nêu thì 2_status",
    "COUNT": "số lần thử; không nêu thì 10000 tệp hỏng, hoặc 100 thời điểm",
    "SIZES": "số xã của các lần đo; không nêu thì 20 200",
    "TESTS": "tệp hoặc thư mục phép thử; không nêu thì chạy tất cả",
    "DEBUG": "1: khi có lỗi thì in cả chi tiết kỹ thuật",
}


def show_help(values: Mapping[str, str], t: Translate) -> int:
    """The command ``help``, which a bare machine can run too; where there is no commune yet, first the way to the first report."""
    if not any(paths.communes_folder().glob("*/commune.yml")):
        print(first_steps(t) + "\n")
    print(help_text(t))
    return 0


def first_steps(t: Translate) -> str:
    """From nothing to a report, for somebody who has never used it."""
    steps = [
        (t("tìm xã trong danh mục, lấy mã"), 'make communes FIND="tên xã"'),
        (t("tạo thư mục của xã và tệp Excel để điền; trùng tên thì nêu mã"), "make template COMMUNE=ten-xa NAME=02308 YEAR=2025"),
        (t("mở data/raw/communes/ten-xa/bieu-2025.xlsx, điền các ô vàng, lưu lại; đã có kế hoạch, báo cáo thì đọc vào"), "make read COMMUNE=ten-xa FILE=ke-hoach.docx"),
        (t("xem ô nào không đọc được, điều gì không khớp"), "make check COMMUNE=ten-xa"),
        (t("lập báo cáo; mở outputs/ten-xa/2025/report.html"), "make report COMMUNE=ten-xa YEAR=2025"),
    ]  # fmt: skip
    lines = [t("Chưa có số liệu của xã nào. Năm bước để có báo cáo đầu tiên:")]
    for number, (what, command) in enumerate(steps, start=1):
        lines += [f"  {number}. {what}", f"       {command}"]
    return "\n".join(lines)


def help_text(t: Translate) -> str:
    """The page that ``make`` alone prints."""
    lines = [t("Xét xã theo tiêu chí nông thôn mới và lập báo cáo.")]
    lines += [t("Máy không có make (Windows): gõ ntm thay cho make, ví dụ ntm report COMMUNE=hung-my."), "", t("Lệnh")]
    for command in COMMANDS.values():
        lines += ["", f"  make {command.name:<12} {t(command.summary)}"]
        if command.variables:
            lines.append(f"      {t('biến:')} {' '.join(command.variables)}")
        lines.append(f"      {t('ví dụ:')} {command.example}")
    used = {name for command in COMMANDS.values() for name in command.variables}
    lines += ["", t("Biến")]
    lines += [f"  {name:<10} {t(meaning)}" for name, meaning in VARIABLES.items() if name in used]
    return "\n".join(lines)
