"""Shapes of what comes in and goes out, one file per noun: the source of both API documents."""
