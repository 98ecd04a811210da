/** The script that draws the figure: the one inside the Python package, loaded only where a figure is. */

/** What of it is used here. */
export interface Plotly {
  react: (place: HTMLElement, data: unknown[], layout: object, config?: object) => Promise<unknown>
  relayout: (place: HTMLElement, changes: object) => Promise<unknown>
  purge: (place: HTMLElement) => void
}

const NEWEST = '/plotly.js' // leads to the version that the server has, which is kept for ever

/**
 * Plotly puts style sheets into the page, which our content policy rightly forbids. Who holds these names is left alone by it;
 * what is needed of those rules is in styles/plotly.css.
 */
const SHEETS_OF_ITS_OWN = [
  'plotly.js-style-global',
  '9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53', // of its maps, which are not used here
]

let asked: Promise<Plotly> | null = null

/** Loaded once; asked again after a failure. */
export function plotly(): Promise<Plotly> {
  asked ??= loaded().catch((error: unknown) => {
    asked = null
    throw error
  })
  return asked
}

/**
 * Asked where it is first, and then for the script itself: what a browser has compiled of a script it keeps under the address
 * that was asked for, and not where that leads elsewhere.
 */
async function loaded(): Promise<Plotly> {
  for (const id of SHEETS_OF_ITS_OWN) hold(id)
  const { url } = await fetch(NEWEST, { method: 'HEAD' })
  await new Promise<void>((done, failed) => {
    const script = document.createElement('script')
    script.src = url
    script.onload = () => done()
    script.onerror = () => {
      script.remove()
      failed(new Error('the script that draws figures could not be loaded'))
    }
    document.head.append(script)
  })
  const found = (window as unknown as { Plotly?: Plotly }).Plotly
  if (!found) throw new Error('the script that draws figures is not what it should be')
  return found
}

function hold(id: string): void {
  if (document.getElementById(id)) return
  const holder = document.createElement('meta')
  holder.id = id
  holder.className = 'no-inline-styles'
  document.head.append(holder)
}
