"""Live delivery: what was committed reaches every watcher, once and in order.

Overview. A watcher is one connected browser. It watches channels: the board, and sessions. In each
it has a place: what it was sent last. The hub adds each commit to the channels concerned and tells
those who watch them (`channel`); `protocol` knows, without any I/O, what follows on a place. `pace`
says when; `join` brings up those who come or come back; `serve` reads what browsers say. `clinic`
tells everybody what is about no session. Where several processes serve one database, `exchange`
stands before the hub: commits of the others are read from the log once for all who watch here
(`relay`), after a word of them (`peers`) or, where that was lost, a look at the log each second.
What a watcher may say and see is told from outside (`rights`): there are several views of the
board, and nobody is sent a frame of another's.

Invariants.
- Per session a watcher is sent each event once, in seq order, without gaps; or a snapshot, and the
  events after it.
- A watcher joins a channel before history is read for it. The channel holds what was published
  since; where that does not follow on what was read, the log is read again. A hole is never sent
  over.
- A frame is encoded once for all who see the same and stand at the same place, from the texts the
  log stores; the rows of a view are made only while somebody watches it.
- No frames wait for a watcher. One that does not take its frame is only passed over: when it takes
  it, all that was committed meanwhile comes as one frame a channel. One that takes nothing for
  twenty seconds is cut off (4008).
- While the loop keeps up, what was committed goes out in the same turn. While it does not, commits
  are joined; alarms do not wait for that.
- What is read for those who join is read once for all who ask at the same time.
- What screens confirm is passed on once for all screens; reading their messages never waits for the
  database.
- Who may see more or less than when it came is sent away with the next heartbeat, and comes back
  as who it is now; whose credential has ended is closed with 4401.
- Silence means trouble: a heartbeat goes out every `HEARTBEAT_S`, and says whether commits succeed
  and how old the sweep is.

Concurrency. Everything here runs on the event loop; `Hub.publish` is called there once per commit,
and sends without a task. The task of a watcher's connection reads its socket; others there are only
while its socket does not take a frame, history is read for it, or a confirmation is passed on. They
end with it.

Dependencies. `monitoring` and libraries only: the functions that ask the store are passed in.
"""
