"""`python -m app.simulator.load`: the command `load` by itself."""

import typer

from app.simulator.load.command import load_command

if __name__ == "__main__":
    typer.run(load_command)
