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

let address: Promise<string> | null = null
let asked: Promise<Plotly> | null = null
let ready: Plotly | null = null

/** If it is there already: who draws need not wait for a promise. */
export function plotlyNow(): Plotly | null {
  return ready
}

/** Loaded once; asked again after a failure. */
export function plotly(): Promise<Plotly> {
  asked ??= loaded().catch((error: unknown) => {
    asked = null
    address = null // the server may have another version since
    throw error
  })
  return asked
}

/** Has the browser fetch it, and not yet read it in: that holds the page for a part of a second. */
export async function plotlyAhead(): Promise<void> {
  if (asked !== null || address !== null) return
  const link = document.createElement('link')
  link.rel = 'preload'
  link.as = 'script'
  link.href = await plotlyAddress()
  document.head.append(link)
}

/**
 * Where it is: what a browser has compiled of a script it keeps under the address that was asked for, and not where that leads
 * elsewhere.
 */
function plotlyAddress(): Promise<string> {
  address ??= fetch(NEWEST, { method: 'HEAD' })
    .then(({ url }) => url)
    .catch((error: unknown) => {
      address = null
      throw error
    })
  return address
}

async function loaded(): Promise<Plotly> {
  for (const id of SHEETS_OF_ITS_OWN) hold(id)
  const url = await plotlyAddress()
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
  ready = found
  return found
}

function hold(id: string): void {
  if (document.getElementById(id)) return
  const holder = document.createElement('meta')
  holder.id = id
  holder.className = 'no-inline-styles'
  document.head.append(holder)
}
