#!/usr/bin/env python
"""The site's command line: `manage.py serve`, `migrate`, `setup_link` and Django's own commands."""

import os
import sys


def main() -> None:
    os.umask(0o077)
    os.environ["DJANGO_SETTINGS_MODULE"] = "social.config.settings"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
