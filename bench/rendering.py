"""How long a release takes to become a ZIP, and to be read back: `python -m bench.rendering`. Wants an idle machine.

Rendering is from the frame, so it does not grow with contacts: what it costs is the same at 412 and at a million.
"""

import time
from collections.abc import Callable

import msgspec

from contacts.attack.attacking import attack
from contacts.attack.released import released
from contacts.codes.shapes import LANGUAGES
from contacts.rendering.apart import Apart
from contacts.rendering.booklet import booklet
from contacts.rendering.data_files import codes_csv, data_csv, data_json
from contacts.rendering.drawing import chart_of
from contacts.rendering.page import page
from contacts.rendering.rendering import rendered
from contacts.rendering.sheets import workbook
from contacts.rendering.telling import told
from tests.contacts.rendering.releases import review

ROUNDS = 3


def measured() -> dict[str, float]:
    """Step -> seconds, the best of three rounds. Steps run one after another; "whole" overlaps them on two cores."""
    frame = review().frame
    charts = {table: chart for table in frame.tables if (chart := chart_of(frame, table))}
    reviews = [told(review(), charts, language) for language in LANGUAGES]
    asked = msgspec.json.encode(list(charts.values()))
    with Apart(seconds=60, at_once=1) as apart:
        drawn = msgspec.json.decode(
            apart.start("contacts.rendering.charts_program", asked).result(), type=dict[str, str]
        )
        documents = msgspec.json.encode([booklet(each, charts, drawn) for each in reviews])
        program = "contacts.rendering.booklet_program"
        made = rendered(review())
        steps: dict[str, Callable[[], object]] = {
            "data": lambda: (data_csv(frame), codes_csv(review()), data_json(review())),
            "charts, drawn once": lambda: apart.start("contacts.rendering.charts_program", asked).result(),
            "sheets, three languages": lambda: [workbook(each) for each in reviews],
            "pages, three languages": lambda: [page(each, charts, drawn) for each in reviews],
            "documents, three languages": lambda: apart.start(program, documents).result(),
            "whole ZIP": lambda: rendered(review()),
            "read back": lambda: released(made),
            "attacked": lambda: attack([released(made)]),
        }
        return {name: min(_seconds(step) for _ in range(ROUNDS)) for name, step in steps.items()}


def _seconds(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def main() -> None:
    """Prints a line for each step."""
    for name, seconds in measured().items():
        print(f"{name:28} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
