import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'
import { secondsUntil } from './arrival.js'
import { witnessOf } from './witness.js'

/** Ends the case when the broker takes another keep alive, shorter than so many seconds. */
function itsOwn({ notApplicable }: Scene, { connack }: TestClient, shorter = Infinity): void {
  const own = connack?.properties.serverKeepAlive
  if (own !== undefined && own < shorter) notApplicable(`the broker has a keep alive of its own, ${own} s`)
}

export const keepAliveOver: CaseDefinition = {
  name: 'keep-alive-over',
  title:
    'a client that is silent for one and a half times its keep alive is cut off, and its will is published',
  proves: { '3.1.1': ['3.1.2-24'], '5.0': ['3.1.2-22', '3.2.2-22'] },
  needs: ['clientKeepAlive'],
  seconds: 4,
  async run(scene) {
    const { connect, topic, check } = scene
    const witness = await witnessOf(scene, topic('will'))
    const start = performance.now()
    const client = await connect({ keepalive: 2, will: { topic: topic('will') } })
    itsOwn(scene, client)
    const passed = await secondsUntil(start, () => client.ended, 6)
    await client.closes(0x8d)
    check(passed >= 2, 'no end before the keep alive of 2 s is over', `it came after ${passed.toFixed(1)} s`)
    await witness.message(topic('will'))
  }
}

export const keepAliveKept: CaseDefinition = {
  name: 'keep-alive-kept',
  title: 'a client that sends something within its keep alive stays connected, whatever it sends',
  proves: { '3.1.1': ['3.1.2-24'], '5.0': ['3.1.2-22'] },
  needs: ['clientKeepAlive'],
  seconds: 7,
  async run(scene) {
    const { connect, topic, seconds } = scene
    const pinger = await connect({ keepalive: 3, label: 'pinger' })
    itsOwn(scene, pinger)
    const publisher = await connect({ keepalive: 3, label: 'publisher' })
    for (let i = 0; i < 7; i++) {
      // It does not wait for the answer here: with a slow one it would be silent for too long itself.
      pinger.send({ cmd: 'pingreq' })
      publisher.startPublish(topic(), 'still here')
      await seconds(1)
    }
    for (let i = 0; i < 7; i++) await pinger.next('pingresp')
    await pinger.ping()
    await publisher.ping()
  }
}

export const keepAliveOnlyReceiving: CaseDefinition = {
  name: 'keep-alive-only-receiving',
  title: 'what the broker sends does not keep a silent client connected',
  proves: { '3.1.1': ['3.1.2-24'], '5.0': ['3.1.2-22', '3.2.2-22'] },
  needs: ['clientKeepAlive'],
  seconds: 4,
  async run(scene) {
    const { connect, topic } = scene
    const publisher = await connect({ label: 'publisher' })
    const client = await connect({ keepalive: 2 })
    itsOwn(scene, client)
    await client.subscribe(topic())
    const timer = setInterval(() => publisher.startPublish(topic(), 'news'), 500)
    try {
      await secondsUntil(performance.now(), () => client.ended, 6)
      await client.closes(0x8d)
    } finally {
      clearInterval(timer)
    }
  }
}

export const keepAliveNone: CaseDefinition = {
  name: 'keep-alive-none',
  title: 'a client without a keep alive may be silent',
  proves: { '3.1.1': ['3.1.2-24'], '5.0': ['3.1.2-22'] },
  needs: ['clientKeepAlive'],
  seconds: 6,
  async run(scene) {
    const { open, connectPacket, seconds, notApplicable } = scene
    const client = await open()
    client.send(connectPacket({ keepalive: 0 }))
    await client.until('a CONNACK, or the end', () => client.inbox.length > 0, true)
    client.connack = client.inbox.find(({ cmd }) => cmd === 'connack')
    // A server may check a CONNECT by restrictions of its own [5.0: 3.1.4].
    if (client.connack?.reasonCode !== 0) notApplicable('the broker accepts no client without a keep alive')
    // Some say what they make of "none": their longest time.
    itsOwn(scene, client, 60)
    await seconds(6)
    await client.ping()
  }
}
