import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { BrokerProcess } from './broker-process.js'
import { Ledger, type Message } from './ledger.js'
import { Publisher } from './publisher.js'
import { Random } from './random.js'
import { Report } from './report.js'
import { Subscriber } from './subscriber.js'

export interface FullDiskOptions {
  /** An empty directory: a file system of a few MB is mounted there. */
  readonly data: string
  readonly main: string
  readonly node?: readonly string[]
  readonly seed: number
  readonly tell?: (text: string) => void
}

const topic = 'm/0'

/** Quota exceeded, or unspecified. */
const isFullCode = (code: number) => code === 0x97 || code === 0x80

/**
 * A file system runs full under the broker: publishers of MQTT 5 are told, those of 3.1.1 lose their connection, nobody
 * gets an acknowledgement, and what was acknowledged before is not lost. There is room again: it is taken again. The
 * same with a kill while it is full. Settles with a reason when the machine allows no mount.
 */
export async function fullDisk(options: FullDiskOptions): Promise<Report | string> {
  const { data } = options
  const report = new Report()
  for (const kill of [false, true]) {
    const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', data])
    if (status !== 0) return `no file system can be mounted (${String(error ?? stderr).trim()})`
    try {
      await new FullDisk(options, report, kill).all()
    } finally {
      spawnSync('umount', [data])
    }
  }
  return report
}

class FullDisk {
  readonly #options: FullDiskOptions
  readonly #report: Report
  readonly #kill: boolean
  readonly #ballast: string
  /** Publish with QoS 1, and with QoS 2. */
  readonly #five: Publisher
  readonly #two: Publisher
  readonly #three: Publisher
  readonly #subscriber: Subscriber
  readonly #ledger: Ledger
  readonly #refused = new Set<Message>()
  #broker!: BrokerProcess

  constructor(options: FullDiskOptions, report: Report, kill: boolean) {
    this.#options = options
    this.#report = report
    this.#kill = kill
    this.#ballast = join(options.data, 'ballast')
    this.#ledger = new Ledger(report)
    const world = { ledger: this.#ledger, report }
    const random = new Random(options.seed)
    const name = (what: string) => `${what}-${kill ? 'killed' : 'full'}`
    this.#five = new Publisher(world, name('five'), { version: 5, topics: [topic] }, random.fork())
    this.#two = new Publisher(world, name('two'), { version: 5, topics: [topic] }, random.fork())
    this.#three = new Publisher(world, name('three'), { version: 4, topics: [topic] }, random.fork())
    const subscribed = { version: 5, qos: 2, always: ['m/#'], sometimes: [] } as const
    this.#subscriber = new Subscriber(world, name('subscriber'), subscribed, random.fork())
    for (const { client } of [this.#five, this.#two]) {
      client.onRefused = (message, code) => {
        this.#refused.add(message)
        if (!isFullCode(code)) report.wrong('refused', `with 0x${code.toString(16)}`)
      }
    }
    // PUBCOMP has no code to say no with, and a session that is not stored is no session.
    for (const { client } of this.#everybody) {
      client.onRejected = (cmd, code) => {
        const isRight = client.options.version === 5 ? isFullCode(code) || code === 0x88 : code === 3
        if (!isRight) report.wrong('broker', `${client.id} got ${cmd} 0x${code.toString(16)}`)
      }
    }
  }

  get #everybody() {
    return [this.#subscriber, this.#five, this.#two, this.#three]
  }

  async all(): Promise<void> {
    const { tell = () => {} } = this.#options
    writeFileSync(this.#ballast, Buffer.alloc(28 * 1_048_576))
    let port = await this.#start()
    await this.#until('a subscription', () => {
      this.#subscriber.calm(port)
      return this.#subscriber.settled
    })
    // What comes waits on the disk.
    await this.#subscriber.client.close(true)

    await this.#connectAll(port)
    for (let i = 0; i < 20; i++) this.#two.publishOn(topic, 2, 1000)
    await this.#until('PUBCOMP', () => this.#two.client.sending.size === 0)
    await this.#fill()
    const taken = this.#report.acknowledged
    tell(`full: ${taken} acknowledged, ${this.#refused.size} refused`)
    await this.#publishWhileFull()
    if (this.#kill) {
      await this.#die()
      // Nothing can be recovered where nothing can be written; that it says so is all that can be asked.
      const again = this.#process()
      const opened = await again.ready
      await again.kill()
      tell(
        opened === null ? `on the full disk: ${again.complaints.join('; ')}` : 'it starts on the full disk'
      )
    }
    rmSync(this.#ballast)
    if (this.#kill) port = await this.#start()
    await this.#recover(port)
    tell(`room again: ${this.#report.acknowledged - taken} more acknowledged`)
    // What was written since is found again, too: behind the half of something.
    await this.#die()
    port = await this.#start()
    await this.#connectAll(port)
    await this.#drain(port)
    await this.#broker.stop()
    await this.#everybodyDied()
  }

  #process(): BrokerProcess {
    const { main, node, data } = this.#options
    return new BrokerProcess(main, ['--data', join(data, 'store')], node)
  }

  async #start(): Promise<number> {
    this.#broker = this.#process()
    const port = await this.#broker.ready
    if (port === null) throw new Error(`the broker does not start: ${this.#broker.complaints.join('; ')}`)
    this.#broker.ended.then(wanted => {
      if (!wanted) this.#report.wrong('broker', `it ended by itself: ${this.#broker.complaints.join('; ')}`)
    })
    return port
  }

  async #connectAll(port: number): Promise<void> {
    const publishers = [this.#five, this.#two, this.#three]
    await this.#until('connections', () => {
      for (const one of publishers) this.#keepConnected(port, one)
      return publishers.every(({ client }) => client.connected)
    })
  }

  /** Until the first message is refused. */
  async #fill(): Promise<void> {
    const { client } = this.#five
    await this.#until('a refusal', () => {
      while (client.sending.size < 20 && this.#refused.size === 0) this.#five.publishOn(topic, 1, 10_000)
      return this.#refused.size > 0
    })
    await this.#until('the answers', () => client.sending.size === 0)
  }

  /** MQTT 5 gets a code; 3.1.1 no acknowledgement and the end of the connection. */
  async #publishWhileFull(): Promise<void> {
    const before = this.#refused.size
    for (const one of [this.#five, this.#two]) {
      for (let i = 0; i < 3; i++) one.publishOn(topic, one === this.#two ? 2 : 1, 10_000)
    }
    await this.#until('six refusals', () => this.#refused.size === before + 6)
    const message = this.#three.publishOn(topic, 1, 10_000)
    const { client } = this.#three
    await this.#until(
      'the end of a connection',
      () => client.idle || message.acked < Number.POSITIVE_INFINITY
    )
    if (message.acked < Number.POSITIVE_INFINITY)
      this.#report.wrong('broker', `it acknowledged ${message.key}`)
  }

  async #recover(port: number): Promise<void> {
    const before = this.#report.acknowledged
    await this.#until('acknowledgements again', () => {
      for (const one of [this.#five, this.#two, this.#three]) this.#keepConnected(port, one)
      const { client } = this.#two
      if (client.connected && client.sending.size < 4) this.#two.publishOn(topic, 2, 1000)
      return this.#report.acknowledged > before + 20 && this.#three.client.sending.size === 0
    })
    await this.#until('all acknowledgements', () => this.#two.client.sending.size === 0)
  }

  /** What was refused may come, or not. */
  async #drain(port: number): Promise<void> {
    const last = [this.#five.publishOn('end/0', 1), this.#five.publishOn('end/0', 2)]
    await this.#until('everything that waits', () => {
      this.#subscriber.calm(port)
      return last.every(({ key }) => this.#subscriber.hasMarker(key))
    })
    this.#ledger.judge()
    await Promise.all(this.#everybody.map(({ client }) => client.close(true)))
  }

  #keepConnected(port: number, { client }: Publisher): void {
    if (client.idle) client.open(port)
  }

  async #die(): Promise<void> {
    await this.#broker.kill()
    this.#report.kills++
    await this.#everybodyDied()
  }

  async #everybodyDied(): Promise<void> {
    await Promise.all(this.#everybody.map(({ client }) => client.died()))
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    const deadline = performance.now() + 15_000
    while (!holds()) {
      if (performance.now() > deadline) {
        await this.#broker.kill()
        throw new Error(`${what}: nothing of that came; ${this.#broker.complaints.join('; ')}`)
      }
      await wait(5)
    }
  }
}
