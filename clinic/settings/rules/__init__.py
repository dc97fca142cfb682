"""Every business number of the house, once, with its unit and where it comes from.

One file a room; all are read as ``rules.NAME``. "seed 00x" names the source document; DESIGN names
a number chosen when the seeds differ.
"""

from clinic.settings.rules.accounts import *
from clinic.settings.rules.appointments import *
from clinic.settings.rules.chat import *
from clinic.settings.rules.complaints import *
from clinic.settings.rules.consultations import *
from clinic.settings.rules.customer_service import *
from clinic.settings.rules.doctors import *
from clinic.settings.rules.files import *
from clinic.settings.rules.patients import *
from clinic.settings.rules.payments import *
from clinic.settings.rules.privacy import *
from clinic.settings.rules.records import *
from clinic.settings.rules.relations import *
from clinic.settings.rules.reviews import *
