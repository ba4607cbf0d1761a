"""``python -m tools.messages [--check]``: bring every room's Vietnamese catalogue up to the code, or say what is missing."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from caunoi.kit import catalogue


def main() -> int:
    """With --check nothing is written and the exit code is 1 when a sentence has no Vietnamese."""
    missing = catalogue.missing() if "--check" in sys.argv else catalogue.update_all()
    for room, text in missing:
        print(f"{room}: {text!r}")
    print(f"{len(missing)} sentences without Vietnamese")
    return 1 if missing and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
