"""Reviewing what happened, and what would have: timelines, alarm load, other limits tried on
recorded sessions. Everything here only reads.
"""
