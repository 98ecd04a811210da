import { review } from '../text-review'
import { TABS, type Tab } from './tab'

/** Arrow keys go from one to the next, as in every list of tabs. */
export function Tabs({ tab, onTab }: { tab: Tab; onTab: (tab: Tab) => void }) {
  const move = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length] ?? 'timeline'
    onTab(next)
    const list = (event.currentTarget as HTMLElement).parentElement
    list?.querySelector<HTMLElement>(`[data-tab='${next}']`)?.focus()
  }
  return (
    <div class="review-tabs" role="tablist" aria-label={review.tabsLabel}>
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          data-tab={name}
          data-testid={`tab-${name}`}
          aria-selected={name === tab}
          aria-controls="review-tab"
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onTab(name)}
          onKeyDown={move}
        >
          {review.tabs[name]}
        </button>
      ))}
    </div>
  )
}
