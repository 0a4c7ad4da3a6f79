"""Hearthline as one program: the command line, the one-process run, the demo county."""
