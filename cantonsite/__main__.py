"""`python -m cantonsite`: what `make run` runs."""

from .commands.run import main

if __name__ == "__main__":
    main()
