"""Every rule of the gate, in the order in which they are tried."""

from typing import Final

from contacts.forwarding.rules_of_leaving import contacts, forwardings, transmission
from contacts.forwarding.rules_of_permission import asks, consents, emergencies

RULES: Final = (*asks(), *consents(), *emergencies(), *forwardings(), *transmission(), *contacts())
