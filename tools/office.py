"""Opens the sheets and the data of a release in LibreOffice, where it is installed: `make office`. Not in CI.

Every sheet is written out as CSV again and compared with `data.csv`: what LibreOffice shows is what was released.
"""

import csv
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from contacts.attack.data_reader import from_csv
from tests.contacts.rendering.releases import archive, files

SHEETS = ("review.fi.xlsx", "review.sv.xlsx", "review.en.xlsx")
DATA = ("data.csv", "codes.csv")
#: Comma, quotes, UTF-8, from the first line; as shown: no; every sheet in a file of its own (-1).
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
SECONDS = 240


def main() -> int:
    """0: all open and say what was released; 1: one does not; 2: no LibreOffice here."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        print("LibreOffice is not installed here (Debian: apt-get install libreoffice-calc).")
        return 2
    held = files(archive())
    _, reading, _, _ = from_csv(held["data.csv"])
    released = sorted(value for value in reading.cells.values() if isinstance(value, int))
    good = True
    for name in (*SHEETS, *DATA):
        rows = _opened(office, name, held[name])
        if not rows:
            said = "LibreOffice does not open it."
        elif name == "data.csv":
            plain = list(csv.reader(io.StringIO(held[name].decode())))
            said = "" if rows == plain else "LibreOffice shows other data."
        elif name in SHEETS:
            said = "" if _counts(rows) == released else "LibreOffice shows other figures."
        else:
            said = ""
        good = good and not said
        print(f"{name}: {said or 'opens, and shows what was released.'}")
    return 0 if good else 1


def _opened(office: str, name: str, octets: bytes) -> list[list[str]]:
    """The rows of every sheet, as LibreOffice reads them; none if it does not."""
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        (folder / name).write_bytes(octets)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        out = folder / "out"
        command = [office, profile, "--headless", "--convert-to", AS_CSV, "--outdir", str(out), str(folder / name)]
        subprocess.run(command, check=False, capture_output=True, timeout=SECONDS)
        return [
            row for path in sorted(out.glob("*.csv")) for row in csv.reader(io.StringIO(path.read_text("utf-8-sig")))
        ]


def _counts(rows: list[list[str]]) -> list[int]:
    """Whole numbers in columns of a year, in whatever order."""
    found: list[int] = []
    years: list[int] = []
    for row in rows:
        if any(_is_year(cell) for cell in row[1:]):
            years = [place for place, cell in enumerate(row) if place and _is_year(cell)]
        elif years and not any(row):
            years = []
        else:
            found += [int(row[place]) for place in years if place < len(row) and row[place].isdigit()]
    return sorted(found)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and text.startswith("20")


if __name__ == "__main__":
    sys.exit(main())
