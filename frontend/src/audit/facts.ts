/** The details of an entry, read without trusting their shape: what is missing is not said. */
export class Facts {
  constructor(private readonly data: Record<string, unknown>) {}

  text(name: string): string | null {
    const value = this.data[name]
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' && value !== '' ? value : null
  }

  number(name: string): number | null {
    const value = this.data[name]
    return typeof value === 'number' ? value : null
  }

  yes(name: string): boolean {
    return this.data[name] === true
  }

  /** `before` and the value, or nothing */
  with(before: string, name: string, after = ''): string {
    const value = this.text(name)
    return value === null ? '' : `${before}${value}${after}`
  }

  /** one of the words that are known for a code; the code itself if it is new */
  word(name: string, words: Record<string, string>, before = ''): string {
    const value = this.text(name)
    return value === null ? '' : `${before}${words[value] ?? value.replaceAll('_', ' ')}`
  }

  has(name: string): boolean {
    return name in this.data
  }
}
