import type mqtt from 'mqtt-packet'
import type { CaseDefinition } from '../../case.js'
import type { Scene } from '../../scene.js'
import type { ReceivedProperties } from '../../wire/received.js'

type Given = NonNullable<mqtt.IPublishPacket['properties']>

/** How many bytes a long value has, where the broker takes packets of that size. */
const long = ({ facts }: Scene) => Math.max(1, Math.min(1000, (facts.maximumPacketSize ?? 2000) - 200))

/** Publishes a message with these properties: those that come to a subscriber. */
async function forwarded({ connect, topic }: Scene, given: readonly Given[]): Promise<ReceivedProperties[]> {
  const publisher = await connect({ label: 'publisher' })
  const subscriber = await connect({ label: 'subscriber' })
  await subscriber.subscribe(topic())
  const found: ReceivedProperties[] = []
  for (const properties of given) {
    await publisher.publish(topic(), 'x', { properties })
    found.push((await subscriber.message()).properties)
  }
  return found
}

export const payloadFormat: CaseDefinition = {
  name: 'payload-format-is-forwarded',
  title: 'the payload format indicator reaches the subscriber as it was published',
  proves: { '5.0': ['3.3.2-4'] },
  async run(scene) {
    const given = [{ payloadFormatIndicator: true }, { payloadFormatIndicator: false }, {}]
    const found = await forwarded(scene, given)
    // None means the same as 0.
    const values = found.map(one => one.payloadFormatIndicator ?? 0)
    scene.same(values, [1, 0, 0], 'payload format indicators')
  }
}

export const responseTopic: CaseDefinition = {
  name: 'response-topic-is-forwarded',
  title: 'the response topic reaches the subscriber as it was published',
  proves: { '5.0': ['3.3.2-15'] },
  async run(scene) {
    const names = [scene.topic('antworten/für/é'), '/', ' a //b ', '\uFEFFr', 'r'.repeat(200)]
    const found = await forwarded(
      scene,
      names.map(responseTopic => ({ responseTopic }))
    )
    scene.same(
      found.map(one => one.responseTopic),
      names,
      'response topics'
    )
  }
}

export const correlationData: CaseDefinition = {
  name: 'correlation-data-is-forwarded',
  title: 'correlation data reaches the subscriber as it was published',
  proves: { '5.0': ['3.3.2-16'] },
  async run(scene) {
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const data = [Buffer.from([0]), Buffer.from([0xff, 0, 0xc0, 0x80]), all, Buffer.alloc(long(scene), 0xed)]
    const found = await forwarded(
      scene,
      data.map(correlationData => ({ correlationData }))
    )
    const hex = found.map(one => one.correlationData?.toString('hex'))
    scene.same(
      hex,
      data.map(one => one.toString('hex')),
      'correlation data'
    )
  }
}

export const contentType: CaseDefinition = {
  name: 'content-type-is-forwarded',
  title: 'the content type reaches the subscriber as it was published',
  proves: { '5.0': ['3.3.2-20'] },
  async run(scene) {
    const types = ['text/plain; x=ü', 'no type at all', '\uFEFF😀', 'c'.repeat(long(scene))]
    const found = await forwarded(
      scene,
      types.map(contentType => ({ contentType }))
    )
    scene.same(
      found.map(one => one.contentType),
      types,
      'content types'
    )
  }
}

export const emptyProperties: CaseDefinition = {
  name: 'empty-properties-are-forwarded',
  title: 'a content type and correlation data without a single byte reach the subscriber',
  proves: { '5.0': ['3.3.2-16', '3.3.2-20'] },
  async run(scene) {
    const given = { contentType: '', correlationData: Buffer.alloc(0) }
    const [found] = await forwarded(scene, [given])
    scene.same(found?.contentType, '', 'the content type', ['3.3.2-20'])
    scene.same(found?.correlationData?.length, 0, 'bytes of correlation data', ['3.3.2-16'])
  }
}

export const retainedProperties: CaseDefinition = {
  name: 'properties-are-retained',
  title: 'a retained message keeps its properties',
  proves: { '5.0': ['3.3.2-4', '3.3.2-15', '3.3.2-16', '3.3.2-20'] },
  needs: ['retain', 'qos1'],
  async run({ connect, topic, same }) {
    const publisher = await connect({ label: 'publisher' })
    const properties = {
      ...{ payloadFormatIndicator: true, responseTopic: topic('r'), contentType: 'text/plain' },
      correlationData: Buffer.from([0, 0xff])
    }
    await publisher.publish(topic(), 'kept', { qos: 1, retain: true, properties })
    const subscriber = await connect({ label: 'subscriber' })
    await subscriber.subscribe(topic())
    const { properties: found } = await subscriber.message()
    same(found.payloadFormatIndicator, 1, 'the payload format indicator', ['3.3.2-4'])
    same(found.responseTopic, topic('r'), 'the response topic', ['3.3.2-15'])
    same(found.correlationData?.toString('hex'), '00ff', 'the correlation data', ['3.3.2-16'])
    same(found.contentType, 'text/plain', 'the content type', ['3.3.2-20'])
  }
}
