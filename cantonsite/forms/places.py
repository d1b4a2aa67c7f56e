"""How many places there are, and for whom."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import StopValidation

from ..models import Edition, PlaceLimit
from ..models.invitation import OutletKind
from . import countries
from .base import Chosen, Form, choices
from .fields import LongSelect


class PlacesForm(Form):
    """A number of places; the same conditions once more set another number."""

    places = IntegerField(_l("Number of places"), render_kw={"inputmode": "numeric", "size": 6})
    phase = SelectField(_l("Phase"), validators=[Chosen(_l("Select a phase"))], validate_choice=False)
    country = SelectField(
        _l("Country or region of the outlet"),
        validators=[Chosen(_l("Select a country or region"))],
        validate_choice=False,
        widget=LongSelect(),
    )
    outlet_kind = SelectField(
        _l("Kind of outlet"), validators=[Chosen(_l("Select a kind of outlet"))], validate_choice=False
    )

    def offer(self, edition: Edition) -> "PlacesForm":
        """The phases of an edition; each list begins with no condition."""
        phases = [(str(each.number), str(each.number)) for each in edition.phases]
        self.phase.choices = choices([("0", _l("All phases")), *phases])
        self.country.choices = choices([("any", _l("All countries and regions")), *countries.names()])
        kinds = [(each.value, each.label) for each in OutletKind]
        self.outlet_kind.choices = choices([("any", _l("All kinds")), *kinds])
        return self

    @property
    def conditions(self) -> dict:
        """For whom the places are, as the verb takes it."""
        kind = self.outlet_kind.data
        return {
            "phase": int(self.phase.data),
            "country": "" if self.country.data == "any" else self.country.data,
            "outlet_kind": None if kind == "any" else OutletKind(kind),
        }

    def validate_places(self, field: IntegerField) -> None:
        if field.data is None or not 0 <= field.data <= PlaceLimit.MOST_PLACES:
            field.errors = []
            raise StopValidation(_l("Enter how many places there are, such as 400"))
