"""Reviews: releases of anonymous statistics, from a request to stored bytes and a row of the ledger (statistics.md)."""
