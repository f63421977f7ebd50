"""Where things are, and who asks about them: regions, offices, units and a project."""

from shared.offices import office_code
from tests.registry.clients import REGION

# The county that is asked about, another one, their city, and the whole country.
OWN, BESIDE, CITY, COUNTRY = REGION, "990102", REGION[:4], ""
CITY_OFFICE = office_code(CITY)
# The unit that is asked about, another one, and the bureau that grants the permits of both.
UNIT, OTHER_UNIT, BUREAU = "U02", "U03", "U06"
PROJECT = "P053"
