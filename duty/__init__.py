"""When we are here and who answers: hours, presence, and the one availability truth. Holds opaque staff ids only."""
