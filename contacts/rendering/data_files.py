"""The release for machines: `data.csv`, `codes.csv`, `data.json`, and the Data Package (v2) that describes them. Pure."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from contacts.codes.shapes import LANGUAGES
from contacts.release.catalogue import SPECS
from contacts.release.frame import COLUMNS, Frame, Row, Status, record_of
from contacts.rendering.grid import is_by_period
from contacts.rendering.labels import dimension_label, label, table_title, unit_label
from contacts.rendering.review import Review

_PROFILES: Final = "https://datapackage.org/profiles/2.0/"
_WHOLE_NUMBERS: Final = {"value", "prev_value", "change"}
_MEANINGS: Final[Mapping[str, str]] = {
    "release_id": "Which release this is",
    "table": "Table of the catalogue",
    "unit": "What is counted",
    "period": "Half-year or year",
    "dim1": "First dimension",
    "code1": "Its code; empty: all of them",
    "dim2": "Second dimension; empty: there is none",
    "code2": "Its code; empty: all of them",
    "value": "The count; empty: see status",
    "status": "Empty: shown. c: hidden so that nobody is recognised. -: can only be nought. :: was not counted",
    "prev_value": "The same half of the previous year, as it was released",
    "prev_status": "Like status",
    "change": "Change from the previous year in whole per cent, from shown values of at least 20",
}
CODE_COLUMNS: Final = ("dimension", "code", *LANGUAGES)


def data_csv(frame: Frame) -> bytes:
    """The frame, one row a cell."""
    return _csv(COLUMNS, (record_of(frame.release_id, row) for row in frame.rows))


def codes_csv(review: Review) -> bytes:
    """What the codes of the frame mean, in three languages."""
    return _csv(
        CODE_COLUMNS,
        (
            (dimension, code, *(label(dimension, code, each, country=review.country) for each in LANGUAGES))
            for dimension, codes in codes_of(review.frame).items()
            for code in codes
        ),
    )


def codes_of(frame: Frame) -> dict[str, list[str]]:
    """Dimension -> codes that occur, in the order of the frame."""
    found: dict[str, dict[str, None]] = {}
    for row in frame.rows:
        for dimension, code in ((row.dim1, row.code1), (row.dim2, row.code2)):
            if dimension and code:
                found.setdefault(dimension, {})[code] = None
    return {dimension: list(codes) for dimension, codes in found.items()}


def data_json(review: Review) -> bytes:
    """The frame with its labels and the analyst's words."""
    frame = review.frame
    whole = {
        "release": {
            "id": frame.release_id,
            "period": frame.period,
            "service": review.service,
            "country": review.country,
            "released": review.released.isoformat(),
            "catalogue": frame.catalogue,
            "k": frame.k,
        },
        "status": {Status.SHOWN: "shown", Status.HIDDEN: "hidden", Status.IMPOSSIBLE: "can only be nought"}
        | {Status.NOT_COUNTED: "was not counted"},
        "tables": [_table(table, frame) for table in frame.tables],
        "services": dict(frame.services),
        "commentary": {section: dict(texts) for section, texts in review.commentary.items()},
        "labels": {
            dimension: {
                "name": {each: dimension_label(dimension, each) for each in LANGUAGES},
                "codes": {
                    code: {each: label(dimension, code, each, country=review.country) for each in LANGUAGES}
                    for code in codes
                },
            }
            for dimension, codes in codes_of(frame).items()
        },
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def datapackage_json(review: Review, files: Mapping[str, bytes]) -> bytes:
    """The description of `data.csv` and `codes.csv`. `files`: name -> bytes, these two in it."""
    frame = review.frame
    ids = sorted({spec.id for spec in SPECS} | set(frame.tables))
    fields = [_field(name) for name in COLUMNS]
    package = {
        "$schema": f"{_PROFILES}datapackage.json",
        "name": f"review-{frame.period.lower()}",
        "id": frame.release_id,
        "title": f"{review.service} {frame.period}",
        "created": f"{review.released.isoformat()}T00:00:00Z",
        "version": str(frame.catalogue),
        "description": "Counts that were protected so that nobody can be recognised in them: see METHOD.md. Tables: "
        + ", ".join(ids),
        "resources": [
            _resource("data", files, fields),
            _resource("codes", files, [{"name": name, "type": "string"} for name in CODE_COLUMNS]),
        ],
    }
    return msgspec.json.format(msgspec.json.encode(package), indent=1) + b"\n"


def _field(name: str) -> dict[str, object]:
    field: dict[str, object] = {
        "name": name,
        "type": "integer" if name in _WHOLE_NUMBERS else "string",
        "description": _MEANINGS[name],
    }
    if name in {"status", "prev_status"}:
        field["constraints"] = {"enum": [each.value for each in Status if each is not Status.SHOWN]}
    elif name in {"release_id", "table", "unit", "period", "dim1"}:
        field["constraints"] = {"required": True}
    return field


def _resource(name: str, files: Mapping[str, bytes], fields: Sequence[Mapping[str, object]]) -> dict[str, object]:
    octets = files[f"{name}.csv"]
    return {
        "$schema": f"{_PROFILES}dataresource.json",
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(octets),
        "hash": f"sha256:{hashlib.sha256(octets).hexdigest()}",
        "schema": {"$schema": f"{_PROFILES}tableschema.json", "fields": fields, "missingValues": [""]},
    }


def _table(table: str, frame: Frame) -> dict[str, object]:
    rows = frame.table(table)
    first = rows[0]
    dimensions = [each for each in (first.dim1, first.dim2) if each]
    ways = ["month", *dimensions] if is_by_period(rows) else dimensions
    return {
        "id": table,
        "unit": first.unit,
        "dimensions": dimensions,
        "title": {each: table_title(first.unit, ways, each) for each in LANGUAGES},
        "unit_label": {each: unit_label(first.unit, each) for each in LANGUAGES},
        "rows": [_cell(row, dimensions) for row in rows],
    }


def _cell(row: Row, dimensions: Sequence[str]) -> dict[str, object]:
    codes = dict(zip(dimensions, (row.code1, row.code2), strict=False))
    return {
        "period": row.period,
        "codes": {dimension: code for dimension, code in codes.items() if code},
        "value": row.value,
        "status": row.status,
        "prev_value": row.prev_value,
        "prev_status": row.prev_status,
        "change": row.change,
    }


def _csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return written.getvalue().encode()
