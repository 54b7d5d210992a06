"""Organisations in the shape of Open Referral HSDS 3.0 (`organization` with its services, phones, languages, schedules).

Written and read without loss among ourselves. From others, what we have no place for is named, not silently dropped:
`Read.lost`. HSDS has no languages of texts and no keys; both travel in the member `quietline`. Verification of a key
never travels. docs/organisations.md has the table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec

from contacts.organisations.checks import Mistake, NotAccepted, Wrong, mistakes
from contacts.organisations.organisation import Channel, Entry, Organisation, Scope
from contacts.organisations.profile import Phone, Profile, Text
from storage.ids import OrganisationId

_Choice = TypeVar("_Choice", Scope, Channel)

FORMAT: Final = 1
MOST: Final = 500
LARGEST: Final = 1024 * 1024
_ORGANIZATION = frozenset({"id", "name", "description", "website", "email", "phones", "services", "quietline"})
_SERVICE = frozenset({"id", "organization_id", "name", "status", "languages", "schedules"})
_SCHEDULE = frozenset({"id", "service_id", "description"})
_PHONE = frozenset({"id", "organization_id", "number", "languages"})
_LANGUAGE = frozenset({"id", "code"})
_OURS = frozenset({"texts", "listed", "takes", "channels", "email", "recipient", "active"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An organisation as a file tells it. `id` None: the file has none."""

    id: OrganisationId | None
    entry: Entry
    active: bool


@dataclass(slots=True)
class Read:
    """What a file holds. `lost`: paths of what we have no place for."""

    organisations: list[Told] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def written(organisations: Iterable[Organisation], *, language: str) -> str:
    """The file. `language`: the one in which HSDS's own texts are told."""
    document = {
        "quietline": FORMAT,
        "organizations": [_organization(one, language) for one in organisations],
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def read(text: str | bytes, *, language: str) -> Read:
    """The file's organisations. `language`: that of texts from elsewhere, where no file says it.

    Raises `NotAccepted` with every mistake and its path.
    """
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NotAccepted([Mistake("", Wrong.WRONG_SHAPE)]) from None
    reading = _Reading(language)
    rows = document.get("organizations") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise NotAccepted([Mistake("organizations", Wrong.WRONG_SHAPE)])
    if len(rows) > MOST:
        raise NotAccepted([Mistake("organizations", Wrong.TOO_MANY)])
    if document.get("quietline", FORMAT) != FORMAT:
        raise NotAccepted([Mistake("quietline", Wrong.WRONG_SHAPE)])
    reading.leave("", document, frozenset({"quietline", "organizations"}))
    told = [reading.organization(f"organizations[{place}]", row) for place, row in enumerate(rows)]
    seen: set[str] = set()
    for place, one in enumerate(told):
        if one.id is not None and one.id in seen:
            reading.wrong.append(Mistake(f"organizations[{place}].id", Wrong.TWICE))
        seen.add(one.id or "")
    if reading.wrong:
        raise NotAccepted(reading.wrong)
    return Read(told, reading.lost)


def _organization(one: Organisation, language: str) -> dict[str, Any]:
    entry, profile = one.entry, one.entry.profile
    hours, _ = profile.said(language, "hours")
    service = {
        "id": str(UUID(hex=one.id)),
        "organization_id": str(UUID(hex=one.id)),
        "name": entry.name,
        "status": "active" if one.active else "inactive",
        "languages": [{"code": code} for code in profile.languages],
        "schedules": [{"description": hours}] if hours else [],
    }
    return {
        "id": str(UUID(hex=one.id)),
        "name": entry.name,
        "description": profile.said(language, "description")[0] or entry.name,
        **({"website": profile.website} if profile.website else {}),
        **({"email": entry.email} if entry.email else {}),
        "phones": [
            {
                "number": phone.number,
                **({"languages": [{"code": code} for code in phone.languages]} if phone.languages else {}),
            }
            for phone in profile.phones
        ],
        "services": [service],
        "quietline": {
            "texts": profile.texts,
            "listed": entry.listed,
            "takes": sorted(entry.takes),
            "channels": sorted(entry.channels),
            "active": one.active,
            **({"recipient": entry.recipient} if entry.recipient else {}),
        },
    }


@dataclass(slots=True)
class _Reading:
    """Walks a document and remembers what is wrong and what is left out, with paths."""

    language: str
    wrong: list[Mistake] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def organization(self, path: str, row: object) -> Told:
        before = len(self.wrong)
        one = self.member(path, row)
        self.leave(path, one, _ORGANIZATION)
        ours = self.member(f"{path}.quietline", one.get("quietline", {}))
        self.leave(f"{path}.quietline", ours, _OURS)
        entry = Entry(
            name=self.text(f"{path}.name", one.get("name", "")),
            profile=self._profile(path, one, ours),
            listed=self.flag(f"{path}.quietline.listed", ours.get("listed", False)),
            takes=frozenset(self._choices(f"{path}.quietline.takes", ours.get("takes", []), Scope)),
            channels=frozenset(self._choices(f"{path}.quietline.channels", ours.get("channels", []), Channel)),
            email=self.text(f"{path}.email", one.get("email")),
            recipient=self.text(f"{path}.quietline.recipient", ours.get("recipient")),
        )
        active = self.flag(f"{path}.quietline.active", ours.get("active", True))
        identity = self._id(f"{path}.id", one.get("id"))
        if len(self.wrong) == before:
            self.wrong += [Mistake(f"{path}.{_hsds_path(one.path)}", one.wrong) for one in mistakes(entry)]
        return Told(id=identity, entry=entry, active=active)

    def _profile(self, path: str, one: Mapping[str, Any], ours: Mapping[str, Any]) -> Profile:
        services = self.rows(f"{path}.services", one.get("services"))
        for place in range(1, len(services)):
            self.lost.append(f"{path}.services[{place}]")
        service = self.member(f"{path}.services[0]", services[0]) if services else {}
        self.leave(f"{path}.services[0]", service, _SERVICE)
        schedules = self._schedules(f"{path}.services[0].schedules", service.get("schedules"))
        description = self.text(f"{path}.description", one.get("description"))
        if "texts" in ours:
            texts = self._texts(f"{path}.quietline.texts", ours["texts"])
        else:
            told = Text(description=description, hours="\n".join(schedules))
            texts = {} if told.empty else {self.language: told}
        return Profile(
            texts=texts,
            phones=tuple(
                self._phone(f"{path}.phones[{place}]", row)
                for place, row in enumerate(self.rows(f"{path}.phones", one.get("phones")))
            ),
            languages=self._languages(f"{path}.services[0].languages", service.get("languages")),
            website=self.text(f"{path}.website", one.get("website")),
        )

    def _texts(self, path: str, found: object) -> dict[str, Text]:
        texts = {}
        for code, row in self.member(path, found).items():
            one = self.member(f"{path}.{code}", row)
            self.leave(f"{path}.{code}", one, frozenset({"name", "description", "hours"}))
            texts[code] = Text(
                **{part: self.text(f"{path}.{code}.{part}", one.get(part)) for part in ("name", "description", "hours")}
            )
        return texts

    def _schedules(self, path: str, found: object) -> list[str]:
        """Hours in words. Calendars (`byday`, `opens_at`) are not read."""
        told = []
        for place, row in enumerate(self.rows(path, found)):
            one = self.member(f"{path}[{place}]", row)
            self.leave(f"{path}[{place}]", one, _SCHEDULE)
            told.append(self.text(f"{path}[{place}].description", one.get("description")))
        return [text for text in told if text]

    def _phone(self, path: str, row: object) -> Phone:
        one = self.member(path, row)
        self.leave(path, one, _PHONE)
        number = self.text(f"{path}.number", one.get("number"))
        return Phone(number=number, languages=self._languages(f"{path}.languages", one.get("languages")))

    def _languages(self, path: str, found: object) -> tuple[str, ...]:
        codes = []
        for place, row in enumerate(self.rows(path, found)):
            one = self.member(f"{path}[{place}]", row)
            self.leave(f"{path}[{place}]", one, _LANGUAGE)
            codes.append(self.text(f"{path}[{place}].code", one.get("code")))
        return tuple(codes)

    def _choices(self, path: str, found: object, kind: type[_Choice]) -> list[_Choice]:
        chosen = []
        for place, row in enumerate(self.rows(path, found)):
            try:
                chosen.append(kind(self.text(f"{path}[{place}]", row)))
            except ValueError:
                self.wrong.append(Mistake(f"{path}[{place}]", Wrong.WRONG_SHAPE))
        return chosen

    def _id(self, path: str, found: object) -> OrganisationId | None:
        if found is None:
            return None
        try:
            return OrganisationId(UUID(self.text(path, found)).hex)
        except ValueError:
            self.wrong.append(Mistake(path, Wrong.WRONG_SHAPE))
            return None

    def member(self, path: str, found: object) -> Mapping[str, Any]:
        if isinstance(found, dict):
            return found
        self.wrong.append(Mistake(path, Wrong.WRONG_SHAPE))
        return {}

    def rows(self, path: str, found: object) -> list[Any]:
        if found is None or isinstance(found, list):
            return found or []
        self.wrong.append(Mistake(path, Wrong.WRONG_SHAPE))
        return []

    def text(self, path: str, found: object) -> str:
        if found is None or isinstance(found, str):
            return found or ""
        self.wrong.append(Mistake(path, Wrong.WRONG_SHAPE))
        return ""

    def flag(self, path: str, found: object) -> bool:
        if isinstance(found, bool):
            return found
        self.wrong.append(Mistake(path, Wrong.WRONG_SHAPE))
        return False

    def leave(self, path: str, found: Mapping[str, Any], known: frozenset[str]) -> None:
        self.lost += [f"{path}.{name}".lstrip(".") for name in found if name not in known]


#: Where HSDS, or our member of it, keeps what an entry calls otherwise. The longest beginning wins.
_PATHS: Final = (
    ("texts", "quietline.texts"),
    ("languages", "services[0].languages"),
    ("recipient", "quietline.recipient"),
    ("channels", "quietline.channels"),
    ("listed", "quietline.listed"),
)


def _hsds_path(path: str) -> str:
    for ours, theirs in _PATHS:
        if path.startswith(ours):
            return theirs + path.removeprefix(ours)
    return path
