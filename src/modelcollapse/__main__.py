"""`python -m modelcollapse` is the command `modelcollapse`."""

from modelcollapse.cli import main

main()
