import base64
import hashlib
from pathlib import Path

import pytest

from chat import bundle


def modules(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_modules_are_joined_after_those_they_import(tmp_path: Path) -> None:
    modules(
        tmp_path,
        page='import { b } from "./b.js";\nimport { c } from "./c.js";\nb(c);\n',
        b='import { c } from "./c.js";\nexport const b = (x) => x + c;\n',
        c="export const c = 1;\n",
    )
    joined = bundle.script(tmp_path)
    assert joined.index("const c=1") < joined.index("const b=") < joined.index("b(c)")
    assert joined.startswith('(()=>{"use strict";')
    assert "import" not in joined
    assert "export" not in joined


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        ({"page": 'import * as b from "./b.js";\n', "b": ""}, "cannot join"),
        ({"page": "export default 1;\n"}, "cannot join"),
        ({"page": 'import {\n  b,\n} from "./b.js";\n', "b": ""}, "cannot join"),
        (
            {"page": 'import { b } from "./b.js";\nconst a = 1;\n', "b": "const a = 2;\nexport const b = a;\n"},
            "a is decl",
        ),
        ({"page": 'import { b } from "./b.js";\n', "b": 'import { a } from "./page.js";\n'}, "imports itself"),
        ({"page": 'const a = "</script>";\n'}, "end tag"),
    ],
)
def test_what_cannot_be_joined_safely_is_refused(tmp_path: Path, texts: dict[str, str], fault: str) -> None:
    with pytest.raises(bundle.BrokenBundle, match=fault):
        bundle.script(modules(tmp_path, **texts))


def test_our_own_script_and_style_can_be_inlined() -> None:
    assert len(bundle.script()) > 5_000
    assert "\n}" not in bundle.style()


def test_a_hash_is_the_one_a_browser_computes() -> None:
    expected = base64.b64encode(hashlib.sha256("å".encode()).digest()).decode()
    assert bundle.policy_hash("å") == f"sha256-{expected}"


def test_no_module_keeps_anything_on_the_device_or_asks_a_stranger() -> None:
    script = bundle.script()
    for word in ("localStorage", "sessionStorage", "indexedDB", "serviceWorker", "caches", "Notification", "innerHTML"):
        assert word not in script
    assert "http" not in script.replace('"http","ws"', "")
