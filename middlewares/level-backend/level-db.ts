/** From the first key to one that does not belong to it any more. */
export interface KeyRange {
  gte: string
  lt: string
  limit?: number
  /** The bytes that a page may have before it ends early. */
  highWaterMarkBytes?: number
}

export interface LevelCursor {
  /** The next entries, at most so many; none at the end. */
  nextv(size: number): Promise<Array<[key: string, value: Uint8Array]>>
  close(): Promise<void>
}

export interface LevelBatch {
  put(key: string, value: Uint8Array): unknown
  del(key: string): unknown
  /** `sync`: not before the disk has it. */
  write(options: { sync: boolean }): Promise<void>
}

/** What is used of `level`: keys are strings, values bytes. Tests put something between that fails or is slow. */
export interface LevelDb {
  open(): Promise<void>
  close(): Promise<void>
  batch(): LevelBatch
  getSync(key: string): Uint8Array | undefined
  getMany(keys: string[]): Promise<Array<Uint8Array | undefined>>
  iterator(range: KeyRange): LevelCursor
  compactRange(start: string, end: string): Promise<void>
}

/** Entries read at a time. */
const pageSize = 1000

/** Tells every entry of a range, in order. */
export async function eachEntry(
  db: LevelDb,
  range: KeyRange,
  tell: (key: string, value: Uint8Array) => void
): Promise<void> {
  const cursor = db.iterator({ highWaterMarkBytes: 1_048_576, ...range })
  try {
    for (;;) {
      const entries = await cursor.nextv(pageSize)
      if (entries.length === 0) return
      for (const [key, value] of entries) tell(key, value)
    }
  } finally {
    await cursor.close()
  }
}

/** All keys that begin like this. */
export function prefixed(prefix: string): KeyRange {
  const last = prefix.length - 1
  return { gte: prefix, lt: prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1) }
}
