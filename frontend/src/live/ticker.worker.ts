// Timers of a background page are slowed to one a minute; those of its worker are not.
const TICK_MS = 1_000 // ages are shown to the second

setInterval(() => postMessage(0), TICK_MS)
