"""What a notebook shows in its own way, and any other Python prints as text."""

import sys


def in_notebook() -> bool:
    """Return whether a Jupyter kernel runs this code."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")


def show(bundle: dict) -> None:
    """Show a bundle of MIME types in a notebook; elsewhere print its ``text/plain``."""
    if not in_notebook():
        print(bundle["text/plain"])
        return
    from IPython.display import display

    display(bundle, raw=True)
