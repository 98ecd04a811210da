import type { Burst } from './bursts'

const RISE_SHARE = 0.2 // of a pulse: softer than a click, still a clear beginning
const BRIGHTEST_HZ = 4_000 // a square wave below it keeps four harmonics, enough to place and recognise it
const AHEAD_S = 0.02 // so that the first pulse is not cut off
const HEARD_LEAST = 0.01 // of full scale: far above rounding, far below the quietest burst
const LISTEN_MS = 800 // a browser that plays at all has put out the first pulse by then
const LISTEN_EVERY_MS = 25

/** Plays bursts, and listens to what it puts out: what was not seen in the output does not count as played. */
export class Player {
  #context: AudioContext | null = null
  #out: BiquadFilterNode | null = null
  #analyser: AnalyserNode | null = null
  readonly #lost: () => void

  /** `lost` is called when a context that ran does not run any more. */
  constructor(lost: () => void) {
    this.#lost = lost
  }

  get running(): boolean {
    return this.#context?.state === 'running'
  }

  /** Must be called from a tap or a key, or the browser refuses; false if there is no sound to be had. */
  async open(): Promise<boolean> {
    try {
      if (this.#context === null || this.#context.state === 'closed') this.#build(new AudioContext())
      await this.#context?.resume()
      return this.running
    } catch {
      return false // no output device, or not allowed: the screen says that it cannot be heard
    }
  }

  #build(context: AudioContext): void {
    this.#context = context
    this.#out = new BiquadFilterNode(context, { type: 'lowpass', frequency: BRIGHTEST_HZ })
    this.#analyser = new AnalyserNode(context, { fftSize: 2048 })
    this.#out.connect(this.#analyser).connect(context.destination)
    context.onstatechange = () => {
      if (this.#context === context && context.state !== 'running') this.#lost()
    }
  }

  /** Starts a burst; true once it was seen in the output, false if it never was. */
  async play(burst: Burst): Promise<boolean> {
    const [context, out] = [this.#context, this.#out]
    if (!context || !out || context.state !== 'running') return false
    const begins = context.currentTime + AHEAD_S
    for (const { atMs, lastsMs } of burst.pulses) {
      pulse(context, out, burst, begins + atMs / 1_000, lastsMs / 1_000)
    }
    return this.#heard()
  }

  async #heard(): Promise<boolean> {
    const analyser = this.#analyser
    if (!analyser) return false
    const samples = new Float32Array(analyser.fftSize)
    for (let waited = 0; waited < LISTEN_MS; waited += LISTEN_EVERY_MS) {
      await new Promise((then) => setTimeout(then, LISTEN_EVERY_MS))
      if (!this.running) return false
      analyser.getFloatTimeDomainData(samples)
      if (samples.some((sample) => Math.abs(sample) > HEARD_LEAST)) return true
    }
    return false
  }
}

function pulse(context: AudioContext, out: AudioNode, burst: Burst, at: number, lasts: number): void {
  const tone = new OscillatorNode(context, { type: 'square', frequency: burst.frequencyHz })
  const volume = new GainNode(context, { gain: 0 })
  const rise = lasts * RISE_SHARE
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(burst.volume, at + rise)
  volume.gain.setValueAtTime(burst.volume, at + lasts - rise)
  volume.gain.linearRampToValueAtTime(0, at + lasts)
  tone.connect(volume).connect(out)
  tone.start(at)
  tone.stop(at + lasts)
}
