"""Why a row cannot be used and what to do, for the person who typed it."""

import re

from ntm_lib.language import translator


def N_(text: str) -> str:
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
    "units-differ": N_("tử số và mẫu số khác đơn vị, không chia cho nhau được. Ghi cùng một đơn vị: 1.276/1.413 hộ"),
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
    "bad-criterion": N_("tiêu chí phải là số (1 đến 19; KM1, KM2 của bộ kiểu mẫu), all (cả xã), other (ngoài tiêu chí), satisfaction (hài lòng), no-debt (nợ đọng), security (an ninh) hoặc để trống"),
    "bad-indicator": N_("mã chỉ tiêu phải viết như 17.8. Trong Excel đặt định dạng ô là Văn bản (Text), kẻo 17.10 thành 17.1 hoặc thành ngày"),
    "bad-part": N_("phần của chỉ tiêu là một chữ thường: a, b, c …"),
    "bad-id": N_("mã dòng chỉ gồm chữ, số, gạch nối và dấu chấm"),
    "bad-source": N_("nguồn vốn không hợp lệ. Được phép: {allowed}"),
    "bad-state": N_("trạng thái công trình không hợp lệ. Được phép: {allowed}"),
    "no-base-year": N_("dòng kind=change phải ghi năm gốc (base_year) mà số này cộng vào"),
    "required": N_("ô này không được để trống"),
    "duplicate": N_("mã dòng đã có ở {place}. Mỗi dòng một mã riêng"),
    "formula": N_("ô là công thức chưa được tính. Mở bằng Excel rồi lưu lại (bằng LibreOffice: bấm Ctrl+Shift+F9 trước khi lưu); hoặc dán thành giá trị"),
    "not-calculated": N_("ô là công thức mà kết quả lưu trong tệp chưa được tính (tệp do phần mềm khác xuất ra). Mở tệp bằng Excel rồi lưu lại (bằng LibreOffice: bấm Ctrl+Shift+F9 trước khi lưu); hoặc dán thành giá trị"),
    "linked-formula": N_("ô lấy số từ tệp khác nên không biết còn đúng không. Dán thành giá trị, hoặc ngắt liên kết (Dữ liệu › Chỉnh sửa liên kết › Ngắt) rồi lưu lại"),
    "number-format": N_("định dạng số của ô che mất số hoặc cho thấy một số khác với số được lưu. Đặt định dạng ô là Số (Number), xem lại số rồi lưu lại"),
    "merged-cell": N_("ô này bị gộp với ô khác nên không biết giá trị thuộc dòng hay cột nào. Bỏ gộp ô (Merge) rồi ghi giá trị vào từng ô"),
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
    "zero-of-zero": N_("0/0 không phải một tỷ lệ. Nếu xã không có đối tượng này thì để trống hai ô, hoặc chọn «Không áp dụng» ở cột Tự đánh giá"),
    "bare-count": N_("cột Số đạt và cột Tổng số mỗi ô chỉ ghi một số đếm. Tỷ lệ hay câu chữ ghi ở cột Kết quả khác"),
    "no-unit": N_("số không có đơn vị. Ghi kèm đơn vị: 0,51 km; 02 trạm; 07 sân; 12 hộ"),
    "state-word": N_("chữ này không có trong danh sách trạng thái. Chọn một trong: Chưa làm, Đang làm, Đã nghiệm thu, Đã quyết toán, Đã thanh toán hết, Đã đề nghị đơn vị khác làm; hoặc để trống"),
    "source-word": N_("chữ này không có trong danh sách nguồn vốn. Bấm vào ô và chọn một nguồn trong danh sách; tên khác của nguồn ghi ở cột Tên ghi trong văn bản hoặc Ghi chú"),
    "kind-word": N_("chữ này không có trong danh sách của cột Loại. Bấm vào ô và chọn một dòng trong danh sách, hoặc để trống"),
    # The same, to somebody who fills in the workbook of make template and knows no names of columns.
    "level-cell": N_("là mức tăng hoặc giảm, không phải mức đạt được. Ghi mức đạt được (12,17%); phần tăng, giảm thêm ghi ở Biểu 02, cột Tăng, giảm thêm"),
    "no-base-year-cell": N_("phần tăng, giảm phải ghi năm mà số này cộng vào, ở cột Năm gốc"),
    "dropped": N_("bỏ theo {correction} trong corrections.csv: {reason}"),
}  # fmt: skip


REMARKS = {
    "hidden-row": N_("Dòng bị ẩn hoặc bị lọc trong bảng tính không được đọc: dòng {rows}"),
    "hidden-column": N_("Cột bị ẩn trong bảng tính không được đọc: {text}"),
    "unread-cell": N_("Ô nằm ngoài phần được đọc (quá cột thứ 200): {text}"),
    "group-row": N_("Dòng nhóm, không có số: dòng {rows}"),
    "total-row": N_("Dòng tổng, không tính là một giá trị riêng: dòng {rows}"),
    "note-row": N_("Dòng ngoài bảng (tiêu đề, ghi chú, chữ ký): dòng {rows}"),
    "unread-sheet": N_("Trang này không đọc được vì không có mẫu nào khớp tiêu đề cột: {text}"),
    "unread-table": N_(
        "Bảng ở phía dưới trang, từ dòng {rows}, không đọc được vì không có mẫu nào khớp tiêu đề cột: {text}"
    ),
    "unread-column": N_("Cột không đọc vì tiêu đề không phải của mẫu nào: {text}"),
    "doubled-column": N_("Cột không đọc vì một cột khác đã có cùng ý nghĩa, hoặc không rõ cột nào là tổng: {text}"),
    "derived-column": N_("Cột so sánh, chấm điểm hoặc kế hoạch, không lấy làm kết quả: {text}"),
    "appraisal-column": N_("Cột đánh giá của cấp trên, không lấy làm kết quả xã tự báo cáo: {text}"),
    "appraisal-differs": N_("Đánh giá của cấp trên khác của xã: dòng {rows}"),
    "part-year-column": N_("Cột là số của một phần năm, không lấy làm kết quả cả năm: {text}"),
    "two-units": N_("Hai đơn vị khác nhau cùng nói về một cột; đã lấy đơn vị đứng gần cột nhất: {text}"),
    "two-years": N_("Tên biểu ghi nhiều năm: {text}"),
    "village-sheet": N_("Trang là số liệu riêng của thôn {text}, không tính là kết quả của xã"),
    "empty-sheet": N_("Trang này không có ô nào có chữ hoặc số"),
    "chart-sheet": N_("Trang này là biểu đồ, không có ô để đọc"),
    "hidden-sheet": N_("Trang bị ẩn trong bảng tính không được đọc"),
    "unread-file": N_("Tệp này không đọc được vì tên không phải tên một bảng"),
    "unread-copy": N_("Tệp này không được đọc vì cùng một bảng với {text}"),
    "unread-spreadsheet": N_("Tệp bảng tính {text}: chương trình không đọc dạng này"),
    "unread-document": N_("Tệp văn bản hoặc hình ảnh {text}: chương trình không đọc số liệu trong đó"),
    "unread-archive": N_("Tệp nén {text}: chương trình không đọc các tệp bên trong"),
    "unread-nameless": N_("Tệp {text} không có đuôi (.xlsx, .csv …) nên không biết là dạng gì, không được đọc"),
    "unread-other": N_("Tệp {text}: chương trình không đọc dạng này"),
    "unread-folder": N_("Thư mục con: không tệp nào trong đó được đọc ({text})"),
    "unread-source": N_("Thư mục sources chỉ giữ văn bản gốc, bảng trong đó không được đọc như số liệu ({text})"),
    "unread-link": N_("{text} là liên kết hỏng, vòng tròn hoặc ra ngoài thư mục của xã nên không được đọc"),
    "unread-special": N_("{text} không phải tệp thường nên không được đọc"),
    "unread-text": N_("Văn bản quá dài (hơn {text} dòng, hoặc hơn hai triệu chữ) nên không được đối chiếu với số liệu"),
    "household-list": N_("Trang này là danh sách hộ hoặc người: không đọc tên, chỉ đếm {text}"),
    "template-empty": N_("Tệp mẫu này chưa nhập số nào"),
    "template-sheets": N_(
        "Tệp mẫu không còn, hoặc đang ẩn, các trang: {text}. Không có số nào được đọc từ các trang đó"
    ),
    "template-extra-cell": N_("Ô nằm ngoài các cột của mẫu, không được đọc: {rows}"),
    "template-locked": N_("Ô đã khóa của mẫu bị gõ đè, không được đọc: {rows}"),
    "template-hidden": N_("Ô đang ẩn (dòng, cột ẩn hoặc bị lọc) có nội dung, không được đọc: {rows}"),
    "template-below": N_("Ô dưới chỗ ký tên có số, không được đọc: {rows}"),
    "template-alone": N_("Ô có chữ hoặc số nhưng dòng không có số liệu nào, không được đọc: {rows}"),
    "template-twice": N_("Trang này là bản thứ hai của một trang trong mẫu, không được đọc"),
    "template-copy": N_("Tệp này lặp lại những ô đã có trong {text}; mỗi ô chỉ đọc một lần"),
    "no-criterion": N_("Dòng không ghi tiêu chí và chỉ tiêu, được giữ là thông tin khác, không dùng để xét: {rows}"),
    "old-font": N_("Chữ gõ bằng phông cũ (TCVN3, VNI) đã được đổi sang Unicode"),
}
REMARK_ACTIONS = {
    "hidden-row": N_(
        "Nếu dòng có số liệu thì cho hiện lại (bỏ ẩn, bỏ lọc) rồi lưu; nếu là dòng cũ thì không phải làm gì."
    ),
    "hidden-column": N_("Nếu cột có số liệu thì cho hiện lại rồi lưu; nếu là cột cũ thì không phải làm gì."),
    "unread-cell": N_("Nếu ô có số liệu thì chuyển vào trong bảng; nếu là ô thừa thì xóa."),
    "group-row": N_("Không phải làm gì."),
    "total-row": N_("Không phải làm gì; tổng được đối chiếu khi có dòng tổng trong bảng thô."),
    "note-row": N_("Không phải làm gì."),
    "hidden-sheet": N_("Nếu trang có số liệu thì cho hiện lại; nếu là bản cũ thì xóa."),
    "unread-sheet": N_("Sửa tiêu đề cột theo chữ của mẫu, hoặc chép số liệu vào mẫu của make template."),
    "unread-table": N_(
        "Chuyển bảng sang trang riêng và sửa tiêu đề cột theo chữ của mẫu, hoặc chép số liệu vào mẫu của make template."
    ),
    "unread-column": N_(
        "Nếu cột có số liệu cần dùng thì sửa tiêu đề, như «Kết quả thực hiện năm 2024»; nếu không thì không phải làm gì."
    ),
    "doubled-column": N_("Kiểm tra cột đã đọc có đúng cột cần dùng không; nếu không thì sửa tiêu đề."),
    "derived-column": N_("Không phải làm gì."),
    "appraisal-column": N_("Không phải làm gì."),
    "appraisal-differs": N_("Xem lại các dòng này với cấp thẩm định trước khi lập báo cáo."),
    "part-year-column": N_("Khi có số cả năm thì ghi thêm cột của cả năm."),
    "two-units": N_("Kiểm tra một số trong cột; sửa đơn vị ghi sai."),
    "two-years": N_("Ghi năm vào tiêu đề từng cột."),
    "village-sheet": N_("Nếu là số của cả xã thì sửa tên trang và tên biểu."),
    "empty-sheet": N_("Không phải làm gì; nếu trang chỉ có hình chụp của bảng thì gõ số liệu vào ô."),
    "chart-sheet": N_("Không phải làm gì."),
    "unread-file": N_("Đổi tên tệp theo bảng (results.csv, plan.csv …), hoặc chuyển vào thư mục sources."),
    "unread-copy": N_(
        "Chỉ giữ một tệp cho mỗi bảng: chép các dòng còn thiếu sang tệp được đọc, rồi chuyển tệp này vào thư mục sources."
    ),
    "unread-spreadsheet": N_(
        "Nếu có số liệu thì mở bằng chương trình đã tạo ra nó, hoặc Excel, LibreOffice, rồi lưu lại dạng .xlsx."
    ),
    "unread-document": N_("Nếu có số liệu thì nhập vào biểu của make template; văn bản gốc để trong thư mục sources."),
    "unread-archive": N_("Giải nén, rồi chép tệp .xlsx hoặc .csv bên trong vào thư mục của xã."),
    "unread-nameless": N_(
        "Nếu có số liệu thì thêm đuôi đúng với dạng của tệp: .xlsx (Excel), .ods (LibreOffice), hoặc đổi tên theo bảng (results.csv …)."
    ),
    "unread-other": N_(
        "Nếu có số liệu thì lưu lại dạng .xlsx, hoặc theo tên bảng (results.csv …); nếu không thì chuyển vào thư mục sources."
    ),
    "unread-folder": N_(
        "Nếu có số liệu thì chép tệp ra ngay thư mục của xã; nếu là văn bản gốc thì chuyển vào thư mục sources."
    ),
    "unread-source": N_("Nếu có số liệu phải đọc thì chép tệp ra ngay thư mục của xã."),
    "unread-link": N_("Chép chính tệp gốc vào thư mục của xã thay cho liên kết."),
    "unread-special": N_("Chuyển nó ra khỏi thư mục của xã."),
    "unread-text": N_("Chỉ giữ phần của văn bản nói về xã, rồi lưu lại."),
    "template-empty": N_("Nhập số vào các ô nền vàng rồi lưu tệp. Nếu không dùng tệp này thì chuyển sang nơi khác."),
    "template-sheets": N_(
        "Nếu không cần thì không phải làm gì. Nếu trang đang ẩn thì cho hiện lại. Nếu đã xóa: đổi tên tệp này (tên nào cũng được đọc), gõ make template để có tệp mới đủ trang, ghi trang thiếu vào tệp mới và giữ cả hai tệp."
    ),
    "template-extra-cell": N_("Chuyển số sang một cột của mẫu; lời giải thích thì ghi ở cột Ghi chú."),
    "template-locked": N_(
        "Ghi số vào ô nền vàng: Số đạt, Tổng số hoặc Kết quả khác cùng dòng; số của một thôn ghi ở dòng của thôn đó hoặc chèn thêm dòng."
    ),
    "template-hidden": N_(
        "Nếu nội dung còn đúng thì cho hiện lại dòng hoặc cột, bỏ lọc, rồi lưu; nếu là nội dung cũ thì xóa."
    ),
    "template-below": N_("Nếu là số liệu thì ghi vào một dòng trống của biểu, phía trên chỗ ký tên."),
    "template-alone": N_(
        "Ghi số liệu của dòng: Số đạt và Tổng số, Kết quả khác, Mức phải đạt hoặc số của cột; nếu gõ nhầm thì xóa."
    ),
    "template-twice": N_("Chép các dòng còn thiếu sang trang kia rồi xóa trang này."),
    "template-copy": N_("Giữ một bản trong thư mục của xã, chuyển bản kia sang nơi khác."),
    "no-criterion": N_("Ghi số tiêu chí hoặc chỉ tiêu ở đầu dòng nếu số này thuộc một tiêu chí."),
    "household-list": N_("Giữ danh sách hộ ở nơi khác; thư mục này chỉ cần số đếm."),
    "old-font": N_("Kiểm tra lại vài ô; lần sau lưu bằng phông Unicode."),
}
# What was left aside, as the command line counts it; codes that are not here are counted together, those of READ were read.
READ = ("old-font",)
LEFT = {
    "hidden-row": N_("{n} dòng ẩn"),
    "hidden-column": N_("{n} cột ẩn"),
    "unread-cell": N_("{n} dòng có ô ngoài bảng"),
    "group-row": N_("{n} dòng nhóm"),
    "total-row": N_("{n} dòng tổng"),
    "note-row": N_("{n} dòng tiêu đề, ghi chú"),
    "unread-sheet": N_("{n} trang không khớp mẫu nào"),
    "empty-sheet": N_("{n} trang trống"),
    "chart-sheet": N_("{n} trang biểu đồ"),
    "hidden-sheet": N_("{n} trang ẩn"),
    "household-list": N_("{n} danh sách hộ"),
    "unread-file": N_("{n} tệp không đúng tên bảng"),
    "unread-copy": N_("{n} tệp trùng bảng"),
    "unread-spreadsheet": N_("{n} tệp bảng tính dạng khác"),
    "unread-document": N_("{n} tệp văn bản, hình ảnh"),
    "unread-archive": N_("{n} tệp nén"),
    "unread-nameless": N_("{n} tệp không có đuôi"),
    "unread-other": N_("{n} tệp dạng khác"),
    "unread-folder": N_("{n} thư mục con"),
    "unread-source": N_("{n} bảng trong sources"),
    "unread-link": N_("{n} liên kết"),
    "unread-special": N_("{n} thứ không phải tệp"),
    "unread-text": N_("{n} văn bản quá dài"),
    "other": N_("{n} điều khác"),
}


def reason(code: str, language: str, **fields: str) -> str:
    """The reason ``code`` in the language of the run."""
    return translator(language)(REASONS[code]).format(**fields)


def place(file: str, sheet: str, row: int | str, column: str, language: str) -> str:
    """``communes/hung-my/results.csv, dòng 12, cột «value»`` as a message names a cell, or the line of a text."""
    t = translator(language)
    if re.fullmatch(r"[A-Z]{1,3}\d+", str(row)):  # a cell of a workbook, whose user knows no names of columns
        return ", ".join(
            [file, *([t("trang «{sheet}»").format(sheet=sheet)] if sheet else []), t("ô {cell}").format(cell=row)]
        )
    where = t("dòng {line}").format(line=row) if file.endswith(".txt") else t("dòng {row}").format(row=row)
    parts = [file, *([t("trang «{sheet}»").format(sheet=sheet)] if sheet else []), where]
    return ", ".join(parts + ([t("cột «{column}»").format(column=column)] if column else []))
