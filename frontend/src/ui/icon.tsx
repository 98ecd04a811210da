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
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15L6 16.5zM10 21h4',
  'bell-paused':
    'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15L6 16.5zM10 21h4 M3 3l3 3M8.5 8.5l2.5 2.5M13.5 13.5l2.5 2.5M18.5 18.5l2.5 2.5',
  'bell-off': 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15L6 16.5zM10 21h4 M3 3l18 18',
  'alarm-off': 'M12 4L2.5 20h19L12 4zM3 3l18 18',
  standby: 'M8 5v14M16 5v14',
  cuff: 'M4 8h13a3 3 0 0 1 0 8H4zM8 8v8M12 8v8M20 12h2',
  flag: 'M5 21V4h12l-2.5 4.5L17 13H5',
  call: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.5 6.5 0 0 1 13 0M15.5 4.3a3.5 3.5 0 0 1 0 6.4M18 14a6.5 6.5 0 0 1 3.5 6',
  stop: 'M8 3h8l5 5v8l-5 5H8l-5-5V8zM9.5 9.5h5v5h-5z',
  person: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 21a7.5 7.5 0 0 1 15 0',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  speaker: 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  'speaker-off': 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4',
  go: 'M4 12h14M12.5 6l6 6-6 6',
  warn: 'M12 4L2.5 20h19L12 4zM12 10v4.5M12 17.2v.3',
  pulse: 'M3 12h4l2.5-6 4 12 2.5-6h5',
  unfold: 'M6 9l6 6 6-6',
  key: 'M15 9.5h.01M9.8 11.2a5.5 5.5 0 1 1 3 3L11 16H9v2H7v2H4v-3z',
  screen: 'M4 5h16v11H4zM9 20h6M12 16v4',
  chip: 'M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4',
  lock: 'M6.5 11h11v9h-11zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  screens: 'M3 5h18v11H3zM9 20h6M12 16v4',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  out: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  menu: 'M4 7h16M4 12h16M4 17h16',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}

/** The same marks as on the charts: a square is by hand, a dot is a device, a diamond is simulated. */
export function SourceMark({ manual, simulated }: { manual: boolean; simulated?: boolean }) {
  const kind = manual ? ' manual' : simulated ? ' simulated' : ''
  return <i class={`source-mark${kind}`} aria-hidden="true" />
}
