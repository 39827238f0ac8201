/** Nobody reads more, and a store that is broken has as many as records. */
const most = 100

/** What is wrong, in sentences: the first ones, and how many there are. */
export class Problems {
  readonly texts: string[] = []
  count = 0

  add(text: string): void {
    this.count++
    if (this.texts.length < most) this.texts.push(text)
  }

  /** What is read, or null when it cannot be: then it is left out. */
  attempt<T>(what: string, read: () => T): T | null {
    try {
      return read()
    } catch (err) {
      this.add(`${what} cannot be read and is left out (${(err as Error).message})`)
      return null
    }
  }
}
