"""Everything about staff: accounts, enrolment, sign-in, sessions, keys, audit."""

from dataclasses import dataclass

from config.resources import Resources, alarm
from contacts.app_key import SettingSecrets
from contacts.audit import Audit
from contacts.audit_check import AuditCheck
from contacts.audit_months import AuditMonths
from contacts.circle import Circle
from contacts.enrolment import Enrolment
from contacts.enrolment_codes import EnrolmentCodes
from contacts.epochs import Epochs
from contacts.passphrase import WordList
from contacts.people import People
from contacts.recovery import Recovery
from contacts.second_factor import SecondFactors
from contacts.seeds import Seeds
from contacts.session_watch import SessionWatch
from contacts.sessions import Sessions
from contacts.sign_in import SignIn
from contacts.signing import HouseSigner
from contacts.staff import Staff
from contacts.staff_numbers import StaffNumbers
from contacts.statistics.keys import StatisticsKeys
from contacts.stretching import Stretcher
from contacts.throttle import Throttle
from contacts.witness import Witness
from operator_ui.passphrase_check import PassphraseCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Services about staff, of one process."""

    people: People
    epochs: Epochs
    statistics: StatisticsKeys
    audit: Audit
    audit_check: AuditCheck
    audit_months: AuditMonths
    witness: Witness
    sessions: Sessions
    session_watch: SessionWatch
    staff: Staff
    enrolment: Enrolment
    sign_in: SignIn
    passphrase_check: PassphraseCheck
    recovery: Recovery
    second_factors: SecondFactors
    numbers: StaffNumbers


def office(held: Resources) -> Office:
    """Build them; nothing is read or written yet."""
    store, clock, app_key, deployment, marks = held.store, held.clock, held.app_key, held.deployment, held.marks
    words = WordList()
    people = People(app_key=app_key, deployment=deployment, marks=marks, alarm=alarm)
    audit = Audit(app_key=app_key, deployment=deployment, clock=clock, alarm=alarm)
    signer = HouseSigner(app_key=app_key, deployment=deployment)
    epochs = Epochs(
        app_key=app_key, deployment=deployment, marks=marks, clock=clock, alarm=alarm, people=people, audit=audit
    )
    statistics = StatisticsKeys(
        app_key=app_key, deployment=deployment, clock=clock, alarm=alarm, people=people, audit=audit
    )
    second_factors = SecondFactors(deployment=deployment, clock=clock, required=held.settings.needs_second_factor)
    sessions = Sessions(
        store=store, app_key=app_key, deployment=deployment, clock=clock, people=people, audit=audit, bus=held.bus
    )
    circle = Circle(
        store=store,
        people=people,
        epochs=epochs,
        sessions=sessions,
        second_factors=second_factors,
        statistics=statistics,
    )
    codes = EnrolmentCodes(app_key=app_key, deployment=deployment, clock=clock)
    seeds = Seeds(app_key=app_key, deployment=deployment, stretcher=Stretcher())
    throttle = Throttle(store=store, app_key=app_key, clock=clock)
    return Office(
        people=people,
        epochs=epochs,
        statistics=statistics,
        audit=audit,
        audit_check=AuditCheck(audit=audit, signer=signer, deployment=deployment),
        audit_months=AuditMonths(audit=audit, signer=signer, clock=clock, keep=held.settings.audit_months),
        witness=Witness(audit=audit, signer=signer, deployment=deployment, clock=clock),
        sessions=sessions,
        session_watch=SessionWatch(store=store, sessions=sessions, bus=held.bus, clock=clock, alarm=alarm),
        staff=Staff(clock=clock, circle=circle, epochs=epochs, audit=audit, codes=codes, words=words),
        enrolment=Enrolment(
            store=store,
            app_key=app_key,
            deployment=deployment,
            people=people,
            circle=circle,
            audit=audit,
            codes=codes,
            seeds=seeds,
            second_factors=second_factors,
            throttle=throttle,
            words=words,
        ),
        passphrase_check=PassphraseCheck(store=store, people=people, seeds=seeds, throttle=throttle),
        sign_in=SignIn(
            store=store,
            people=people,
            audit=audit,
            seeds=seeds,
            second_factors=second_factors,
            sessions=sessions,
            throttle=throttle,
        ),
        recovery=Recovery(
            people=people,
            circle=circle,
            epochs=epochs,
            audit=audit,
            codes=codes,
            words=words,
            statistics=statistics,
        ),
        second_factors=second_factors,
        numbers=StaffNumbers(secrets=SettingSecrets(app_key=app_key, deployment=deployment)),
    )
