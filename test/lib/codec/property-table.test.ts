import t from 'tap'
import { properties, propertiesIn, readProperties, type Where } from '../../../lib/codec/index.js'
import { bytes, outcome } from './wire.js'

/** Table 2-4 of MQTT 5.0 once more, by hand: id, a legal value on the wire, and where it may stand. */
const ack = 'puback pubrec pubrel pubcomp suback unsuback'
const table: ReadonlyArray<readonly [id: string, value: string, where: string]> = [
  ['01', '01', 'publish will'],
  ['02', '00 00 00 0a', 'publish will'],
  ['03', '00 01 "c"', 'publish will'],
  ['08', '00 01 "r"', 'publish will'],
  ['09', '00 01 ff', 'publish will'],
  ['0b', '01', 'publish subscribe'],
  ['11', '00 00 00 00', 'connect connack disconnect'],
  ['12', '00 01 "i"', 'connack'],
  ['13', '00 00', 'connack'],
  ['15', '00 01 "m"', 'connect connack auth'],
  ['16', '00 01 ff', 'connect connack auth'],
  ['17', '00', 'connect'],
  ['18', '00 00 00 00', 'will'],
  ['19', '01', 'connect'],
  ['1a', '00 01 "r"', 'connack'],
  ['1c', '00 01 "s"', 'connack disconnect'],
  ['1f', '00 01 "w"', `connack ${ack} disconnect auth`],
  ['21', '00 01', 'connect connack'],
  ['22', '00 00', 'connect connack'],
  ['23', '00 01', 'publish'],
  ['24', '01', 'connack'],
  ['25', '01', 'connack'],
  ['26', '00 01 "k" 00 01 "v"', `connect connack publish will ${ack} subscribe unsubscribe disconnect auth`],
  ['27', '00 00 00 01', 'connect connack'],
  ['28', '01', 'connack'],
  ['29', '01', 'connack'],
  ['2a', '01', 'connack']
]
const places = Object.keys(propertiesIn) as Where[]

t.test('has the 27 properties of table 2-4', async t => {
  t.equal(table.length, 27)
  t.equal(places.length, 14)
  t.strictSame(
    properties.map(({ id }) => id),
    table.map(([id]) => Number.parseInt(id, 16))
  )
  t.equal(new Set(properties.map(({ name }) => name)).size, 27)
})

t.test('reads each property where it may stand and refuses it elsewhere', async t => {
  for (const [id, value, where] of table) {
    // data comes with a method only
    const wire = bytes(id === '16' ? `15 00 01 "m" ${id} ${value}` : `${id} ${value}`)
    const { name } = properties.find(property => property.id === Number.parseInt(id, 16))!
    for (const place of places) {
      const read = () => readProperties(wire, 0, wire.length, place)
      if (where.split(' ').includes(place)) {
        t.ok(name in read(), `${name} in ${place}`)
      } else {
        t.equal(outcome(read), 'MalformedPacket', `${name} in ${place}`)
      }
    }
  }
})

t.test('refuses each property twice, but user properties and the identifiers of a PUBLISH', async t => {
  for (const [id, value, where] of table) {
    const once = `${id} ${value}`
    const wire = bytes(id === '16' ? `15 00 01 "m" ${once} ${once}` : `${once} ${once}`)
    // not only next to each other
    const apart = bytes(`${id === '16' ? '15 00 01 "m"' : ''} ${once} 26 00 00 00 00 ${once}`)
    for (const place of where.split(' ') as Where[]) {
      const mayRepeat = id === '26' || (id === '0b' && place === 'publish')
      const got = outcome(() => readProperties(wire, 0, wire.length, place))
      t.match(got, mayRepeat ? /^accepted/ : /^ProtocolError$/, `${id} twice in ${place}`)
      t.equal(outcome(() => readProperties(apart, 0, apart.length, place)).startsWith('accepted'), mayRepeat)
    }
  }
})

t.test('refuses each property cut off at every byte', async t => {
  for (const [id, value, where] of table) {
    const wire = bytes(`${id} ${value}`)
    for (let end = 1; end < wire.length; end++) {
      const got = outcome(() => readProperties(wire, 0, end, where.split(' ')[0] as Where))
      t.equal(got, 'MalformedPacket', `${id} after ${end} bytes`)
    }
  }
})

t.test('refuses every id that does not exist', async t => {
  const known = new Set(properties.map(({ id }) => id))
  for (let id = 0; id < 256; id++) {
    if (known.has(id)) continue
    const wire = Buffer.from([id, 0, 0, 0, 1])
    for (const place of places) {
      t.equal(
        outcome(() => readProperties(wire, 0, wire.length, place)),
        'MalformedPacket',
        `${id} in ${place}`
      )
    }
  }
})
