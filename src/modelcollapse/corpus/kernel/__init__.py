"""The counting kernel: the word rule, compiled. Import its parts only when the input is large."""
