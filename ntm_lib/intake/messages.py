"""Why a row cannot be used and what to do, for the person who typed it."""

from ntm_lib.language import translator


def N_(text: str) -> str:  # noqa: N802  (the name gettext uses for a text that is translated later)
    """Marks a text for translation where it is defined; ``t`` translates it where it is shown."""
    return text


REASONS = {
    "malformed-number": N_("số viết sai: dấu chấm ngăn hàng nghìn phải đứng trước đúng ba chữ số, dấu phẩy chỉ có một. Viết như 8.321,7"),
    "several-numbers": N_("có nhiều số trong một ô, không biết lấy số nào. Mỗi ô ghi một giá trị, như 56 hộ hoặc 1.276/1.413 hộ đạt 90,3%"),
    "no-number": N_("không đọc được số hay trạng thái nào. Ghi một số kèm đơn vị (56 hộ; 90,3%), một mức (mức độ 3; 4 sao) hoặc Đạt / Chưa đạt / Không áp dụng"),
    "zero-denominator": N_("mẫu số bằng 0. Kiểm tra lại tổng số"),
    "negated": N_("câu phủ định đi cùng số, không biết là đạt hay không. Ghi Đạt hoặc Chưa đạt, hoặc chỉ ghi số"),
    "no-such-date": N_("ngày không có trong lịch. Viết như 22/02/2024"),
    "thousands-or-decimal": N_("không rõ dấu chấm hay phẩy là ngăn hàng nghìn hay dấu thập phân. Ghi kèm đơn vị theo cách viết Việt Nam: 1.413 hộ; 1,413 km; 12,17%"),
    "share-or-percent": N_("không rõ là phần của 1 hay phần trăm. Ghi kèm dấu %: 95% hoặc 0,95%"),
    "too-large": N_("quá lớn với đơn vị này. Kiểm tra số và đơn vị: 43,5 triệu đồng/người/năm; 43.500 nghìn đồng/người/năm"),
    "level": N_("là mức tăng hoặc giảm, không phải mức đạt được. Ghi mức đạt được (12,17%), hoặc ghi trong plan.csv với kind=change và năm gốc"),
    "range": N_("là một khoảng, không phải một giá trị. Ghi một số"),
    "approximate": N_("là số ước chừng. Ghi số chính xác hoặc giới hạn (>90%; từ 80% trở lên)"),
    "not-whole": N_("số đếm không thể lẻ. Kiểm tra dấu chấm và dấu phẩy: 1.413 hộ, không phải 1,413 hộ"),
    "direction": N_("không rõ tăng hay giảm. Ghi thêm chữ: vận động thêm 56 hộ; giảm 30 hộ"),
    "bad-cell": N_("ô dài quá 10.000 ký tự hoặc có ký tự lạ. Xóa nội dung thừa trong ô"),
    "too-many-cells": N_("dòng có nhiều ô hơn tiêu đề. Ô có dấu phẩy phải đặt trong dấu nháy kép"),
    "too-few-cells": N_("dòng thiếu ô so với tiêu đề, có thể đã bị cắt. Chép lại dòng từ bản gốc"),
    "bad-year": N_("năm phải có bốn chữ số, từ 1990 đến 2100"),
    "bad-kind": N_("loại dòng không hợp lệ. Được phép: {allowed}"),
    "bad-criterion": N_("tiêu chí phải là số (1 đến 19), all (cả xã), other (ngoài tiêu chí), satisfaction (hài lòng), no-debt (nợ đọng), security (an ninh) hoặc để trống"),
    "bad-indicator": N_("mã chỉ tiêu phải viết như 17.8. Trong Excel đặt định dạng ô là Văn bản (Text), kẻo 17.10 thành 17.1 hoặc thành ngày"),
    "bad-part": N_("phần của chỉ tiêu là một chữ thường: a, b, c …"),
    "bad-id": N_("mã dòng chỉ gồm chữ, số, gạch nối và dấu chấm"),
    "bad-source": N_("nguồn vốn không hợp lệ. Được phép: {allowed}"),
    "bad-state": N_("trạng thái công trình không hợp lệ. Được phép: {allowed}"),
    "no-base-year": N_("dòng kind=change phải ghi năm gốc (base_year) mà số này cộng vào"),
    "required": N_("ô này không được để trống"),
    "duplicate": N_("mã dòng đã có ở {place}. Mỗi dòng một mã riêng"),
    "formula": N_("ô là công thức chưa được tính. Mở bằng Excel, tính lại (F9) và lưu; hoặc dán thành giá trị"),
    "error-value": N_("ô báo lỗi của bảng tính (#REF!, #DIV/0! …). Sửa công thức rồi lưu lại"),
    "number-as-code": N_("mã chỉ tiêu được lưu như số hoặc ngày, nên không phân biệt được 17.1 với 17.10. Đặt định dạng ô là Văn bản (Text) rồi gõ lại"),
    "dropped": N_("bỏ theo {correction} trong corrections.csv: {reason}"),
}  # fmt: skip


REMARKS = {
    "hidden-row": N_("Dòng bị ẩn trong bảng tính vẫn được đọc: dòng {rows}"),
    "group-row": N_("Dòng nhóm, không có số: dòng {rows}"),
    "total-row": N_("Dòng tổng, không tính là một giá trị riêng: dòng {rows}"),
    "note-row": N_("Dòng ngoài bảng (tiêu đề, ghi chú, chữ ký): dòng {rows}"),
    "unread-sheet": N_("Trang này không đọc được vì không có mẫu nào khớp tiêu đề cột"),
    "hidden-sheet": N_("Trang bị ẩn trong bảng tính không được đọc"),
    "unread-file": N_("Tệp này không đọc được vì tên không phải tên một bảng"),
    "household-list": N_("Trang này là danh sách hộ hoặc người: không đọc tên, chỉ đếm {text}"),
    "old-font": N_("Chữ gõ bằng phông cũ (TCVN3, VNI) đã được đổi sang Unicode"),
}
REMARK_ACTIONS = {
    "hidden-row": N_("Nếu là dòng cũ thì xóa, nếu không thì cho hiện lại."),
    "group-row": N_("Không phải làm gì."),
    "total-row": N_("Không phải làm gì; tổng được đối chiếu khi có dòng tổng trong bảng thô."),
    "note-row": N_("Không phải làm gì."),
    "hidden-sheet": N_("Nếu trang có số liệu thì cho hiện lại; nếu là bản cũ thì xóa."),
    "unread-sheet": N_("Dùng mẫu của make template, hoặc thêm một mẫu đọc vào data/raw/layouts."),
    "unread-file": N_("Đổi tên tệp theo bảng (results.csv, plan.csv …), hoặc chuyển vào thư mục sources."),
    "household-list": N_("Giữ danh sách hộ ở nơi khác; thư mục này chỉ cần số đếm."),
    "old-font": N_("Kiểm tra lại vài ô; lần sau lưu bằng phông Unicode."),
}


def reason(code: str, language: str, **fields: str) -> str:
    """The reason ``code`` in the language of the run."""
    return translator(language)(REASONS[code]).format(**fields)


def place(file: str, sheet: str, row: int | str, column: str, language: str) -> str:
    """``communes/hung-my/results.csv, dòng 12, cột «value»`` as a message names a cell, or the line of a text."""
    t = translator(language)
    where = t("dòng {line}").format(line=row) if file.endswith(".txt") else t("dòng {row}").format(row=row)
    parts = [file, *([t("trang «{sheet}»").format(sheet=sheet)] if sheet else []), where]
    return ", ".join(parts + ([t("cột «{column}»").format(column=column)] if column else []))
