const PATHS = {
  up: 'M12 19V5M6 11l6-6 6 6',
  down: 'M12 5v14M6 13l6 6 6-6',
  up2: 'M6 11l6-6 6 6M6 18l6-6 6 6',
  down2: 'M6 6l6 6 6-6M6 13l6 6 6-6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  plus: 'M12 5v14M5 12h14',
  back: 'M14 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  old: 'M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  cut: 'M4 4l16 16M9 5.5A9 9 0 0 1 21 9M3 9a13 13 0 0 1 2.5-1.6M7 13a7.5 7.5 0 0 1 3-1.6M12 19h.01',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z',
  warn: 'M12 4L2.5 20h19L12 4zM12 10v4.5M12 17.2v.3',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}

/** The same marks as on the charts: a square is by hand, a dot is a device. */
export function SourceMark({ manual }: { manual: boolean }) {
  return <i class={manual ? 'source-mark manual' : 'source-mark'} aria-hidden="true" />
}
