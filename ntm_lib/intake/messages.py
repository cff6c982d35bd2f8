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
    "torn-number": N_("chữ hoặc dấu lạ dính vào số, không biết số bắt đầu và kết thúc ở đâu. Ghi chữ số 0–9, tách khỏi chữ, kèm đơn vị: 90,3%; 56 hộ; 1.276/1.413 hộ"),
    "month-or-fraction": N_("không rõ là tháng và năm hay là phân số. Nếu là phân số, ghi kèm đơn vị: 12/2024 hộ; nếu là ngày tháng, ghi số liệu thay vào"),
    "two-units": N_("tử số và mẫu số khác đơn vị, không chia cho nhau được. Ghi cùng một đơn vị: 1.276/1.413 hộ"),
    "other-base": N_("là số so với kế hoạch, chỉ tiêu giao, nghị quyết, cùng kỳ hoặc năm trước, không phải kết quả năm nay trên tổng số. Ghi kết quả trên tổng số: 1.276/1.413 hộ; 90,3%"),
    "aim": N_("là dự kiến, phấn đấu, cam kết hoặc kế hoạch, không phải kết quả đã đạt. Ghi kết quả đã đạt; mức phấn đấu thì ghi ở phần kế hoạch"),
    "progress": N_("là phần đã làm (xóa, thoát nghèo, xây mới, sửa chữa …), không phải mức đạt được của cả xã. Ghi mức đạt được: còn 2 nhà tạm; 12/12 thôn có nhà văn hóa; 142/1.413 hộ nghèo"),
    "excluded": N_("có phần bị trừ ra (trừ, không kể, chưa tính …), nên không phải số của cả xã. Ghi số của cả xã, hoặc ghi phần trừ vào ghi chú nếu quy định cho trừ"),
    "other-year": N_("ghi một năm khác với năm của dòng. Ghi số của đúng năm đó, hoặc sửa năm của dòng"),
    "part": N_("chỉ là một phần (trong đó, riêng, một phần …), không phải số của cả xã. Ghi số của cả xã"),
    "total": N_("là số tổng, chỉ tiêu cần số bình quân. Ghi số bình quân: 45,5 triệu đồng/người/năm"),
    "per-other": N_("tính theo tháng, quý, ngày, hộ, lao động hoặc đơn vị khác với chỉ tiêu; không tự nhân chia. Ghi số tính như chỉ tiêu: 45,5 triệu đồng/người/năm; 90,3%"),
    "currency": N_("không phải tiền Việt Nam. Ghi ra triệu đồng theo tỷ giá mà nguồn dùng"),
    "over-possible": N_("nằm ngoài mức có thể có của một tỷ lệ (0% đến 100%). Kiểm tra lại số và dấu"),
    "none-of-what": N_("không rõ không có cái gì, hay là chưa đạt. Ghi số: 0%; 0/1.413 hộ"),
    "complement": N_("nội dung của dòng nói phần chưa đạt hoặc phần đã làm, trái với tên chỉ tiêu. Ghi số của phần đạt, đúng như tên chỉ tiêu"),
    "incident": N_("«Có» hoặc dấu x ở một việc không được có: không rõ là có xảy ra hay là đạt. Ghi Đạt hoặc Chưa đạt"),
    "group": N_("là tỷ lệ của một nhóm (hộ nghèo, phụ nữ, trẻ em …), không phải của tất cả. Ghi tỷ lệ trên tổng số như tên chỉ tiêu"),
    "too-small": N_("quá nhỏ với đơn vị này. Kiểm tra số và đơn vị: 43,5 triệu đồng/người/năm; 43.500 nghìn đồng/người/năm"),
    "other-place": N_("là số của huyện, tỉnh, cả nước hoặc của một thôn, không phải của xã. Ghi số của xã; số của thôn thì ghi tên thôn vào cột thôn"),
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
    "no-indicator": N_("không biết dòng này là tiêu chí, chỉ tiêu nào. Ghi mã ở cột TT hoặc đầu nội dung, như 17.8"),
    "two-codes": N_("mã ở cột TT và mã trong nội dung là hai chỉ tiêu khác nhau. Sửa mã sai"),
    "code-against-name": N_("số thứ tự không phải số của tiêu chí mà nội dung nói đến. Ghi mã chỉ tiêu, như 11.1, thay cho số thứ tự"),
    "day-as-value": N_("ô được lưu như một ngày; có thể bảng tính đã đổi 12.5 hay 1/2 thành ngày. Đặt định dạng ô là Văn bản (Text) rồi gõ lại số"),
    "two-units": N_("đơn vị ở cột đơn vị tính khác đơn vị ở tiêu đề cột. Ghi đơn vị vào ô sau con số, hoặc sửa một trong hai chỗ"),
    "two-marks": N_("đánh dấu cả ở Đạt lẫn Chưa đạt (hoặc Không áp dụng). Giữ một dấu"),
    "no-mark": N_("cột này chỉ để đánh dấu x. Ghi x, hoặc chuyển nội dung sang cột khác"),
    "two-columns": N_("hai cột cùng trả lời một câu hỏi của cùng một năm mà khác nhau. Ghi năm hoặc «Số lượng», «Tỷ lệ (%)» vào tiêu đề cột, hoặc giữ một cột"),
    "count-without-share": N_("là số lượng, không phải tỷ lệ. Ghi thêm tỷ lệ (%) hoặc tổng số, như 12/12 thôn"),
    "merged-value": N_("ô gộp xuống nhiều dòng, không biết là của dòng nào. Bỏ gộp ô và ghi vào từng dòng"),
    "no-year": N_("tên biểu và tiêu đề cột không cho biết số là của năm nào. Ghi năm vào tên biểu, như «… năm 2024», hoặc vào tiêu đề cột"),
    "two-years": N_("tên biểu ghi nhiều năm và tiêu đề cột không ghi năm nào. Ghi năm vào tiêu đề cột, như «Kết quả thực hiện năm 2024»"),
    "two-villages": N_("tên trang và tên biểu là hai thôn khác nhau. Sửa một trong hai"),
    "dropped": N_("bỏ theo {correction} trong corrections.csv: {reason}"),
}  # fmt: skip


REMARKS = {
    "hidden-row": N_("Dòng bị ẩn trong bảng tính vẫn được đọc: dòng {rows}"),
    "group-row": N_("Dòng nhóm, không có số: dòng {rows}"),
    "total-row": N_("Dòng tổng, không tính là một giá trị riêng: dòng {rows}"),
    "note-row": N_("Dòng ngoài bảng (tiêu đề, ghi chú, chữ ký): dòng {rows}"),
    "unread-sheet": N_("Trang này không đọc được vì không có mẫu nào khớp tiêu đề cột: {text}"),
    "unread-table": N_("Bảng ở phía dưới trang, từ dòng {rows}, không đọc được vì không có mẫu nào khớp tiêu đề cột: {text}"),
    "unread-column": N_("Cột không đọc vì tiêu đề không phải của mẫu nào: {text}"),
    "doubled-column": N_("Cột không đọc vì một cột khác đã có cùng ý nghĩa, hoặc không rõ cột nào là tổng: {text}"),
    "derived-column": N_("Cột so sánh, chấm điểm hoặc kế hoạch, không lấy làm kết quả: {text}"),
    "appraisal-column": N_("Cột đánh giá của cấp trên, không lấy làm kết quả xã tự báo cáo: {text}"),
    "appraisal-differs": N_("Đánh giá của cấp trên khác của xã: dòng {rows}"),
    "part-year-column": N_("Cột là số của một phần năm, không lấy làm kết quả cả năm: {text}"),
    "two-units": N_("Hai đơn vị khác nhau cùng nói về một cột; đã lấy đơn vị đứng gần cột nhất: {text}"),
    "two-years": N_("Tên biểu ghi nhiều năm: {text}"),
    "village-sheet": N_("Trang là số liệu riêng của thôn {text}, không tính là kết quả của xã"),
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
    "unread-sheet": N_("Sửa tiêu đề cột theo chữ của mẫu, hoặc chép số liệu vào mẫu của make template."),
    "unread-table": N_("Chuyển bảng sang trang riêng và sửa tiêu đề cột theo chữ của mẫu, hoặc chép số liệu vào mẫu của make template."),
    "unread-column": N_("Nếu cột có số liệu cần dùng thì sửa tiêu đề, như «Kết quả thực hiện năm 2024»; nếu không thì không phải làm gì."),
    "doubled-column": N_("Kiểm tra cột đã đọc có đúng cột cần dùng không; nếu không thì sửa tiêu đề."),
    "derived-column": N_("Không phải làm gì."),
    "appraisal-column": N_("Không phải làm gì."),
    "appraisal-differs": N_("Xem lại các dòng này với cấp thẩm định trước khi lập báo cáo."),
    "part-year-column": N_("Khi có số cả năm thì ghi thêm cột của cả năm."),
    "two-units": N_("Kiểm tra một số trong cột; sửa đơn vị ghi sai."),
    "two-years": N_("Ghi năm vào tiêu đề từng cột."),
    "village-sheet": N_("Nếu là số của cả xã thì sửa tên trang và tên biểu."),
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
