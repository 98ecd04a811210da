"""Storage: tables, the scribe that alone writes them, and the queries that read them.

Invariants: one event log per session, numbered without gaps under the session's row lock, chained
by a keyed hash; readings, alarms and states are projections of it and commit together with it. What
was answered with success is on disk.
"""
