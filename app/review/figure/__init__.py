"""The figure of a session as plain data, made once by the server and drawn by the browser: traces,
a layout, and the numbered marks. Values are points, gaps are gaps, nothing is smoothed.
"""

from app.review.figure.whole import figure

__all__ = ["figure"]
