"""Simulation of any recursion: one generic loop, intervals that say what they are."""
