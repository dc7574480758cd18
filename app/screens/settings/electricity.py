"""What the user's electricity costs and is made of: the figures behind every forecast of energy."""

from __future__ import annotations

from app.forms.fields import TextField
from app.forms.form import ConfigForm
from app.preferences import Preferences
from app.widgets.controls import Card, Label
from core.config import Config, setting
from core.planning.energy import CURRENCY, GRID_FACTOR, PRICE_PER_KWH
from core.sentences import N_

_LONGEST = 8


class Electricity(Config):
    """The three preferences, as a form shows them."""

    price_per_kwh: float = setting(
        PRICE_PER_KWH, ge=0, le=1e6, unit="/ kWh", label=N_("Settings", "Price"),
        help=N_("Settings", "What a kilowatt-hour costs you, in your currency; your bill says it. Set at first: 31 yen, the guide price for households in Japan (Home Appliances Fair Trade Conference, 2022)."),
    )  # fmt: skip
    currency: str = setting(
        CURRENCY, label=N_("Settings", "Currency"),
        help=N_("Settings", "Three letters, such as JPY, USD or EUR."),
    )  # fmt: skip
    grid_factor: float = setting(
        GRID_FACTOR, ge=0, le=5000, unit="g / kWh", label=N_("Settings", "CO₂ of the electricity"),
        help=N_("Settings", "Grams of CO₂ for a kilowatt-hour; your supplier says it. Set at first: 473, the world's average of 2024 (Ember, Global Electricity Review 2025)."),
    )  # fmt: skip


class ElectricityCard(Card):
    """Every change that makes sense is kept at once."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__(margins=(16, 12, 16, 16), spacing=12)
        self._preferences = preferences
        self._about = Label("faint", wrap=True)
        self.form = ConfigForm(Electricity)
        currency = self.form.field("currency")
        assert isinstance(currency, TextField)
        currency.setMaxLength(_LONGEST)
        currency.setFixedWidth(self.form.field("grid_factor").maximumWidth())
        for label in self.form.findChildren(Label):
            if label.property("role") == "small" and not label.property("tone"):
                label.setProperty("role", "")  # As the labels of the other cards.
        self.add(self._about, self.form)
        self.form.changed.connect(self._keep)
        self.open()

    def open(self) -> None:
        """Show what is kept."""
        self.form.set_values({n: getattr(self._preferences, n) for n in self.form.names()})

    def retranslate(self) -> None:
        self.title.setText(self.tr("Electricity"))
        self._about.setText(self.tr("For the cost and the CO₂ of a training."))
        self.form.retranslate()

    def _keep(self) -> None:
        values = self.form.values()
        values["currency"] = str(values["currency"]).strip() or CURRENCY
        faulty = self.form.problems()
        self._preferences.set(**{n: v for n, v in values.items() if n not in faulty})
