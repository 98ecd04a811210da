export const TABS = ['timeline', 'seen', 'summary', 'sign'] as const
export type Tab = (typeof TABS)[number]

export function tabOf(hash: string): Tab {
  return TABS.find((tab) => hash === `#${tab}`) ?? 'timeline'
}
