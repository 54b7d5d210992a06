"""The page's script and style as single texts: modules joined, minified, hashed. No tool but Python takes part.

The JavaScript modules are ordinary ES modules so that `node --test` and the type checker read them as they are. To
join them, three habits are required and checked: every import is one line of named bindings from a `./` neighbour
(`import { a, b } from "./c.js";`), every export stands before its declaration, and no two modules declare the same
name at the top. Then the modules, each after those it imports, form one function body.
"""

import base64
import hashlib
import re
from pathlib import Path

import rcssmin
import rjsmin

PAGE = Path(__file__).parent / "page"
ENTRY = "page.js"

_IMPORT = re.compile(r'^import \{ [\w, ]+ \} from "\./(\w+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |class |function |async function )", re.MULTILINE)
_LEFTOVER = re.compile(r"^\s*(?:import|export)\b.*$", re.MULTILINE)
_DECLARED = re.compile(r"^(?:const|let|class|function|async function) (\w+)", re.MULTILINE)


class BrokenBundle(Exception):
    """The modules do not follow the habits that joining them needs."""


def script(folder: Path = PAGE / "js", entry: str = ENTRY) -> str:
    """All modules that `entry` reaches, as one minified strict function that runs at once."""
    names: list[str] = []
    _order(folder, entry, names, [])
    bodies = [_body(folder, name) for name in names]
    declared: set[str] = set()
    for name, body in zip(names, bodies, strict=True):
        for found in _DECLARED.findall(body):
            if found in declared:
                raise BrokenBundle(f"{name}: {found} is declared in two modules")
            declared.add(found)
    joined = '(()=>{"use strict";\n' + "\n".join(bodies) + "\n})();"
    return _inlinable(rjsmin.jsmin(joined))


def style(folder: Path = PAGE) -> str:
    """The style sheet, minified."""
    return _inlinable(rcssmin.cssmin((folder / "page.css").read_text(encoding="utf-8")))


def policy_hash(inlined: str) -> str:
    """How a content security policy names an inline text (CSP Level 3, section 2.3.1): `sha256-...`."""
    return "sha256-" + base64.b64encode(hashlib.sha256(inlined.encode()).digest()).decode()


def _order(folder: Path, name: str, done: list[str], path: list[str]) -> None:
    if name in path:
        raise BrokenBundle(f"{name} imports itself by way of {' and '.join(path)}")
    for wanted in _IMPORT.findall((folder / name).read_text(encoding="utf-8")):
        if wanted not in done:
            _order(folder, wanted, done, [*path, name])
    done.append(name)


def _body(folder: Path, name: str) -> str:
    text = _EXPORT.sub("", _IMPORT.sub("", (folder / name).read_text(encoding="utf-8")))
    if left := _LEFTOVER.search(text):
        raise BrokenBundle(f"{name}: cannot join {left.group().strip()!r}")
    return text


def _inlinable(text: object) -> str:
    minified = str(text)
    if "</" in minified:
        raise BrokenBundle("an inlined text must not contain the beginning of an end tag")
    return minified
