"""The room staff sit in: sign-in, the live desk, and the pages of leads and analysts."""
