import type { CaseDefinition } from '../../case.js'
import type { TestClient } from '../../client/test-client.js'
import type { Scene } from '../../scene.js'
import { texts } from './texts.js'

/** Seconds after which a session of one second is surely over, for brokers that look only now and then. */
const surely = 7

/** Ends the case when the broker took another interval, as it may [5.0: 3.2.2.3.2]. */
function took({ notApplicable }: Scene, client: TestClient, wanted: number): void {
  const granted = client.connack?.properties.sessionExpiryInterval ?? wanted
  if (granted !== wanted) notApplicable(`the broker made a session expiry of ${wanted} s one of ${granted} s`)
}

export const expiryAbsent: CaseDefinition = {
  name: 'session-expiry-absent',
  title: 'a session without an expiry, or with 0, ends with its connection',
  proves: { '5.0': ['4.1.0-2', '3.2.2-3'] },
  async run(scene) {
    const { connect, clientId, topic, same } = scene
    const publisher = await connect({ label: 'publisher' })
    for (const properties of [undefined, { sessionExpiryInterval: 0 }]) {
      const id = clientId()
      const before = await connect({ clientId: id, clean: false, ...(properties && { properties }) })
      took(scene, before, 0)
      await before.subscribe(topic())
      await before.disconnect()
      const after = await connect({ clientId: id, clean: false })
      same(after.connack?.sessionPresent, false, 'Session Present')
      await publisher.publish(topic(), 'now')
      same(texts(await after.messagesBeforeMarker(publisher, { qos: 0 })), [], 'the messages that came')
    }
  }
}

export const expiryOver: CaseDefinition = {
  name: 'session-expiry-over',
  title: 'a session is gone when its client was away for longer than its expiry',
  proves: { '5.0': ['4.1.0-2', '3.2.2-3'] },
  needs: ['sessions', 'qos1'],
  seconds: surely,
  async run(scene) {
    const { connect, clientId, topic, seconds, same } = scene
    const publisher = await connect({ label: 'publisher' })
    const ids = [clientId(), clientId()]
    for (const [i, id] of ids.entries()) {
      const before = await connect({ clientId: id, keep: 1 })
      took(scene, before, 1)
      await before.subscribe(topic(), { qos: 1 })
      if (i === 0) before.cut()
      else await before.disconnect()
    }
    await publisher.publish(topic(), 'meanwhile', { qos: 1 })
    await seconds(surely)
    for (const id of ids) {
      const after = await connect({ clientId: id, keep: 1 })
      same(after.connack?.sessionPresent, false, 'Session Present')
      await publisher.publish(topic(), 'now', { qos: 1 })
      same(texts(await after.messagesBeforeMarker(publisher)), [], 'the messages that came')
    }
  }
}

export const expiryNotOver: CaseDefinition = {
  name: 'session-expiry-not-over',
  title: 'a session is there until its expiry is over, and 0xFFFFFFFF never is',
  proves: { '5.0': ['3.1.2-23', '3.2.2-3'] },
  needs: ['sessions'],
  seconds: 4,
  async run({ connect, clientId, topic, seconds, same }) {
    const publisher = await connect({ label: 'publisher' })
    // Milliseconds in 32 bits are 24 days; the highest two are the longest time, and none at all.
    const intervals = [0xffff_ffff, 0xffff_fffe, 4_400_000, 2_200_000, 60, 12]
    const rows = intervals.map(keep => ({ keep, clientId: clientId(), label: `for ${keep} s` }))
    for (const row of rows) {
      const before = await connect(row)
      await before.subscribe(topic())
      await before.disconnect()
    }
    await seconds(4)
    // The shortest one is the last to go and the first to be back: with a slow broker it takes a while for all.
    for (const row of rows.reverse()) {
      const after = await connect(row)
      same(after.connack?.sessionPresent, true, `Session Present ${row.label}`)
      await publisher.publish(topic(), row.label)
      // QoS 0 that was sent meanwhile may have been kept.
      await after.next('publish', ({ text }) => text === row.label, `the message '${row.label}'`)
    }
  }
}

export const expiryOfLastConnection: CaseDefinition = {
  name: 'session-expiry-of-last-connection',
  title: 'the expiry of the last connection holds, and not that of an earlier one',
  proves: { '5.0': ['3.1.2-23', '4.1.0-2'] },
  needs: ['sessions'],
  seconds: surely,
  async run(scene) {
    const { connect, clientId, topic, seconds, same } = scene
    const longer = clientId()
    const shorter = clientId()
    const first = await connect({ clientId: longer, keep: 2 })
    took(scene, first, 2)
    await first.subscribe(topic())
    await first.disconnect()
    await (await connect({ clientId: longer, keep: 60 })).disconnect()
    await (await connect({ clientId: shorter, keep: 60 })).disconnect()
    const last = await connect({ clientId: shorter, keep: 1 })
    took(scene, last, 1)
    await last.disconnect()
    await seconds(surely)
    const kept = await connect({ clientId: longer, keep: 60 })
    same(kept.connack?.sessionPresent, true, 'Session Present, 2 s and then 60 s', ['3.1.2-23'])
    const gone = await connect({ clientId: shorter, keep: 60 })
    same(gone.connack?.sessionPresent, false, 'Session Present, 60 s and then 1 s', ['4.1.0-2'])
  }
}

export const expiryInDisconnect: CaseDefinition = {
  name: 'session-expiry-in-disconnect',
  title: 'DISCONNECT can change the expiry of a session',
  proves: { '5.0': ['3.1.2-23', '4.1.0-2'] },
  needs: ['sessions'],
  seconds: surely,
  async run(scene) {
    const { connect, clientId, topic, seconds, same } = scene
    const rows = [
      { from: 60, to: 0, present: false },
      { from: 60, to: 1, present: false },
      { from: 1, to: 60, present: true }
    ].map(row => ({ ...row, clientId: clientId() }))
    for (const { from, to, clientId } of rows) {
      const before = await connect({ clientId, keep: from })
      took(scene, before, from)
      await before.subscribe(topic())
      await before.disconnect(0, { sessionExpiryInterval: to })
    }
    await seconds(surely)
    for (const { from, to, present, clientId } of rows) {
      const after = await connect({ clientId, keep: 60 })
      const ids = [present ? '3.1.2-23' : '4.1.0-2']
      same(after.connack?.sessionPresent, present, `Session Present, ${from} s and then ${to} s`, ids)
    }
  }
}

export const expiryNothingInDisconnect: CaseDefinition = {
  name: 'session-expiry-not-in-disconnect',
  title: 'a DISCONNECT without an expiry leaves that of CONNECT as it is',
  proves: { '5.0': ['3.1.2-23'] },
  needs: ['sessions'],
  async run({ connect, clientId, topic, same }) {
    for (const properties of [undefined, { reasonString: 'bye' }]) {
      const id = clientId()
      const before = await connect({ clientId: id, keep: 60 })
      await before.subscribe(topic())
      await before.disconnect(0, properties)
      const after = await connect({ clientId: id, keep: 60 })
      same(after.connack?.sessionPresent, true, 'Session Present')
    }
  }
}
