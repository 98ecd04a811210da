"""What a session comes to in numbers: each vital over time, alarms, observations, and what a
complete record would have.
"""

from app.review.record.summary.whole import summary_of

__all__ = ["summary_of"]
