import { signal } from '@preact/signals'

export type Theme = 'dark' | 'light'

const KEY = 'infusion.theme'

function stored(): Theme {
  try {
    return localStorage.getItem(KEY) === 'light' ? 'light' : 'dark'
  } catch {
    return 'dark' // a browser that keeps nothing gets the default
  }
}

export const theme = signal<Theme>(stored())

export function applyTheme(next: Theme): void {
  document.documentElement.dataset['theme'] = next
  theme.value = next
  try {
    localStorage.setItem(KEY, next)
  } catch {
    // it holds until the page is closed
  }
}
