"""Figures of applications at the desk, an edition at a time, beside the edition before."""

from collections import Counter
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ..forms import countries
from ..http import charts
from ..http.desk import init_blueprint, open_to
from ..http.display import day
from ..models import Edition
from ..models.applicant import ApplicantKind
from ..models.invitation import OutletKind, Status
from ..models.staff import Role
from ..services import editions, statistics

bp = init_blueprint(Blueprint("desk_figures", __name__, url_prefix="/desk/figures"))
LONGEST = 150  # days shown of an edition


@bp.get("")
@open_to(Role.REVIEWER)
def newest():
    """To the edition that takes applications, or the last one."""
    found = editions.open_editions() or editions.every()
    return redirect(url_for(".show", number=found[0].number) if found else url_for("desk.applications"), 303)


@bp.get("/<int(max=999999):number>")
@open_to(Role.REVIEWER)
def show(number: int):
    """All figures of an edition."""
    edition = editions.get(number) or abort(404)
    figures = statistics.of(edition)
    every = editions.every()
    before = next((each for each in every if each.number < number), None)
    compared = _compared(edition, figures, before)
    return render_template(
        "desk/figures.html",
        edition=edition,
        before=before,
        every=every,
        figures=figures,
        per_day=_per_day(figures),
        groups=_groups(figures),
        waits=_waits(figures),
        compared=compared,
        **_drawn(compared),
        charts=charts,
    )


def _per_day(figures: statistics.Figures) -> list[tuple[str, int]]:
    """Each day from the first application to the last, those without any too."""
    if not figures.days:
        return []
    last = max(figures.days)
    first = max(min(figures.days), last - timedelta(days=LONGEST))
    days = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    return [(day(each), figures.days[each]) for each in days]


def _groups(figures: statistics.Figures) -> list[tuple[str, str, list[tuple[str, int]], list[tuple[str, int]]]]:
    """Name and heading of each figure, the rows of its picture, and those of its table, which has them all."""
    by = figures.by
    whole = [
        ("status", _("By status"), _in_order(by["status"], Status)),
        ("country", _("By country of the outlet"), _by_country(by["outlet_country"])),
        ("outlet", _("By kind of outlet"), _in_order(by["outlet_kind"], OutletKind)),
        ("kind", _("By kind of applicant"), _in_order(by["applicant_kind"], ApplicantKind)),
    ]
    return [(name, heading, _most(rows), rows) for name, heading, rows in whole]


def _in_order(found: Counter[str], kind) -> list[tuple[str, int]]:
    return [(str(each.label), found[each.value]) for each in kind if found[each.value]]


def _by_country(found: Counter[str]) -> list[tuple[str, int]]:
    named = [(countries.name_of(code), number) for code, number in found.items()]
    return sorted(named, key=lambda row: (-row[1], row[0]))


def _most(rows: list[tuple[str, int]]) -> list[tuple[str, int]]:
    rest = sum(number for _words, number in rows[charts.MOST_BARS :])
    return rows[: charts.MOST_BARS] + ([(_("All others"), rest)] if rest else [])


def _waits(figures: statistics.Figures) -> list[tuple[str, int]]:
    within = [(days + 1, sum(figures.waits[each] for each in range(days + 1))) for days in range(7)]
    rows = [(ngettext("Within %(num)s day", "Within %(num)s days", days), number) for days, number in within]
    longer = sum(number for days, number in figures.waits.items() if days > 6)
    return [*rows, (_("Longer"), longer)] if figures.waits else []


def _compared(edition: Edition, figures: statistics.Figures, before: Edition | None):
    """Rows of days before the fair, today among them, with how many had come by then in each of two editions."""
    today = (edition.starts_on - editions.today()).days
    days_before = sorted({*range(LONGEST, -1, -10), min(max(today, 0), LONGEST)}, reverse=True)
    now = statistics.series(figures, edition, days_before)
    now = [number if days >= today else None for days, number in zip(days_before, now, strict=True)]
    then = statistics.series(statistics.of(before), before, days_before) if before else []
    return list(zip(days_before, now, then or [None] * len(now), strict=True))


def _drawn(compared) -> dict[str, int | str]:
    """The two lines of the comparison, and the number at their top."""
    now = [(days, number) for days, number, _then in compared if number is not None]
    then = [(days, number) for days, _now, number in compared if number is not None]
    most = max((number for _days, number in (*now, *then)), default=0)
    return {"most": most, "now_line": charts.line(now, LONGEST, most), "then_line": charts.line(then, LONGEST, most)}
