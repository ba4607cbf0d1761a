"""Zalo: consent and tokens, and the Official Account API."""
