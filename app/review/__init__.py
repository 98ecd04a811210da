"""Reviewing what happened: timelines now; figures, reports and exports grow here."""
