"""A report made in code, with everything that blocks can show: what the tests and a curious eye look at."""

from fractions import Fraction

import nbformat

from ntm_lib.doc import blocks as b
from ntm_lib.doc.blocks import Block
from ntm_lib.doc.charts import Reading, bullets
from ntm_lib.doc.style import badge, legend

CRITERIA = (
    "Quy hoạch",
    "Giao thông",
    "Thủy lợi và phòng, chống thiên tai",
    "Điện",
    "Trường học",
    "Cơ sở vật chất văn hóa",
    "Cơ sở hạ tầng thương mại nông thôn",
    "Thông tin và truyền thông",
    "Nhà ở dân cư",
    "Thu nhập",
    "Nghèo đa chiều",
    "Lao động",
    "Tổ chức sản xuất và phát triển kinh tế nông thôn",
    "Giáo dục và đào tạo",
    "Y tế",
    "Văn hóa",
    "Môi trường và an toàn thực phẩm",
    "Hệ thống chính trị và tiếp cận pháp luật",
    "Quốc phòng và an ninh",
)
LONG = (
    "Sử dụng hiệu quả nguồn vốn các Chương trình, dự án đầu tư vào xã để tập trung củng cố, nâng cao chất lượng các tiêu chí "
    "phục vụ lợi ích cấp thiết với nhân dân; các thành viên ban chỉ đạo, cán bộ công chức xã được phân công phụ trách các chỉ tiêu, "
    "tiêu chí phải xây dựng kế hoạch chi tiết, cụ thể, xác định nhiệm vụ trọng tâm, trọng điểm để tổ chức thực hiện thắng lợi mục "
    "tiêu đề ra năm 2024 đảm bảo hiệu quả, toàn diện, bền vững."
)
FUNDS = (
    ("Vốn CTMTQG xây dựng nông thôn mới", "80"),
    ("Vốn CTMTQG phát triển KTXH vùng đồng bào DTTS và miền núi", "3494.3"),
    ("Vốn CTMTQG giảm nghèo bền vững", "717.6"),
    ("Ngân sách tỉnh", "135"),
    ("Ngân sách huyện", "1650.4"),
    ("Tín dụng", "240"),
    ("Doanh nghiệp", "1714.0"),
    ("Nhân dân đóng góp", "245.4"),
    ("Xã hội hóa khác", "45.0"),
)
READINGS = (
    Reading(
        "17.8a Tỷ lệ hộ có nhà tiêu hợp vệ sinh",
        "%",
        Fraction(1276 * 100, 1413),
        Fraction(70),
        ">=",
        Fraction(8720, 100),
        Fraction(1332 * 100, 1413),
        "met",
    ),
    Reading(
        "10.1 Thu nhập bình quân đầu người",
        "triệu đồng/người",
        Fraction(43),
        Fraction(45),
        ">=",
        Fraction(39),
        Fraction(49),
        "unmet",
    ),
    Reading(
        "11.1 Tỷ lệ nghèo đa chiều giai đoạn 2021–2025",
        "%",
        Fraction(172 * 100, 1413),
        Fraction(13),
        "<=",
        Fraction(158, 10),
        Fraction(142 * 100, 1413),
        "met",
    ),
    Reading(
        "13.2 Xã có mô hình liên kết sản xuất gắn với tiêu thụ nông sản chủ lực đảm bảo bền vững",
        "mô hình",
        None,
        Fraction(1),
    ),
)


def sample_block(language: str = "vi") -> Block:
    """The report as one block."""
    return b.stack(_first_page(language), _grid(language), _criterion(language), _money(language), _sources())


def sample_notebook(block: Block | None = None, **parameters) -> nbformat.NotebookNode:
    """The block as output of an executed notebook, between prose and code."""
    language = parameters.get("language", "vi")
    block = block or sample_block(language)
    cells = [
        nbformat.v4.new_code_cell(
            'commune = "hung-my"\nyear = 2024', metadata={"tags": ["parameters"]}, id="parameters"
        ),
        nbformat.v4.new_code_cell(
            "first_page(report)  # trang đầu",
            execution_count=1,
            id="first",
            outputs=[nbformat.v4.new_output("display_data", data=block._repr_mimebundle_())],
        ),
        nbformat.v4.new_markdown_cell(
            "## Cách đọc báo cáo\n\nMỗi *kết luận* dẫn tới **một dòng số liệu** và [lưới tiêu chí](#grid).\n\n- một\n- hai `results.csv`\n",
            id="prose",
        ),
        nbformat.v4.new_code_cell(
            "print('xong')",
            execution_count=2,
            id="print",
            outputs=[nbformat.v4.new_output("stream", name="stdout", text="xong\n")],
        ),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["papermill"] = {
        "parameters": {"commune": "hung-my", "year": 2024, "scenario": "", "language": language, **parameters}
    }
    return notebook


def _first_page(language: str) -> Block:
    return b.stack(
        b.heading(
            "Kết quả thực hiện tiêu chí nông thôn mới năm 2024, xã Hùng Mỹ, huyện Chiêm Hóa, tỉnh Tuyên Quang",
            1,
            anchor="top",
        ),
        b.cards(
            [
                ("19/19", "tiêu chí đạt theo công bố", "31/12/2023, theo Kế hoạch 05/KH-BCĐ"),
                ("9/57", "chỉ tiêu có số liệu so được với ngưỡng", "48 chỉ tiêu chỉ có công bố"),
                ("1", "tiêu chí có thể mất", b.link("Thu nhập", "criterion-10")),
                ("8.321,7", "triệu đồng kế hoạch vốn", ""),
            ]
        ),
        b.paragraph(
            "Năm 2024 xã ",
            b.strong("giữ 19/19 tiêu chí theo kế hoạch"),
            ", nhưng thu nhập 43 triệu đồng/người năm 2023 thấp hơn ngưỡng 45 của năm 2024. ",
            LONG,
        ),
        b.callout(
            "warning",
            b.strong("Ngưỡng thay đổi, kết quả không đổi: "),
            "43 triệu đồng đạt ngưỡng năm 2023 (≥ 42) và chưa đạt ngưỡng năm 2024 (≥ 45). Còn thiếu 2 triệu đồng/người.",
            title="Tiêu chí 10",
        ),
        b.callout("error", "Đối chiếu: các nguồn cộng lại 8.321,7 triệu đồng, khác tổng ghi trong kế hoạch."),
        b.callout(
            "info",
            "41/57 ngưỡng chưa được đối chiếu với văn bản gốc.",
            b.bullets(["Quyết định 318/QĐ-TTg", "Quyết định 479/QĐ-UBND"]),
        ),
        b.facts(
            [
                ("Số hộ", "1.413 hộ (7/2023)"),
                ("Thôn", "12 thôn"),
                ("Khu vực", "Trung du miền núi phía Bắc; xã khu vực II"),
            ]
        ),
    )


def _grid(language: str) -> Block:
    states = [
        ("unmet", "declared"),
        ("no-data", ""),
        ("met", "declared"),
        ("met", "measured"),
        ("met", "planned"),
        ("unmet", "measured"),
        ("not-applicable", ""),
    ]
    columns = [
        b.Column("TC", align="right", width="2.2em"),
        b.Column("Tên tiêu chí", row_header=True),
        *(b.Column(label, align="center") for label in ("2021", "2022", "2023", "KH 2024")),
        b.Column("Thay đổi"),
    ]
    rows = [
        [
            str(i),
            b.link(name, f"criterion-{i}"),
            *(badge(*states[(i * 5 + k * 3) % 7], language) for k in range(4)),
            "giữ vững" if i % 3 else "mất do ngưỡng",
        ]
        for i, name in enumerate(CRITERIA, 1)
    ]
    return b.stack(
        b.heading("Lưới tiêu chí qua các năm"),
        b.table(columns, rows, caption="19 tiêu chí qua các năm", anchor="grid", note=legend(language), phone="marks"),
    )


def _criterion(language: str) -> Block:
    columns = [
        b.Column("Chỉ tiêu", row_header=True, width="34%"),
        b.Column("Ngưỡng và cấp quy định", width="21%"),
        b.Column("2023", align="right"),
        b.Column("KH 2024", align="right"),
        b.Column("Kết luận", align="center"),
        b.Column("Chênh lệch", align="right"),
    ]
    rows = [
        b.group("17. Môi trường và an toàn thực phẩm"),
        [
            "17.8a Tỷ lệ hộ có nhà tiêu, nhà tắm, thiết bị chứa nước sinh hoạt hợp vệ sinh và đảm bảo 3 sạch",
            "≥ 70 % (quốc gia; chưa đối chiếu)",
            "1.276/1.413 = 90,30%",
            "1.332/1.413 = 94,27%",
            badge("met", "planned", language),
            "+24,27 điểm (+342 hộ)",
        ],
        [
            "17.10 Tỷ lệ cơ sở chăn nuôi bảo đảm các quy định về vệ sinh thú y, chăn nuôi và bảo vệ môi trường",
            "≥ 60 % (quốc gia)",
            "767/1.413 = 54,28%",
            "–",
            badge("unmet", "measured", language),
            "−5,72 điểm (−81 hộ)",
        ],
        ["Cộng", "", "", "", "", ""],
    ]
    chart = bullets(READINGS, "2024", "2023", language)
    return b.stack(
        b.heading("Từng tiêu chí"),
        b.heading("Tiêu chí 10. Thu nhập", 3, anchor="criterion-10"),
        b.paragraph(b.strong("KH 2024: "), badge("unmet", "measured", language), " 2/2 chỉ tiêu có số liệu. ", LONG),
        b.figure(
            chart.figure,
            "Kết quả so với ngưỡng",
            chart.alt,
            data=chart.data,
            anchor="chart",
            note="Cột đặc: năm nay; cột rỗng: năm trước; nét đứt: mục tiêu.",
        ),
        b.heading("Tiêu chí 17. Môi trường và an toàn thực phẩm", 3, anchor="criterion-17"),
        b.table(
            columns,
            rows,
            caption="Các chỉ tiêu của tiêu chí 17",
            anchor="indicators-17",
            row_classes=["", "", "alert", "total"],
            row_anchors=["", "row-HM065", "", ""],
        ),
        b.bullets(
            [
                b.strong("17.8") + " " + LONG + " " + b.link("[HM065]", "row-HM065"),
                b.stack(b.as_block("Việc cần làm:"), b.bullets(["vận động 56 hộ", "xây 60 chuồng"])),
            ]
        ),
        b.details(
            "Ý kiến thẩm tra",
            b.paragraph("17.8, Nguyễn Văn A, 12/3/2024: đề nghị bổ sung danh sách hộ."),
            b.paragraph(LONG),
        ),
    )


def _money(language: str) -> Block:
    rows = [[name, value.replace(".", ","), ""] for name, value in FUNDS] + [["Cộng 9 nguồn", "8.321,7", "100,00%"]]
    columns = [
        b.Column("Nguồn vốn", row_header=True),
        b.Column("Kế hoạch (triệu đồng)", align="right"),
        b.Column("Tỷ trọng", align="right"),
    ]
    return b.stack(
        b.heading("Nguồn vốn"),
        b.table(
            columns, rows, caption="Nguồn vốn kế hoạch năm 2024", anchor="funding", row_classes=[""] * 9 + ["total"]
        ),
    )


def _sources() -> Block:
    columns = [
        b.Column("Dòng", row_header=True, width="12%"),
        b.Column("Tệp, dòng", width="20%"),
        b.Column("Nội dung", width="22%"),
        b.Column("Ghi trong tài liệu", width="18%"),
        b.Column("Trích dẫn", width="28%"),
    ]
    rows = [
        [
            f"HM{i:03}",
            f"data/raw/communes/hung-my/results.csv, dòng {i}, cột value",
            "hộ có nhà tiêu hợp vệ sinh",
            "1.276/1.413 hộ đạt 90,3%",
            "“… nhà tiêu hợp vệ sinh 1.276/1.413 hộ đạt 90,3%” (05/KH-BCĐ, II.2.14)",
        ]
        for i in range(1, 41)
    ]
    return b.stack(
        b.heading("Nguồn số liệu"),
        b.table(
            columns,
            rows,
            caption="Dòng số liệu thô làm căn cứ cho các kết luận",
            anchor="evidence",
            row_anchors=[f"row-{r[0]}" if r[0] != "HM065" else "" for r in rows],
        ),
        b.paragraph(
            "Báo cáo được lập từ sổ tay ",
            b.code("3_report.ipynb"),
            "; mọi số liệu nằm trong ",
            b.link("./indicators.csv", "./indicators.csv"),
            ".",
        ),
    )
