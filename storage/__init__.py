"""The cellar: engine, metadata, bus, clock and ids. Knows nothing of contacts, duty or doors."""
