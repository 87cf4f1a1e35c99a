"""Correct a row from the lab: one call, or a small form, appends a line to ``data/overrides``."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from analysis import overrides
from analysis.lab.errors import LabError, suggestion
from analysis.lab.passages import Row
from analysis.lab.results import Said
from analysis.show import note, show

if TYPE_CHECKING:
    from analysis.lab.desk import Desk


class Written:
    """A correction that was written. ``undo()`` takes its line out of the file again."""

    def __init__(self, line: overrides.Line) -> None:
        self.line = line

    def undo(self) -> Said:
        """Take the correction back."""
        try:
            overrides.undo(self.line)
        except overrides.OverrideError as error:
            raise LabError(str(error)) from None
        return Said(f"taken back: {self}")

    def __repr__(self) -> str:
        what = (
            self.line.action
            if self.line.action == "remove"
            else f"{self.line.action} is {self.line.value or 'empty'}"
        )
        return f"{self.line.place}: {what} ({self.line.who}, {self.line.when}: {self.line.why})"

    def _repr_html_(self) -> str:
        return str(
            Markup(
                "<p>Written to {}. The next question counts with it; <code>_.undo()</code> takes it back.</p>"
            ).format(repr(self))
        )


class Correct:
    """``correct(row, speaker="Oliver Jia", who=…, why=…)`` says what a row should be; ``correct.form(row)`` asks for it."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.who = ""

    def __call__(
        self, row: Row, *, why: str, who: str = "", when: str = "", remove: bool = False, **values: str | Sequence[str]
    ) -> Written:  # fmt: skip
        """Write one correction of a row: ``remove=True``, or one column with its right value.

        ``who`` may be said once for all: ``correct.who = "A. Reader"``. ``when`` is a day, today where it is left out.

        >>> row = desk.show.evidence("Oliver Jia")[0]
        >>> desk.correct(row, speeker="O. Jia", who="A. Reader", why="an example")
        Traceback (most recent call last):
        analysis.lab.errors.LabError: attributions have no correction "speeker"; did you mean "speaker"? There are remove, source_type, speaker
        """
        if self._desk.parameters.tables:
            raise LabError(
                "nothing is corrected where the parameter tables is set, as in a briefing that is being built: leave it empty in the lab, and take this cell out of a chapter"
            )
        allowed = sorted(overrides.ACTIONS[row.table])
        for action in values:
            if action not in allowed:
                raise LabError(
                    f'{row.table} have no correction "{action}"{suggestion(action, allowed) or ";"} There are {", ".join(allowed)}'
                )
        actions: list[tuple[str, str | Sequence[str]]] = [("remove", "")] if remove else []
        actions += list(values.items())
        if len(actions) != 1:
            raise LabError(f"say one thing of the row: remove=True or one of {', '.join(allowed)}")
        if not (who or self.who):
            raise LabError('say who corrects: who="your name", or once for all correct.who = "your name"')
        ((action, value),) = actions
        try:
            return Written(overrides.add(
                row.table, row.values, action, value, who=who or self.who, when=when or date.today().isoformat(), why=why, article=row.article
            ))  # fmt: skip
        except overrides.OverrideError as error:
            raise LabError(str(error)) from None

    def form(self, row: Row) -> Any:
        """Return a small form for one row: what is wrong, what is right, who says so and why."""
        if not self._desk.is_lab:
            return show(note("The form is shown in JupyterLab only."))
        import ipywidgets as w

        allowed = sorted(overrides.ACTIONS[row.table])
        action = w.ToggleButtons(options=allowed, description="Correct")
        value = w.Text(description="To", placeholder="leave empty to remove")
        who = w.Text(value=self.who, description="Who")
        why = w.Text(description="Why")
        button = w.Button(
            description="Write the correction",
            button_style="primary",
            layout=w.Layout(width="max-content", margin="6px 0 0 92px"),
        )
        said = w.HTML(layout=w.Layout(margin="0 0 0 90px"))

        def write(_: object) -> None:
            right: Mapping[str, Any] = (
                {"remove": True} if action.value == "remove" else {action.value: value.value}
            )
            try:
                said.value = str(
                    Markup("<p>{}</p>").format(repr(self(row, who=who.value, why=why.value, **right)))
                )
                self.who = who.value
            except LabError as error:
                said.value = str(Markup("<p role='alert'>{}</p>").format(error))

        button.on_click(write)
        about = w.HTML(
            str(Markup("<p class='lab'><strong>{}</strong><br>{}</p>").format(row.said(), row.sentence))
        )
        return w.VBox([about, action, value, who, why, button, said])
