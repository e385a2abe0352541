"""The command: in src/, python -m shop"""

import logging

from .config import load


def main() -> None:
    config = load()
    logging.basicConfig(level=config.log_level)
    print(f"Hello, {config.greeting_name}!")


if __name__ == "__main__":
    main()
