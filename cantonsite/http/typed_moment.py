"""The moment that an editor has typed and not used yet. No draft has a place for it, so this browser keeps it."""

from datetime import datetime

from flask import session

KEPT = "moments"
MOST = 5  # articles; a cookie is small


def keep(number: int, moment: datetime, *, embargoed: bool) -> None:
    """Keep it until it is used, or until five other articles were written here."""
    others = {name: value for name, value in session.get(KEPT, {}).items() if name != str(number)}
    newest = dict(list(others.items())[-(MOST - 1) :])
    session[KEPT] = {**newest, str(number): [moment.isoformat(), embargoed]}


def of(number: int, now: datetime) -> tuple[datetime, bool] | None:
    """What was typed for this article, and whether it was to be under embargo; None if nothing, or if it has passed."""
    moment, embargoed = session.get(KEPT, {}).get(str(number), ("", False))
    typed = datetime.fromisoformat(moment) if moment else None
    return (typed, embargoed) if typed and typed > now else None


def forget(number: int) -> None:
    """It was used, or is of no use any more."""
    if str(number) in session.get(KEPT, {}):
        session[KEPT] = {name: value for name, value in session[KEPT].items() if name != str(number)}
