"""The explorer: sliders for the quantities of a plan, what they change, and a button that saves a scenario.

Widgets only; what they show and do comes from ``explorer_model``.
"""

import datetime
from fractions import Fraction

import ipywidgets as widgets

from ntm_lib.errors import NtmError
from ntm_lib.language import number, term
from ntm_lib.plan.live import Lever
from ntm_lib.plan.scenario_model import Key
from ntm_lib.report import explorer_model as view
from ntm_lib.report.context import Report
from ntm_lib.report.explorer_model import FACTS, Model

WIDE = widgets.Layout(width="auto")


class Explorer:
    """The page. ``page`` is the widget to show; ``sliders`` and ``costs`` by (indicator, part), ``fields`` by fact."""

    def __init__(self, model: Model):
        self.model = model
        t = model.report.t
        self.sliders: dict[Key, widgets.Widget] = {lever.key: _slider(lever) for lever in model.levers}
        self.costs: dict[Key, widgets.Widget] = {
            lever.key: _cost_field(model, lever) for lever in model.levers if lever.whole is not None
        }
        self.delivered = [_percent_field(words) for words in (t("ít nhất"), t("thường"), t("nhiều nhất"))]
        self.fields = _fields(model)
        self.headline, self.grid, self.margins, self.message = (widgets.HTML() for _ in range(4))
        self.save_button = widgets.Button(
            description=t("Lưu thành kịch bản"), button_style="primary", layout=widgets.Layout(width="auto")
        )
        self.reset_button = widgets.Button(description=t("Về như kế hoạch"), layout=widgets.Layout(width="auto"))
        self.save_button.on_click(self._save)
        self.reset_button.on_click(self._reset)
        for widget in (*self.sliders.values(), *self.costs.values(), *self.delivered):
            widget.observe(self._show, names="value")
        self.page = self._page()
        self._show()

    @property
    def moved(self) -> dict[Key, Fraction]:
        """Where the levers are; exact, as the screen shows them."""
        return {key: Fraction(str(slider.value)) for key, slider in self.sliders.items()}

    @property
    def unit_costs(self) -> dict[Key, Fraction]:
        """Million đồng for one more unit, where it was given."""
        return {key: Fraction(str(field.value)) for key, field in self.costs.items() if field.value}

    @property
    def spread(self) -> tuple[Fraction, Fraction, Fraction] | None:
        """How much of what is planned gets done, in percent: lowest, likeliest, highest; None where nobody has said."""
        low, middle, high = (Fraction(str(field.value)) for field in self.delivered)
        return (low, middle, high) if high else None

    def _page(self) -> widgets.Widget:
        if not self.model.levers:
            text = self.model.report.t(
                "Xã chưa có số liệu nào có thể thử: cần kết quả có tử số và mẫu số, hoặc một mức như thu nhập."
            )
            return widgets.HTML(view.style() + view.heading(self.model) + view.message(text, failed=True))
        levers = [self._lever(lever) for lever in self.model.levers]
        saving = widgets.VBox(
            [*self.fields.values(), widgets.HBox([self.save_button, self.reset_button]), self.message]
        )
        asked = widgets.HTML(view.chance_label(self.model))
        left = widgets.VBox([*levers, widgets.VBox([asked, *self.delivered]), saving])
        right = widgets.VBox([self.grid, self.margins])
        self.headline.add_class("ntm-headline")
        for box, name in ((left, "ntm-levers"), (right, "ntm-answer")):
            box.add_class(name)
        both = widgets.Box([left, right])
        both.add_class("ntm-both")
        page = widgets.VBox([widgets.HTML(view.style() + view.heading(self.model)), self.headline, both])
        page.add_class("ntm-explorer")
        return page

    def _lever(self, lever: Lever) -> widgets.Widget:
        cost = (
            [self.costs[lever.key]] if lever.key in self.costs else []
        )  # what a level such as income costs nobody can say
        return widgets.VBox(
            [widgets.HTML(view.lever_label(self.model, lever)), *_shown(self.sliders[lever.key], self.model), *cost]
        )

    def _show(self, _change: object = None) -> None:
        answer = self.model.ask(self.moved, self.unit_costs)
        self.headline.value = view.headline(self.model, answer, bool(self.unit_costs))
        self.grid.value = view.grid(self.model, answer)
        later, chances = self.model.next_year(self.moved), self.model.chances(self.moved, self.spread)
        self.margins.value = view.margins(self.model, answer, later, chances)

    def _save(self, _button: object) -> None:
        t = self.model.report.t
        try:
            place = self.model.save(
                self.moved, self.unit_costs, {fact: field.value for fact, field in self.fields.items()}
            )
        except NtmError as error:
            self.message.value = view.message(str(error), failed=True)
            return
        text = t("Đã lưu {file}. So sánh: make scenario COMMUNE={commune} SCENARIO={name}")
        saved = text.format(
            file=place, commune=self.model.report.parameters.commune, name=self.fields["name"].value.strip()
        )
        self.message.value = view.message(saved, failed=False)

    def _reset(self, _button: object) -> None:
        for key, start in self.model.start.items():
            self.sliders[key].value = float(start) if isinstance(self.sliders[key], widgets.FloatSlider) else int(start)


def explore(report: Report) -> widgets.Widget:
    """The page for one run, ready to be shown."""
    return Explorer(Model(report)).page


def _slider(lever: Lever) -> widgets.Widget:
    """A slider with the bounds and the step of the lever."""
    whole = lever.step.denominator == 1
    kind, exact = (widgets.IntSlider, int) if whole else (widgets.FloatSlider, float)
    bounds = {
        "min": exact(lever.lowest),
        "max": exact(lever.highest),
        "step": exact(lever.step),
        "value": exact(lever.start),
    }
    slider = kind(**bounds, layout=WIDE, readout=whole)
    slider.add_class(f"lever-{''.join(lever.key).replace('.', '-')}")
    return slider


def _shown(slider: widgets.Widget, model: Model) -> list[widgets.Widget]:
    """The slider; one of parts of a whole with its value in the language of the page, which its own readout has not."""
    if slider.readout:
        return [slider]
    slider.layout = widgets.Layout(width="auto", flex="1 1 auto")
    value = widgets.Label(number(slider.value, model.report.language), layout=widgets.Layout(flex="0 0 5em"))
    slider.observe(lambda change: setattr(value, "value", number(change["new"], model.report.language)), "value")
    return [widgets.HBox([slider, value], layout=WIDE)]


def _cost_field(model: Model, lever: Lever) -> widgets.Widget:
    t = model.report.t
    description = t("triệu đồng mỗi {unit}").format(unit=term(lever.unit, model.report.language))
    return widgets.BoundedFloatText(
        value=0, min=0, max=1e9, description=description, style={"description_width": "initial"}, layout=WIDE
    )


def _percent_field(description: str) -> widgets.Widget:
    return widgets.BoundedFloatText(
        value=0, min=0, max=100, description=f"{description} (%)", style={"description_width": "initial"}, layout=WIDE
    )


def _fields(model: Model) -> dict[str, widgets.Widget]:
    """Text fields for what a scenario file must say. The date is today's: the file is the planner's, not a published one."""
    t = model.report.t
    names = {
        "name": t("Tên tệp"),
        "title": t("Tiêu đề"),
        "author": t("Người lập"),
        "date": t("Ngày"),
        "reason": t("Lý do"),
    }
    today = datetime.date.today().isoformat()
    fields = {
        fact: widgets.Text(description=names[fact], value=today if fact == "date" else "", layout=WIDE)
        for fact in FACTS
    }
    for fact, field in fields.items():
        field.add_class(f"fact-{fact}")
    fields["name"].placeholder = "nha-tieu-30"
    return fields
