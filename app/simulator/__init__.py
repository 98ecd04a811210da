"""Scripts that stand outside and feed the monitor: simulated patients and replayed recordings.

Overview: `pharmacokinetics` -> `patient` -> `visit` are pure and seeded; `client` is the only way
out, over the public API; `room`, `simulate`, `demo` and `replay` join the two.

Invariants: the same seed gives the same readings on any machine and at any speed; whatever was not
acknowledged is sent again with the same id; everything made here is marked as simulated. Of the
application only the clock is imported, so that the scripts work against any server.
"""
