import pytest

from chat.preferred_language import preferred_language

OURS = ("fi", "sv", "en")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "fi"),
        ("sv-FI,sv;q=0.9,en;q=0.8", "sv"),
        ("ar, en;q=0.5", "en"),
        ("en;q=0.2, sv;q=0.7", "sv"),
        ("EN-gb", "en"),
        ("en;q=0, sv;q=0", "fi"),
        ("en;q=nonsense", "fi"),
        ("en;level=1", "en"),
        ("*", "fi"),
        (";;;,,,q=", "fi"),
    ],
)
def test_the_browser_gets_the_language_it_likes_best(header: str, language: str) -> None:
    assert preferred_language(header, OURS) == language
