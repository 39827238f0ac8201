import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { BrokerProcess } from './broker-process.js'
import { calm, finish, StuckError } from './calm.js'
import { type Cast, castOf } from './cast.js'
import { Ledger } from './ledger.js'
import { Newcomers } from './newcomers.js'
import { Random } from './random.js'
import { Report } from './report.js'
import { RetainedCheck } from './retained-check.js'
import type { World } from './session-client.js'
import { checkStore } from './store-check.js'

export interface RunOptions {
  readonly kills: number
  readonly seed: number
  readonly data: string
  readonly durability: 'os' | 'disk'
  /** The command: a built file, or a source with what Node needs to load it. */
  readonly main: string
  readonly node?: readonly string[]
  /** The shortest. Default: 30. */
  readonly shortest?: number
  /** The longest a broker lives once it is ready, in ms. Default: 1000. */
  readonly longest?: number
  /** After so many kills everything is waited for and judged. Default: 10. */
  readonly calmEvery?: number
  readonly tell?: (report: Report) => void
}

/** How often everybody may do something, in ms. */
const actInterval = 8

/** Starts the broker, kills it and starts it again, as often as is wanted. Settles with what it saw; never fails. */
export async function run(options: RunOptions): Promise<Report> {
  const report = new Report()
  const one = new Run(options, report)
  try {
    await one.all()
  } catch (thrown) {
    if (!(thrown instanceof StuckError)) throw thrown
    report.wrong(thrown.fault, thrown.message)
  } finally {
    await one.end()
  }
  return report
}

class Run {
  readonly #options: RunOptions
  readonly #report: Report
  readonly #random: Random
  readonly #world: World
  readonly #cast: Cast
  readonly #retained: RetainedCheck
  readonly #newcomers: Newcomers
  #broker!: BrokerProcess
  #startTime = 0

  constructor(options: RunOptions, report: Report) {
    this.#options = options
    this.#report = report
    this.#random = new Random(options.seed)
    this.#world = { ledger: new Ledger(report), report }
    this.#cast = castOf(this.#world, this.#random.fork())
    this.#newcomers = new Newcomers(this.#world)
    this.#retained = new RetainedCheck(this.#world, this.#cast.keeper)
  }

  async all(): Promise<void> {
    const { kills, calmEvery = 10, tell = () => {} } = this.#options
    const random = this.#random
    const begun = performance.now()
    let port = await this.#start()
    this.#startTime = performance.now() - begun
    await calm(this.#cast, this.#world, port, () => this.#retained.prepare())
    while (this.#report.kills < kills) {
      await this.#live(port, random.int(this.#options.shortest ?? 30, this.#options.longest ?? 1000))
      await this.#kill(port)
      if (random.chance(0.05)) await this.#check()
      while (random.chance(0.2) && this.#report.kills < kills) await this.#killStart()
      port = await this.#start()
      await this.#newcomers.comeBack(port)
      if (random.chance(0.4)) await this.#retained.look(port)
      if (this.#report.kills % calmEvery === 0) await calm(this.#cast, this.#world, port)
      tell(this.#report)
    }
    await calm(this.#cast, this.#world, port)
    await this.#retained.look(port)
    await finish(this.#cast)
    await this.#broker.stop()
    this.#hear()
    await this.#check()
  }

  /** Nothing is left. */
  async end(): Promise<void> {
    await this.#broker.kill()
    await this.#everybodyDied()
  }

  async #start(): Promise<number> {
    const { main, node, data, durability } = this.#options
    this.#broker = new BrokerProcess(main, ['--data', data, '--durability', durability], node)
    const port = await this.#broker.ready
    if (port === null)
      throw new StuckError('broker', `it does not start: ${this.#broker.complaints.join('; ')}`)
    return port
  }

  async #live(port: number, time: number): Promise<void> {
    const { publishers, subscribers, keeper, wills } = this.#cast
    const acting = setInterval(() => {
      for (const one of subscribers) one.act(port)
      for (const one of publishers) one.act(port)
      keeper.act(port)
      wills.act(port)
    }, actInterval)
    const ended = await Promise.race([wait(time), this.#broker.ended])
    clearInterval(acting)
    if (ended !== undefined) {
      throw new StuckError('broker', `it ended by itself: ${this.#broker.complaints.join('; ')}`)
    }
  }

  /** Often in the middle of a burst: what is interesting happens within a millisecond. */
  async #kill(port: number): Promise<void> {
    const random = this.#random
    const { publishers, subscribers, keeper, wills } = this.#cast
    if (random.chance(0.7)) {
      this.#newcomers.add(port)
      for (const one of subscribers) if (random.chance(0.5)) one.changeMind()
      // What is acknowledged commits all that was before it.
      if (random.chance(0.6)) for (const one of [...publishers, keeper]) one.burst()
      const until = performance.now() + random.next() * random.pick([1, 3, 10])
      while (performance.now() < until) await turn()
    }
    wills.killing()
    const wanted = this.#broker.kill()
    this.#report.kills++
    await wanted
    this.#hear()
    await this.#everybodyDied()
  }

  /** Before it is ready; there are no clients. */
  async #killStart(): Promise<void> {
    const { main, node, data, durability } = this.#options
    this.#broker = new BrokerProcess(main, ['--data', data, '--durability', durability], node)
    await wait(this.#random.int(0, Math.ceil(this.#startTime)))
    await this.#broker.kill()
    this.#report.kills++
    this.#report.startKills++
    this.#hear()
  }

  /** Whether what is stored fits together. */
  async #check(): Promise<void> {
    const { main, data, node } = this.#options
    const complaint = await checkStore(main, data, node)
    this.#report.storeChecks++
    if (complaint !== null) this.#report.wrong('broker', complaint)
  }

  #hear(): void {
    for (const complaint of this.#broker.complaints) this.#report.wrong('broker', complaint)
  }

  async #everybodyDied(): Promise<void> {
    const { publishers, subscribers, keeper, marker, wills } = this.#cast
    const clients = [...publishers, ...subscribers, keeper, marker].map(({ client }) => client.died())
    await Promise.all([...clients, wills.died(), this.#newcomers.died()])
  }
}
