"""Visits at work: each in a session of its own, over the public API, at any pace.

A room sends what the script says, and hears the log at every tenth second of the visit and at no
other. So what a nurse or the body answers to does not depend on pace, transport or outages, and on
a driven clock a run gives the same readings, to the byte, however it is played.
"""
