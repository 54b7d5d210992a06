"""All addresses of the leads' pages. For everybody whom a page is not for, there is nothing there."""

from starlette.routing import BaseRoute, Route

from operator_ui.absence_pages import PATH as ABSENCE
from operator_ui.absence_pages import AbsencePages
from operator_ui.coverage_pages import CoveragePages
from operator_ui.emergency_pages import EmergencyPages
from operator_ui.exceptions_pages import ExceptionPages
from operator_ui.hours_pages import PATH as HOURS
from operator_ui.hours_pages import HoursPages
from operator_ui.hours_words import EXCEPTIONS
from operator_ui.lead_room import ROSTERED, LeadRoom
from operator_ui.leading import Leading
from operator_ui.organisation_files import OrganisationFilePages
from operator_ui.organisation_pages import OrganisationPages
from operator_ui.partnering import EMERGENCIES, EXPORT, IMPORT, ORGANISATIONS, WORDINGS
from operator_ui.preview_pages import PATH as PREVIEW
from operator_ui.preview_pages import PreviewPages
from operator_ui.roster_pages import RosterPages
from operator_ui.roster_sentences import COVERAGE, ROSTER, SHIFT
from operator_ui.shift_pages import ShiftPages
from operator_ui.wording_pages import WordingPages


def lead_routes(*, room: LeadRoom, leading: Leading) -> list[BaseRoute]:
    """Routes under /desk/lead, /desk/roster and /desk/here. Files are served by `desk_routes`."""
    hours = HoursPages(room=room, leading=leading)
    exceptions = ExceptionPages(room=room, leading=leading)
    preview = PreviewPages(room=room, leading=leading)
    roster = RosterPages(room=room, leading=leading)
    shift = ShiftPages(room=room, leading=leading)
    absence = AbsencePages(room=room, leading=leading)
    coverage = CoveragePages(room=room, leading=leading)
    organisations = OrganisationPages(room=room, leading=leading)
    files = OrganisationFilePages(room=room, leading=leading)
    wordings = WordingPages(room=room, leading=leading)
    emergencies = EmergencyPages(room=room, leading=leading)
    return [
        Route("/desk/here", room.here, methods=["GET"]),
        Route("/desk/lead", room.shows(hours.first), methods=["GET"]),
        Route(HOURS, room.shows(hours.show), methods=["GET"]),
        Route(HOURS, room.takes(hours.submit), methods=["POST"]),
        Route(EXCEPTIONS, room.shows(exceptions.show), methods=["GET"]),
        Route(EXCEPTIONS, room.takes(exceptions.submit), methods=["POST"]),
        Route(PREVIEW, room.shows(preview.show), methods=["GET"]),
        Route(PREVIEW, room.takes(preview.publish), methods=["POST"]),
        Route(ROSTER, room.shows(roster.show, ROSTERED), methods=["GET"]),
        Route(ROSTER, room.takes(roster.swap, ROSTERED), methods=["POST"]),
        Route(SHIFT, room.shows(shift.show), methods=["GET"]),
        Route(SHIFT, room.takes(shift.submit), methods=["POST"]),
        Route(ABSENCE, room.shows(absence.show), methods=["GET"]),
        Route(ABSENCE, room.takes(absence.submit), methods=["POST"]),
        Route(COVERAGE, room.shows(coverage.show), methods=["GET"]),
        Route(ORGANISATIONS, room.shows(organisations.show_all), methods=["GET"]),
        Route(EXPORT, room.shows(files.download), methods=["GET"]),
        Route(IMPORT, room.shows(files.show), methods=["GET"]),
        Route(IMPORT, room.takes(files.submit), methods=["POST"]),
        Route(ORGANISATIONS + "/{organisation}", room.shows(organisations.show), methods=["GET"]),
        Route(ORGANISATIONS + "/{organisation}", room.takes(organisations.submit), methods=["POST"]),
        Route(WORDINGS, room.shows(wordings.show_all), methods=["GET"]),
        Route(WORDINGS + "/{purpose}/{wording}", room.shows(wordings.show), methods=["GET"]),
        Route(WORDINGS + "/{purpose}/{wording}", room.takes(wordings.submit), methods=["POST"]),
        Route(EMERGENCIES, room.shows(emergencies.show), methods=["GET"]),
        Route(EMERGENCIES, room.takes(emergencies.submit), methods=["POST"]),
    ]
