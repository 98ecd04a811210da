interface Named {
  id: string
  name: string
}

/** Names that this page has met: an auditor types and reads names, the server is asked for ids. Two people of one name stay two. */
export class KnownNames {
  readonly #labels = new Map<string, string>()
  readonly #ids = new Map<string, string>()

  meet(people: readonly (Named | null)[]): void {
    for (const person of people) {
      if (person === null || person.name === '' || this.#labels.has(person.id)) continue
      const taken = this.#ids.has(person.name.toLocaleLowerCase())
      const label = taken ? `${person.name} (${person.id.slice(0, 8)})` : person.name
      this.#labels.set(person.id, label)
      this.#ids.set(label.toLocaleLowerCase(), person.id)
    }
  }

  /** The id that a text stands for: that of the name, or the text itself. */
  idOf(typed: string): string {
    const said = typed.trim()
    return this.#ids.get(said.toLocaleLowerCase()) ?? said
  }

  labelOf(id: string): string {
    return this.#labels.get(id) ?? id
  }

  labels(): string[] {
    return [...this.#labels.values()].sort()
  }
}
