"""A review as one ZIP. The same review gives the same bytes, here and on any other machine with the same packages."""

from contacts.rendering.archive import zipped
from contacts.rendering.data_files import codes_csv, data_csv, data_json, datapackage_json
from contacts.rendering.review import Review


def rendered(review: Review) -> bytes:
    """The ZIP. Takes about two seconds, and starts processes of its own: call it in a thread."""
    files = {"data.csv": data_csv(review.frame), "codes.csv": codes_csv(review)}
    files |= {"datapackage.json": datapackage_json(review, files), "data.json": data_json(review)}
    return zipped(files)
