import { signal } from '@preact/signals'

/** How many entries of this browser the server does not have yet, whoever typed them. */
export const waitingCount = signal(0)
/** How many of them it will not have. */
export const refusedCount = signal(0)
