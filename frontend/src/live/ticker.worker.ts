// Timers of a background page are slowed to one a minute; those of its worker are not.
const TICK_MS = 1_000 // ages are shown to the second

// The stamp is the worker's own, so that a page too busy to listen is not taken for a computer that slept.
setInterval(() => postMessage({ monotonicMs: performance.now(), wallMs: Date.now() }), TICK_MS)
