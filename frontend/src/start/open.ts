import { signal } from '@preact/signals'

const shown = signal(false)
/** It was opened where simulated sessions are: it begins as a training session. */
const training = signal(false)

/** Whether the window that starts a session is open; any page may open it. */
export const startDialog = {
  shown,
  training,
  open: (forTraining = false) => {
    training.value = forTraining
    shown.value = true
  },
  close: () => {
    shown.value = false
  },
}
