"""Every table of the house: importing this fills `storage.metadata`. Migrations and tests compare against it."""

import contacts.forwarding.tables
import contacts.organisations.tables
import contacts.reviews.tables
import contacts.statistics.tables
import contacts.tables_audit
import contacts.tables_calls
import contacts.tables_forms
import contacts.tables_keeping
import contacts.tables_keys
import contacts.tables_log
import contacts.tables_records
import contacts.tables_staff
import duty.tables
import duty.tables_roster
import storage.leases
from contacts import append_only, segments_only
from contacts.forwarding import gate
from contacts.organisations import approved_only
from contacts.reviews import ledger_only
from storage.engine import Dialect
from storage.metadata import metadata

__all__ = ["metadata", "triggers"]

_ = (
    contacts.forwarding.tables,
    contacts.organisations.tables,
    contacts.reviews.tables,
    contacts.statistics.tables,
    contacts.tables_audit,
    contacts.tables_calls,
    contacts.tables_forms,
    contacts.tables_keeping,
    contacts.tables_keys,
    contacts.tables_log,
    contacts.tables_records,
    contacts.tables_staff,
    duty.tables,
    duty.tables_roster,
    storage.leases,
)


def triggers(dialect: Dialect) -> list[str]:
    """Every statement that makes a trigger of ours or takes one away, in the order in which migrations run them."""
    modules = (append_only, approved_only, segments_only, gate, ledger_only)
    return [statement for module in modules for statement in module.statements(dialect)]
