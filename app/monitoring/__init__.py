"""The heart: a pure engine over a log of events. Standard library only; nothing here reads a clock,
waits, logs or does I/O.

Invariants
- `step(state, input, limits, now)` takes frozen values and returns frozen values; equal arguments
  give equal results.
- Rules say what is true now; the engine alone raises, changes, latches and clears alarms.
- Whatever was due at or before `now` is done first, in due order, with its due moment as `at`.
- A technical alarm or a lost signal never clears a physiological alarm.
- The log alone rebuilds everything: `fold` gives the public state, `restep` the engine's own.
"""
