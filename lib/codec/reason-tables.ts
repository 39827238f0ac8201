/** Packets of MQTT 5.0 with reason codes; SUBACK and UNSUBACK have one a filter. */
type Coded =
  | 'connack'
  | 'puback'
  | 'pubrec'
  | 'pubrel'
  | 'pubcomp'
  | 'suback'
  | 'unsuback'
  | 'disconnect'
  | 'auth'

function table(...codes: number[]): Uint8Array {
  const known = new Uint8Array(256)
  for (const code of codes) known[code] = 1
  return known
}

const publishing = table(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99)
const releasing = table(0x00, 0x92)

/** What either side may send: MQTT 5.0, tables 3-1, 3-4 to 3-10 and 3-11. */
const defined: Readonly<Record<Coded, Uint8Array>> = {
  // biome-ignore format: a table
  connack: table(
    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a,
    0x9b, 0x9c, 0x9d, 0x9f
  ),
  puback: publishing,
  pubrec: publishing,
  pubrel: releasing,
  pubcomp: releasing,
  suback: table(0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2),
  unsuback: table(0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91),
  // biome-ignore format: a table
  disconnect: table(
    0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97,
    0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2
  ),
  auth: table(0x00, 0x18, 0x19)
}

/** Whether MQTT 5.0 gives `code` a meaning in this packet, whoever sent it. */
export function isDefinedReason(code: number, packet: Coded): boolean {
  return defined[packet][code] === 1
}

/** Server only, by the column "Sent by" of the table of DISCONNECT. */
const byServer = table(
  0x87,
  0x89,
  0x8b,
  0x8d,
  0x8e,
  0x8f,
  0x9a,
  0x9b,
  0x9c,
  0x9d,
  0x9e,
  0x9f,
  0xa0,
  0xa1,
  0xa2
)

/** Whether a client may send DISCONNECT with `code` [5.0 MQTT-3.14.2-1]; `decode` takes both directions. */
export function isClientDisconnectReason(code: number): boolean {
  return isDefinedReason(code, 'disconnect') && byServer[code] !== 1
}
