"""`python -m homevault.agent` is `homevault`."""

from homevault.agent.cli import main

if __name__ == "__main__":
    main()
