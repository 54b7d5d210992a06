"""The attacker: what can be computed from released tables. Shares no code with what protects them (contacts.release)."""
