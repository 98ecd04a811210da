import { signal } from '@preact/signals'

const shown = signal(false)

/** Whether the window that starts a session is open; any page may open it. */
export const startDialog = {
  shown,
  open: () => {
    shown.value = true
  },
  close: () => {
    shown.value = false
  },
}
