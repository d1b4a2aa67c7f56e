"""Numbers in addresses: only those that a row can have; a longer one is an unknown address, not a broken query."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

HIGHEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` in every route of the site."""

    def __init__(self, url_map: Map, **kwargs: int):
        super().__init__(url_map, **{"max": HIGHEST, **kwargs})


def init_app(app: Flask) -> None:
    """Before any blueprint is registered."""
    app.url_map.converters["int"] = RowNumber
