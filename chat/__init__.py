"""The written door: the visitor's page and socket, the waiting line, conversations."""
