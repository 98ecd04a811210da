import { signal } from '@preact/signals'
import type { Outputs } from './outputs'
import type { SoundState } from './sounder'
import type { Trial } from './trial'

/** Whether this screen can be heard. */
export const soundState = signal<SoundState>('off')
/** Whether a loudspeaker is connected, as far as the browser tells. */
export const loudspeaker = signal<Outputs['listed']>('unknown')
/** What is heard of the sound test now. */
export const trial = signal<Trial>(null)
/** Somebody on the training board wants to hear its alarms; over when they leave it. */
export const trainingSound = signal(false)
/** The window about sound is open. */
export const soundWindow = signal(false)
