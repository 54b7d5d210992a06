import re

from storage.ids import new_id


def test_a_name_is_random_and_says_nothing() -> None:
    names = {new_id() for _ in range(1000)}
    assert len(names) == 1000
    assert all(re.fullmatch("[0-9a-f]{32}", name) for name in names)
