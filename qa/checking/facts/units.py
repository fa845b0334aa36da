"""Units of measure: what one counts, and how many of the dimension's first unit it makes.

Only what a reader would convert without thinking: miles and kilometres, tonnes and
kilograms, decades and years. Currencies are never converted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """What a figure counts."""

    name: str
    """In English, singular."""
    dimension: str
    """Units of one dimension measure the same kind of thing."""
    factor: float | None = None
    """How many of the dimension's base unit one makes; None where it is not converted."""


_MILE = 1.609344  # kilometres: the international mile
_FOOT = 0.0003048  # kilometres

_TABLE = (
    (
        Unit("year", "time", 1),
        "year, years, yr, yrs, Jahr, Jahre, Jahren, ans, année, années, năm",
    ),
    (Unit("decade", "time", 10), "decade, decades, Jahrzehnt, Jahrzehnte, Jahrzehnten, décennies"),
    (Unit("century", "time", 100), "centuries, Jahrhunderte, Jahrhunderten, siècles"),
    (Unit("month", "time", 1 / 12), "month, months, Monat, Monate, Monaten, mois, tháng"),
    (Unit("week", "time"), "week, weeks, Woche, Wochen, semaine, semaines, tuần"),
    (Unit("day", "time"), "day, days, Tag, Tage, Tagen, jour, jours, ngày"),
    (Unit("hour", "time"), "hour, hours, Stunde, Stunden, heure, heures, giờ"),
    (Unit("minute", "time"), "minute, minutes, Minute, Minuten, phút"),
    (Unit("second", "time"), "seconds, Sekunden, secondes, giây"),
    (Unit("percentage point", "points"), "percentage points, Prozentpunkte, Prozentpunkten"),
    (Unit("percent", "share"), "phần trăm, pour cent, per cent, %, percent, Prozent, pourcent"),
    (
        Unit("kilometre", "length", 1),
        "cây số, km, kilometre, kilometres, kilometer, kilometers, Kilometer",
    ),
    (Unit("metre", "length", 0.001), "m, metre, metres, meter, meters, Meter, mètre, mètres, mét"),
    (Unit("centimetre", "length", 0.00001), "cm, centimetres, centimeters, Zentimeter"),
    (Unit("mile", "length", _MILE), "mile, miles, Meilen"),
    (Unit("foot", "length", _FOOT), "ft, foot, feet"),
    (Unit("hectare", "area", 0.01), "ha, hectare, hectares, Hektar, héc-ta"),
    (Unit("square kilometre", "area", 1), "square kilometers, square kilometres, km², km2"),
    (Unit("square mile", "area", _MILE**2), "square miles, square mile"),
    (Unit("acre", "area", 0.0040468564), "acre, acres"),
    (Unit("tonne", "mass", 1000), "metric tons, t, tonne, tonnes, Tonne, Tonnen, tấn"),
    (Unit("ton", "mass"), "ton, tons"),  # 907, 1,000 or 1,016 kg
    (Unit("kilogram", "mass", 1), "kg, kilogram, kilograms, kilo, kilos, Kilogramm, kilogrammes"),
    (Unit("gram", "mass", 0.001), "g, gram, grams, Gramm, grammes"),
    (Unit("pound of weight", "mass", 0.45359237), "lb, lbs"),
    (Unit("litre", "volume", 1), "l, litre, litres, liter, liters, Liter, lít"),
    (Unit("kilometre per hour", "speed", 1), "km/h, kph"),
    (Unit("mile per hour", "speed", _MILE), "mph"),
    (Unit("degree Celsius", "temperature"), "°C"),
    (Unit("degree Fahrenheit", "temperature"), "°F"),
    (Unit("megawatt", "power", 1), "MW, megawatts, megawatt"),
    (Unit("gigawatt", "power", 1000), "GW, gigawatts, gigawatt"),
    (Unit("US dollar", "money"), "$, US$, USD, dollar, dollars, Dollar"),
    (Unit("euro", "money"), "€, EUR, euro, euros, Euro"),
    (Unit("pound", "money"), "£, GBP, pound, pounds, Pfund"),
    (Unit("yen", "money"), "¥, JPY, yen"),
    (Unit("dong", "money"), "₫, VND, dong, đồng"),
    (Unit("yuan", "money"), "CNY, RMB, yuan"),
    (Unit("person", "people"), "person, people, persons, Personen, Menschen, personnes, người"),
)

UNITS: dict[str, Unit] = {form: unit for unit, words in _TABLE for form in words.split(", ")}
"""By the word or sign, in English, German, French and Vietnamese."""

MULTIPLIERS: dict[str, float] = {
    **dict.fromkeys(("thousand", "tausend", "Tausend", "mille", "nghìn", "ngàn"), 1e3),
    **dict.fromkeys(
        ("million", "millions", "Million", "Millionen", "Mio.", "triệu", "mn"), 1e6
    ),
    **dict.fromkeys(
        ("billion", "billions", "Milliarde", "Milliarden", "Mrd.", "milliard", "milliards", "tỷ",
         "tỉ", "bn"), 1e9
    ),
    **dict.fromkeys(("trillion", "trillions", "Billion", "Billionen"), 1e12),
}  # fmt: skip
"""By the word, with its case: a German Billion is an English trillion."""
