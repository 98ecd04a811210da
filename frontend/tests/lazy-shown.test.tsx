import { options, render } from 'preact'
import { afterEach, expect, test, vi } from 'vitest'
import { lazy, preload } from '../src/ui/lazy'

afterEach(() => {
  vi.useRealTimers()
  Reflect.deleteProperty(options, 'requestAnimationFrame')
})

test('a window that is opened in the moment in which it has just been read beforehand is shown', async () => {
  vi.useFakeTimers()
  const afterPaint: (() => void)[] = []
  options.requestAnimationFrame = (run) => void afterPaint.push(run)
  let arrive: (part: { default: () => preact.JSX.Element }) => void = () => undefined
  const Entry = lazy(() => new Promise<Parameters<typeof arrive>[0]>((resolve) => (arrive = resolve)))
  const page = document.createElement('div')

  preload()
  await vi.advanceTimersByTimeAsync(2_000)
  render(<Entry onClose={() => undefined} />, page)
  arrive({ default: () => <p>Enter vitals</p> })
  await vi.advanceTimersByTimeAsync(1) // read, before the effects of the first drawing ran
  for (const run of afterPaint.splice(0)) run()
  await vi.advanceTimersByTimeAsync(100)

  expect(page.textContent).toBe('Enter vitals')
})
