/** The few packets a load generator needs, as bytes. It checks nothing: it has to be cheap. */

function withHeader(first, body) {
  const length = []
  let rest = body.length
  do {
    const digit = rest & 127
    rest >>= 7
    length.push(rest > 0 ? digit | 128 : digit)
  } while (rest > 0)
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

function text(value) {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

const properties = version => (version === 5 ? Buffer.from([0]) : Buffer.alloc(0))

export function connect(clientId, version) {
  const fixed = Buffer.from([version, 2, 0, 0])
  return withHeader(0x10, Buffer.concat([text('MQTT'), fixed, properties(version), text(clientId)]))
}

export function subscribe(filter, qos, version) {
  return withHeader(
    0x82,
    Buffer.concat([Buffer.from([0, 1]), properties(version), text(filter), Buffer.from([qos])])
  )
}

export function publish(topic, qos, messageId, size, version) {
  const id = qos > 0 ? Buffer.from([messageId >> 8, messageId & 255]) : Buffer.alloc(0)
  return withHeader(
    0x30 | (qos << 1),
    Buffer.concat([text(topic), id, properties(version), Buffer.alloc(size, 120)])
  )
}
