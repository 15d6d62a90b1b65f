"""Long-running checks of every law against independent routes; `python -m verification` writes the table."""
