import { Middleware } from '../../lib/index.js'
import { type Range, range } from '../../lib/options.js'
import type { LevelDb } from './level-db.js'
import { type Durability, LevelStore } from './store.js'

export interface LevelPartConfig {
  /** The directory; it is made when there is none. One broker at a time. Required unless `store` is given. */
  data: string
  /** What `commit` promises: `os` survives the death of the process, `disk` the loss of power. Default: `os`. */
  durability: Durability
  /** A store to share with other parts: that of any one of them. */
  store: LevelStore | null
  /** Instead of `level` at the directory: for tests. */
  db: LevelDb | null
}

export const partDefaults: LevelPartConfig = { data: '', durability: 'os', store: null, db: null }

const durabilities: readonly unknown[] = ['os', 'disk'] satisfies Durability[]

/** One storage group on `level`, with a store of its own or one that it shares. */
export abstract class LevelPart<Config extends LevelPartConfig = LevelPartConfig> extends Middleware<Config> {
  readonly store: LevelStore

  constructor(config: Partial<Config>, defaults: Config) {
    super(config, defaults)
    this.store = this.config.store ?? storeOf(this.config)
  }

  override check(): string[] {
    return checkPart(this.config)
  }

  override start(): Promise<void> {
    return this.store.open(this.stack)
  }

  override stop(): Promise<void> {
    return this.store.close()
  }
}

export function storeOf({ data, durability, db }: LevelPartConfig): LevelStore {
  return new LevelStore({ data, durability, ...(db && { db }) })
}

export function checkPart<Config extends LevelPartConfig>(
  config: Config,
  ranges: Range<Config> = {}
): string[] {
  const { data, durability, store, db } = config
  const problems = range(config, ranges)
  if (!store && !db && (typeof data !== 'string' || data === '')) {
    problems.push(`data is ${data === '' ? 'missing' : String(data)}: give the directory to store in`)
  }
  if (!durabilities.includes(durability))
    problems.push(`durability is ${String(durability)}: give 'os' or 'disk'`)
  return problems
}
