"""What arrived in this session without a row that allows it, one line each; `tests/conftest.py` looks at the end."""

TRESPASSES: list[str] = []
