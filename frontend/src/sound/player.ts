import { type Burst, HARMONICS, RISE_SHARE } from './bursts'

const AHEAD_S = 0.02 // so that the first pulse is not cut off
const HEARD_LEAST = 0.01 // of full scale: far above rounding, far below the quietest tone
const WINDOW = 32_768 // samples, as many as a browser keeps: 0.68 s at 48 kHz, so that a late look still sees a tone
const LISTEN_S = 0.8 // by its clock: an output that plays at all has put out the first pulse by then
const LISTEN_EVERY_MS = 50
const LISTEN_LOOKS = 80 // 4 s: a clock that gets no further in that time plays to nobody
const LOOK_MS = 1_000 // looks at its clock closer together count as one
const STALLED_LOOKS = 10 // a computer that wakes needs some seconds
const OPEN_LIMIT_MS = 5_000 // a browser that wants a real tap first never answers at all: a held key, Escape

/** Plays bursts, and listens to what it puts out: what was not seen in the output does not count as played. */
export class Player {
  #context: AudioContext | null = null
  #analyser: AnalyserNode | null = null
  #wave: PeriodicWave | null = null
  #tones: OscillatorNode[] = []
  #clock = { time: 0, atMs: 0, looks: 0 }
  readonly #changed: () => void

  /** `changed` is called when it does not run any more, and when it does at last. */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  get running(): boolean {
    return this.#context?.state === 'running'
  }

  /** Its clock has not moved for many looks, though it says that it runs. */
  get stalled(): boolean {
    const [now, time] = [performance.now(), this.#context?.currentTime ?? 0]
    const { time: before, atMs, looks } = this.#clock
    if (time !== before) this.#clock = { time, atMs: now, looks: 0 }
    else if (now - atMs >= LOOK_MS) this.#clock = { time, atMs: now, looks: looks + 1 }
    return this.#clock.looks >= STALLED_LOOKS
  }

  /** Must be called from a tap or a key, or the browser refuses; false if there is no sound to be had. */
  async open(): Promise<boolean> {
    try {
      const left = this.#context
      if (left === null || left.state === 'closed' || this.stalled) {
        this.#build(new AudioContext())
        if (left && left.state !== 'closed') void left.close() // what is not heard keeps no device
      }
      const resumed = this.#context?.resume()
      await Promise.race([resumed, new Promise((then) => setTimeout(then, OPEN_LIMIT_MS))])
      return this.running
    } catch {
      return false // no output device, or not allowed: the screen says that it cannot be heard
    }
  }

  #build(context: AudioContext): void {
    this.#context = context
    this.#clock = { time: 0, atMs: performance.now(), looks: 0 }
    this.#wave = new PeriodicWave(context, { real: [0, ...HARMONICS.map(() => 0)], imag: [0, ...HARMONICS] })
    this.#analyser = new AnalyserNode(context, { fftSize: WINDOW })
    this.#analyser.connect(context.destination)
    context.onstatechange = () => {
      if (this.#context === context) this.#changed()
    }
  }

  /**
   * Starts a burst; true once it was seen in the output, or was ended on purpose before that; false if it never was; null if
   * this page looked too late to tell.
   */
  async play(burst: Burst): Promise<boolean | null> {
    const context = this.#context
    const out = this.#analyser
    if (!context || !out || !this.running) return false
    const begins = context.currentTime + AHEAD_S
    const tones = burst.pulses.map(({ atMs, lastsMs }) =>
      this.#pulse(context, out, burst, begins + atMs / 1_000, lastsMs / 1_000),
    )
    this.#tones = tones
    const samples = new Float32Array(WINDOW)
    let seen = begins
    let late = false
    for (let look = 0; look < LISTEN_LOOKS && seen < begins + LISTEN_S; look += 1) {
      const away = isHidden()
      await new Promise((then) => setTimeout(then, LISTEN_EVERY_MS))
      if (tones !== this.#tones) return true // another was put in its place: that one is listened for
      if (!this.running) return false
      const now = context.currentTime
      out.getFloatTimeDomainData(samples)
      const first = WINDOW - (now - begins) * context.sampleRate // those before are of what was played before
      if (samples.some((sample, at) => at >= first && Math.abs(sample) > HEARD_LEAST)) return true
      late ||= (context.currentTime - seen) * context.sampleRate > WINDOW
      // A page in the background looks once a second at most, when a short burst is over: its own clock says that it was played.
      if (late && away) return true
      seen = now
    }
    return late ? null : false
  }

  /** Ends what is being played: something more urgent has come. */
  stop(): void {
    for (const tone of this.#tones) tone.disconnect()
    this.#tones = []
  }

  #pulse(context: AudioContext, out: AudioNode, burst: Burst, at: number, lasts: number): OscillatorNode {
    const tone = new OscillatorNode(context, { frequency: burst.frequencyHz })
    if (this.#wave) tone.setPeriodicWave(this.#wave)
    const volume = new GainNode(context, { gain: 0 })
    const rise = lasts * RISE_SHARE
    volume.gain.setValueAtTime(0, at)
    volume.gain.linearRampToValueAtTime(burst.volume, at + rise)
    volume.gain.setValueAtTime(burst.volume, at + lasts - rise)
    volume.gain.linearRampToValueAtTime(0, at + lasts)
    tone.connect(volume).connect(out)
    tone.start(at)
    tone.stop(at + lasts)
    return tone
  }
}

function isHidden(): boolean {
  return document.visibilityState === 'hidden'
}
