"""`python -m storage.migrations "what it does"`: write the next migration; read it before it is kept."""

import sys

from storage.schema import write_migration


def main() -> int:
    """Write it and say where it is."""
    message = " ".join(sys.argv[1:]).strip()
    if not message:
        sys.stderr.write('say what it does: make migration m="add a column"\n')
        return 2
    sys.stdout.write(f"{write_migration(message)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
