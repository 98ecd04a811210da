"""Live delivery: what was committed reaches every watcher, once and in order.

Overview. A watcher is one connected browser. It watches channels: the board, and sessions. The hub
hands each commit to the watchers of the sessions in it; `protocol` decides, without any I/O, what
a watcher is sent; `serve` moves the bytes. `clinic` tells everybody what is about no session.

Invariants.
- Per session a watcher is sent each event once, in seq order, without gaps; or a snapshot, and the
  events after it.
- A watcher joins a channel before history is read for it, and what is committed meanwhile is held
  until history was sent. A hole is never sent over: it is filled from the log.
- A frame is encoded once for all watchers of its channel, from the texts the log stores.
- What waits for a watcher is bounded, in frames and in characters. A watcher that does not read is
  cut off (4008), never waited for.
- What a screen confirms waits in a bounded queue of its own and is passed on once for all screens;
  reading its messages never waits for the database.
- Silence means trouble: a heartbeat goes out every `HEARTBEAT_S`, and says whether commits succeed
  and how old the sweep is.

Concurrency. Everything here runs on the event loop; `Hub.publish` is called there once per commit.
Each watcher has one reader, one writer, one task that reads history and one that passes on what
was confirmed; they end together.

Dependencies. `monitoring` and libraries only: the functions that ask the store are passed in.
"""
