"""What can be called: commands, their variables, an example of each. Makes the help; runs nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from ntm_lib.language import Translate

PARAMETERS = ("COMMUNE", "YEAR", "RULES", "REGION", "SCENARIO", "SET", "LANGUAGE", "STRICT")

Run = Callable[[Mapping[str, str], Translate], int]


@dataclass(frozen=True)
class Command:
    """A target of make. ``function`` is a name in ``ntm_lib.cli.commands``; ``summary`` is Vietnamese source text."""

    name: str
    function: str
    summary: str
    variables: tuple[str, ...]
    example: str

    def load(self) -> Run:
        return getattr(import_module("ntm_lib.cli.commands"), self.function)


def _table(*commands: Command) -> dict[str, Command]:
    return {command.name: command for command in commands}


COMMANDS = _table(
    Command("help", "show_help", "in trang này", ("LANGUAGE",), "make"),
    Command(
        "report",
        "report",
        "lập báo cáo của một xã: trang web, PDF và ba sổ tay",
        (*PARAMETERS, "ENGINE", "FORCE", "DEBUG"),
        "make report COMMUNE=hung-my YEAR=2024",
    ),
    Command(
        "report-all",
        "report_all",
        "lập báo cáo của mọi xã, nhiều xã cùng lúc; chạy lại sẽ làm tiếp phần còn thiếu",
        ("PROVINCE", "YEARS", "RULES", "REGION", "LANGUAGE", "STRICT", "JOBS", "SCHEDULER", "ENGINE", "FORCE", "DEBUG"),
        "make report-all PROVINCE=tuyen-quang YEARS=2021-2024",
    ),
    Command(
        "communes",
        "list_communes",
        "liệt kê các xã có số liệu và các năm của mỗi xã",
        ("PROVINCE", "LANGUAGE"),
        "make communes PROVINCE=tuyen-quang",
    ),
    Command("clean", "clean", "xóa mọi thứ đã tạo ra: outputs, data/processed; số liệu thô không bị đụng tới", ("LANGUAGE",), "make clean"),
    Command(
        "test",
        "run_tests",
        "chạy các phép thử của chương trình",
        ("TESTS", "JOBS", "LANGUAGE", "DEBUG"),
        "make test TESTS=tests/pipeline",
    ),
)

# Variable → what it is (Vietnamese source text). The Makefile passes exactly these on.
VARIABLES = {
    "COMMUNE": "xã: tên thư mục của xã trong data/raw/communes, ví dụ hung-my",
    "YEAR": "năm xét; không nêu thì lấy năm mới nhất có số liệu và có bộ tiêu chí",
    "YEARS": "các năm, ví dụ 2021-2024 hoặc 2021,2023; không nêu thì lấy năm mới nhất của mỗi xã",
    "RULES": "bộ tiêu chí, ví dụ ntm-2021-2025; không nêu thì lấy bộ áp dụng cho năm xét",
    "REGION": "cột vùng của bộ tiêu chí, ví dụ tdmnpb; không nêu thì theo đặc điểm của xã",
    "SCENARIO": "kịch bản: tên tệp trong thư mục scenarios của xã",
    "SET": 'thử thay giá trị, ví dụ SET="10=47 11=150/1413"; báo cáo thật không bị đụng tới',
    "LANGUAGE": "ngôn ngữ của báo cáo và thông báo: vi hoặc en",
    "STRICT": "1: không xét theo ngưỡng chưa được kiểm chứng",
    "PROVINCE": "chỉ các xã của tỉnh này, ví dụ tuyen-quang",
    "JOBS": "số việc làm cùng lúc; không nêu thì bằng số lõi của máy",
    "ENGINE": "cách chạy sổ tay: warm (nhanh, mặc định) hoặc kernel (Jupyter chuẩn)",
    "SCHEDULER": "địa chỉ của bộ điều phối Dask khi chạy trên nhiều máy, ví dụ tcp://may-chu:8786",
    "FORCE": "1: làm lại dù không có gì thay đổi",
    "TESTS": "tệp hoặc thư mục phép thử; không nêu thì chạy tất cả",
    "DEBUG": "1: khi có lỗi thì in cả chi tiết kỹ thuật",
}


def help_text(t: Translate) -> str:
    """The page that ``make`` alone prints."""
    lines = [t("Xét xã theo tiêu chí nông thôn mới và lập báo cáo."), "", t("Lệnh")]
    for command in COMMANDS.values():
        lines += ["", f"  make {command.name:<12} {t(command.summary)}"]
        if command.variables:
            lines.append(f"      {t('biến:')} {' '.join(command.variables)}")
        lines.append(f"      {t('ví dụ:')} {command.example}")
    used = {name for command in COMMANDS.values() for name in command.variables}
    lines += ["", t("Biến")]
    lines += [f"  {name:<10} {t(meaning)}" for name, meaning in VARIABLES.items() if name in used]
    return "\n".join(lines)
