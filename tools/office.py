"""Opens the sheets and the data of a release in LibreOffice, where it is installed: `make office`. Not in CI."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.contacts.rendering.releases import archive, files

NAMES = ("review.fi.xlsx", "review.sv.xlsx", "review.en.xlsx", "data.csv", "codes.csv")


def main() -> int:
    """0: all open; 1: one does not; 2: no LibreOffice here."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        print("LibreOffice is not installed here (Debian: apt-get install libreoffice-calc).")
        return 2
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        held = files(archive())
        for name in NAMES:
            (folder / name).write_bytes(held[name])
            profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
            command = [office, profile, "--headless", "--convert-to", "ods", "--outdir", where, str(folder / name)]
            subprocess.run(command, check=False, capture_output=True, timeout=120)
            made = folder / f"{Path(name).stem}.ods"
            if not made.exists():
                print(f"{name}: LibreOffice does not open it.")
                return 1
            print(f"{name}: opens.")
            made.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
