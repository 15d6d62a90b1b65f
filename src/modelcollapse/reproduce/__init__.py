"""The paper's figures and three of our own, one file each; `FIGURES` lists them all."""
