"""Why a row cannot be used and what to do, for the person who typed it."""

from ntm_lib.problems import words


def N_(text: str) -> str:
    """Marks a text for translation where it is defined; ``t`` translates it where it is shown."""
    return text


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
    return words(f"unreadable/{code}", fields, language)[0]
