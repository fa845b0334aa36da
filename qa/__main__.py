"""`python -m qa` is `qa`."""

from qa.cli import main

if __name__ == "__main__":
    main(prog_name="qa")
