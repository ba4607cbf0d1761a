"""A carrier of text messages: SMPP 3.4 on a port of its own, and a reseller's gateway over HTTP."""
