"""CSV that a spreadsheet opens without running anything: what begins like a formula gets an apostrophe."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from directory.csv_cells import FORMULA


def safe_cell(value: object) -> str:
    """Return `value` as a spreadsheet may show it; None is empty. Numbers keep their sign."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, (int, float)):
        return text
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the table as CSV, with the mark by which spreadsheets know UTF-8."""
    file = io.StringIO()
    # Quoted all: a spreadsheet that parts cells at « ; » would else find some that begin inside of ours.
    writer = csv.writer(file, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([safe_cell(each) for each in header])
    writer.writerows([safe_cell(each) for each in row] for row in rows)
    return "\ufeff" + file.getvalue()


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return the table as a file to keep, called `<name>.csv` (plain letters)."""
    answer = Response(csv_text(header, rows), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return answer
