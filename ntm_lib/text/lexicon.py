"""The words that stand beside a number in a cell, and what each says of it. Data only; ``numbers`` reads by it.

Phrases are in small letters with single spaces; the longest that fits is taken, so a longer phrase
of ``plain`` takes a dangerous word out of play («có kế hoạch», «xóa mù chữ», «hương ước»).
"""

import re

from ntm_lib.text.units import COUNTS

MISSING = frozenset(
    (
        "", "-", "–", "…", "...", "(không ghi)", "không ghi", "chưa có", "chưa có số liệu", "không có số liệu",
        "không rõ", "n/a",
    )
)  # fmt: skip
TICKED = frozenset(("x", "✓", "✔", "có"))
MET = TICKED | {"đạt", "đã đạt", "đạt chuẩn", "đã đạt chuẩn", "đã hoàn thành", "hoàn thành", "đạt yêu cầu"}
UNMET = frozenset((
    "chưa đạt", "không đạt", "chưa hoàn thành", "chưa đạt chuẩn", "không đạt chuẩn", "chưa", "chưa đạt yêu cầu", "không đạt yêu cầu",
    "ko đạt", "k đạt", "k.đạt",
))  # fmt: skip
NOT_APPLICABLE = frozenset(("không áp dụng", "không thuộc diện", "không thuộc phạm vi áp dụng", "kad"))
RATINGS = (
    "hoàn thành xuất sắc nhiệm vụ", "hoàn thành tốt nhiệm vụ", "không hoàn thành nhiệm vụ", "hoàn thành nhiệm vụ",
    "xuất sắc", "tốt", "khá", "trung bình", "yếu", "kém",
)  # fmt: skip
SCALES = frozenset(("chục", "trăm", "nghìn", "ngàn", "vạn", "triệu", "tr", "tỷ", "tỉ"))  # of things: «2 nghìn hộ»

# None of a thing; «không xác định», «không có số liệu», «không còn đạt» say that nothing is known, or worse.
_NO_COUNT = r"số liệu|dữ liệu|thông tin|báo cáo|thống kê|kết quả|đánh giá|kiểm tra|căn cứ|hồ sơ|điều kiện|xác định|rõ|đạt|đủ|đảm bảo|bảo đảm|áp dụng|phù hợp"
_OTHER_CLAUSE = r"[,;] ?(?:có|còn|chỉ|nhưng|chưa|đã|đang|tuy|song|mà|vẫn|trừ|ngoài|riêng)\b"
_NOTHING = rf"không(?: (?:có|còn|để xảy ra|xảy ra|phát sinh|{'|'.join(COUNTS)})"
NONE = re.compile(rf"{_NOTHING}(?!.*\b(?:{_NO_COUNT})\b)(?!.*{_OTHER_CLAUSE})(?P<of> [^\d]+)?)?", re.IGNORECASE)

BOUNDS = {
    "≥": ">=", ">=": ">=", ">": ">", "≤": "<=", "<=": "<=", "<": "<", "=": "",
    **dict.fromkeys(("không dưới", "không thấp hơn", "không nhỏ hơn", "không ít hơn", "không kém", "tối thiểu", "ít nhất", "từ"), ">="),
    **dict.fromkeys(("trên", "hơn", "cao hơn", "lớn hơn", "nhiều hơn", "vượt", "vượt quá", "vượt trên", "quá"), ">"),
    **dict.fromkeys(
        ("không quá", "không vượt", "không vượt quá", "không trên", "không hơn", "không cao hơn", "không lớn hơn", "không nhiều hơn",
         "chưa quá", "chưa vượt", "chưa vượt quá", "tối đa", "nhiều nhất"), "<=",
    ),
    **dict.fromkeys(
        ("dưới", "thấp hơn", "nhỏ hơn", "ít hơn", "kém hơn", "bé hơn", "chưa đến", "chưa tới", "chưa được", "chưa đầy", "không đến",
         "không tới", "không đầy", "gần"), "<",
    ),
}  # fmt: skip
BOUNDS_BEHIND = {
    "trở lên": ">=",
    "trở xuống": "<=",
    "đổ lên": ">=",
    "đổ xuống": "<=",
    "hoặc hơn": ">=",
    "hoặc cao hơn": ">=",
}
OUT_OF = frozenset(
    ("trên", "trên tổng số", "trên tổng", "trong tổng số", "trong số", "/", "/ tổng số", "/ tổng")
)  # 12 trên 12 thôn

MOVES = ("thêm", "tăng", "bổ sung", "giảm", "hạ")  # a number beside them is a change
# Kind of word → phrases. What each kind means for the number is in ``numbers`` and ``rows``.
WORDS: dict[str, tuple[str, ...]] = {
    "estimate": (
        "khoảng", "vào khoảng", "khoảng chừng", "ước", "ước chừng", "ước đạt", "ước tính", "ước thực hiện", "ước khoảng", "xấp xỉ", "chừng",
        "độ chừng", "cỡ", "quãng", "trên dưới", "dao động", "tạm tính", "tạm thời", "sơ bộ", "gần như", "gần bằng", "suýt soát", "ngót",
        "áng chừng", "tầm", "tầm khoảng", "tròm trèm", "ngấp nghé", "mon men", "làm tròn", "tương đối", "hơn kém", "phỏng đoán", "rưỡi", "lẻ", "có lẻ", "mấy", "ước th", "ư", "uth", "ưth", "ưđ", "~", "≈", "≃", "∼", "±", "?",
    ),
    # An aim or a promise, no result.
    "aim": (
        "dự kiến", "dự tính", "dự định", "dự báo", "phấn đấu", "sẽ", "cam kết", "đăng ký", "đăng kí", "kỳ vọng", "hướng tới", "hướng đến",
        "quyết tâm", "định hướng", "có thể đạt", "có khả năng", "nếu", "sắp", "sắp tới", "mong muốn", "đề xuất", "yêu cầu", "quy định",
        "cần", "cần đạt", "phải", "phải đạt", "mức phải đạt", "kịch bản", "hứa", "dk", "pđ", "đang phấn đấu", "đặt ra", "đề ra",
    ),
    # In front of the number (or in brackets behind it) an aim; behind it the base of the share.
    "plan": (
        "kế hoạch", "kế hoạch giao", "kế hoạch năm", "theo kế hoạch", "kh", "k.h", "nghị quyết", "theo nghị quyết", "nq", "chỉ tiêu", "chỉ tiêu giao",
        "chỉ tiêu kế hoạch", "mục tiêu", "dự toán", "định mức", "huyện giao", "tỉnh giao", "cấp trên giao", "được giao", "tiến độ", "lộ trình", "mt", "ct", "ctkh",
    ),
    "base": (
        "so với", "so cùng kỳ", "so sánh với", "cùng kỳ", "cùng kì", "kỳ trước", "năm trước", "năm ngoái", "năm liền kề", "năm liền trước",
        "tháng trước", "quý trước", "đợt trước", "nhiệm kỳ trước", "giai đoạn trước", "đầu kỳ", "đầu nhiệm kỳ", "đầu năm", "gấp", "gấp đôi",
        "ck", *(f"{how} {what}" for how in ("vượt", "hoàn thành", "bằng", "so", "đạt", "thực hiện") for what in ("kế hoạch", "kh", "chỉ tiêu", "nghị quyết", "nq", "mục tiêu")),
        "bình quân chung", "mặt bằng chung", "mức chung", "trung bình chung",
    ),
    # Done of what was to be done: progress, no level of the whole commune.
    "done": (
        "xóa", "xoá", "xây mới", "xây dựng mới", "làm mới", "lắp mới", "mở mới", "khởi công", "thoát nghèo", "thoát cận nghèo", "tháo dỡ",
        "sửa chữa", "sửa mới", "cải tạo", "khắc phục", "di dời", "bàn giao", "giải ngân", "kết nạp", "phát sinh mới", "mới phát sinh",
    ),
    # The same in front of a fraction: «xây dựng 7/7 nhà văn hóa».
    "doing": ("xây", "xây được", "sửa", "sửa được", "làm được", "xây dựng", "nâng cấp", "lắp đặt", "hỗ trợ", *MOVES),
    "denial": ("không", "chưa", "thiếu", "hụt", "thiếu hụt", "hết hạn", "quá hạn", "xuống cấp"),
    "except": (
        "trừ", "ngoại trừ", "loại trừ", "trừ ra", "không kể", "không tính", "chưa kể", "chưa tính", "không bao gồm", "chưa bao gồm", "không gồm",
        "chưa gồm", "chỉ tính", "tính riêng", "bỏ qua",
    ),
    "part": ("trong đó", "riêng", "một phần", "phần lớn", "đa số", "hầu hết", "một nửa"),
    "place": (
        "toàn huyện", "toàn tỉnh", "toàn quốc", "cả nước", "cả huyện", "cả tỉnh", "của huyện", "của tỉnh", "bình quân huyện", "bình quân tỉnh",
        "bình quân cả nước", "trung bình huyện", "trung bình tỉnh",
    ),
    "total": ("tổng", "tổng số", "tổng cộng", "tổng thu nhập", "toàn xã", "cả xã"),
    "each": (
        *(f"{each} {thing}" for each in ("mỗi", "một", "bình quân", "bình quân mỗi", "trên mỗi", "tính theo", "theo")
          for thing in ("hộ", "lao động", "tháng", "quý", "ngày", "ha", "vụ", "thôn")),
        "hàng tháng", "hằng tháng", "hàng quý", "hằng quý", "hàng ngày", "hằng ngày", "quý i", "quý ii", "quý iii", "quý iv", "đầu quý",
    ),
    # Denies only itself: the rule's own exceptions, and words that contain one of the words above.
    "plain": (
        "hương ước", "quy ước", "công ước", "có kế hoạch", "có và thực hiện kế hoạch", "lập kế hoạch", "xây dựng kế hoạch", "ban hành kế hoạch",
        "kế hoạch xây dựng nông thôn mới", "kế hoạch xây dựng ntm", "xây dựng nông thôn mới", "xây dựng ntm", "nông thôn mới", "kế hoạch hóa gia đình",
        "xóa mù chữ", "xoá mù chữ", "xóa đói giảm nghèo", "giảm nghèo bền vững", "đăng ký trực tiếp", "đăng kí trực tiếp", "đã đăng ký", "được đăng ký",
        "đạt yêu cầu", "đáp ứng yêu cầu", "bảo đảm yêu cầu", "đảm bảo yêu cầu", "theo yêu cầu", "theo quy định", "đúng quy định", "đạt quy định",
        "các quy định", "có nhu cầu", "miễn trừ", "phòng trừ", "thiếu nhi", "thiếu niên", "bán lẻ", "tầm nhìn", "tầm soát", "tầm vóc", "sắp xếp", "nếu có", "có nghị quyết", "hạ tầng", "tăng cường", "tăng gia", "làm thêm", "không gian", "không khí",
        *(f"{took}{of}{who}" for took in ("trừ ", "đã trừ ", "sau khi trừ ") for of in ("", "số ")
          for who in ("hộ nghèo bảo trợ xã hội", "hộ bảo trợ xã hội", "hộ không có khả năng lao động", "hộ nghèo không có khả năng lao động")),
    ),
    # May stand beside a number that has no unit of its own without saying what it is.
    "filler": (
        "đã", "đạt", "chuẩn", "được", "còn", "là", "có", "chiếm", "tỷ lệ", "tỉ lệ", "bằng", "vận động", "duy trì", "hoàn thành", "mới", "số", "cộng",
        "thực hiện", "hộ", "tương đương", "tương ứng", "kết quả", "âm", "năm nay", "hiện", "hiện nay", "hiện có",
    ),
}  # fmt: skip
KIND = {phrase: kind for kind, phrases in WORDS.items() for phrase in phrases}
_ALL = {*KIND, *BOUNDS, *BOUNDS_BEHIND, *(words for words in OUT_OF if words[0] != "/")}
PHRASES = re.compile(
    rf"(?:{'|'.join(sorted(map(re.escape, _ALL), key=len, reverse=True))})(?:(?<=\W)|(?!\w))", re.IGNORECASE
)

# Words of an item whose number is the part that fails, or what was done, where the indicator's own name has them not.
AGAINST = (
    "chưa", "không", "thiếu", "mất", "hết hạn", "quá hạn", "nhà tạm", "dột nát", "xuống cấp", "bỏ học", "thoát nghèo", "thoát cận nghèo",
    "tái nghèo", "xóa", "xoá", "xây mới", "vi phạm", "ô nhiễm", "từ chối", "hỏng", "bị suy", "bị ảnh hưởng", "bị thiệt hại", "mắc bệnh",
)  # fmt: skip
NO_DENIAL = re.compile(r"\b(?:không gian|không khí|thiếu nhi|thiếu niên)\b")
# What ought not to be: beside it «Có» or x says that it is.
INCIDENTS = (
    *AGAINST, "khiếu kiện", "khiếu nại", "tố cáo", "trọng án", "số vụ", "vụ việc", "vụ án", "các vụ", "bạo lực", "xâm hại", "xảy ra", "tệ nạn", "tội phạm", "phạm tội", "tai nạn", "tử vong",
    "sự cố", "cháy", "nợ đọng", "tranh chấp", "mâu thuẫn", "điểm nóng", "ma túy", "cờ bạc", "trộm cắp", "mất an ninh", "ngộ độc", "kỷ luật", "mù chữ",
    "tảo hôn", "hủ tục", "dịch bệnh", "xâm phạm", "gây rối", "truyền đạo",
)  # fmt: skip
# Takes the sting out of what follows it: «phòng, chống bạo lực», «không để xảy ra trọng án».
HARMLESS = re.compile(
    r"\b(?:phòng|chống|ngăn|ngăn ngừa|ngăn chặn|xóa|xoá|giải quyết|hòa giải|hoà giải|xử lý|giảm"
    r"|không còn|không có|không để xảy ra|không để|không xảy ra|không phát sinh)\b(?P<what>[^;]*)"
    r"|^.*\b(?:được kiềm chế|được giải quyết|được xử lý|được khắc phục)\b",
    re.IGNORECASE,
)
# A group smaller than all: a share of it is no share of the commune, unless the indicator is about it.
GROUPS = (
    "hộ nghèo", "hộ cận nghèo", "cận nghèo", "người nghèo", "hộ chính sách", "hộ gia đình chính sách", "người có công", "hộ dân tộc", "đồng bào", "dân tộc thiểu số",
    "phụ nữ", "hộ mới", "trẻ em", "trẻ", "người cao tuổi", "học sinh", "đảng viên", "đoàn viên", "hội viên", "cán bộ", "công chức", "thanh niên", "người lao động",
    "lao động", "lực lượng lao động", "người trong độ tuổi", "độ tuổi", "doanh nghiệp", "hộ kinh doanh", "hộ khá", "hộ giàu", "công nhân",
)  # fmt: skip
