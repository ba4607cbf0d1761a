"""Who tells what closing units hold: a journey registers each holder, in the order in which they are carried over."""

from caunoi.reform.terms import Holder

HOLDERS: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    """Let every plan from now on ask this holder too."""
    HOLDERS[holder.name] = holder


def holder(name: str) -> Holder:
    """Return the holder of that name. Raises KeyError."""
    return HOLDERS[name]
