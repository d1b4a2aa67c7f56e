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
DAYS_BEFORE = range(150, -1, -10)


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
    return render_template(
        "desk/figures.html",
        edition=edition,
        before=before,
        every=every,
        figures=figures,
        per_day=_per_day(figures),
        groups=_groups(figures),
        waits=_waits(figures),
        compared=_compared(edition, figures, before),
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


def _groups(figures: statistics.Figures) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """Name, heading and rows of each picture."""
    by = figures.by
    return [
        ("status", _("By status"), _in_order(by["status"], Status)),
        ("country", _("By country of the outlet"), _most(by["outlet_country"])),
        ("outlet", _("By kind of outlet"), _in_order(by["outlet_kind"], OutletKind)),
        ("kind", _("By kind of applicant"), _in_order(by["applicant_kind"], ApplicantKind)),
    ]


def _in_order(found: Counter[str], kind) -> list[tuple[str, int]]:
    return [(str(each.label), found[each.value]) for each in kind if found[each.value]]


def _most(found: Counter[str]) -> list[tuple[str, int]]:
    rows = [(countries.name_of(code), number) for code, number in found.most_common(charts.MOST_BARS)]
    rest = found.total() - sum(number for _words, number in rows)
    return rows + ([(_("All others"), rest)] if rest else [])


def _waits(figures: statistics.Figures) -> list[tuple[str, int]]:
    within = [(days + 1, sum(figures.waits[each] for each in range(days + 1))) for days in range(7)]
    rows = [(ngettext("Within %(num)s day", "Within %(num)s days", days), number) for days, number in within]
    longer = sum(number for days, number in figures.waits.items() if days > 6)
    return [*rows, (_("Longer"), longer)] if figures.waits else []


def _compared(edition: Edition, figures: statistics.Figures, before: Edition | None):
    """Rows of days before the fair, with how many had come by then in each of two editions."""
    now = statistics.series(figures, edition, DAYS_BEFORE)
    today = (edition.starts_on - editions.today()).days
    now = [number if days >= today else None for days, number in zip(DAYS_BEFORE, now, strict=True)]
    then = statistics.series(statistics.of(before), before, DAYS_BEFORE) if before else []
    return list(zip(DAYS_BEFORE, now, then or [None] * len(now), strict=True))
