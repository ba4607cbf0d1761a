"""Words every room uses: none of the domain, all of the house."""


class Foreseen(Exception):
    """An error we expect and can explain; its text is shown to the person, so it says what to do."""
