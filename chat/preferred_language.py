"""Which of our languages a browser asks for (RFC 9110, section 12.5.4). Pure."""


def preferred_language(accepted: str, languages: tuple[str, ...]) -> str:
    """The best match of an `Accept-Language` header, or the first of `languages`."""
    wishes = []
    for position, wish in enumerate(accepted.split(",")[:20]):
        tag, _, weight = wish.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        if language in languages:
            wishes.append((-_weight(weight), position, language))
    wishes = [wish for wish in wishes if wish[0] < 0]
    return min(wishes)[2] if wishes else languages[0]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
