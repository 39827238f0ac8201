import { optionSection } from './help-text.js'
import { type CommandOption, groups, type OptionGroup } from './option.js'
import { optionTable } from './option-table.js'

/** `stackmq --help` */
export const generalHelp = `stackmq: an MQTT broker for MQTT 3.1, 3.1.1 and 5.0

  stackmq start          runs a broker on this machine: MQTT on port 1883, WebSocket on port 8083
  stackmq start --help   shows what it can be told
  stackmq help start     the same
  stackmq spec URL       finds out how well a broker keeps to the specification, any broker
  stackmq spec --help    shows what it can be told
  stackmq bench          measures what messages and connections cost a broker, side by side with others
  stackmq data           looks after what a broker has stored: checks it, exports it, imports it
  stackmq data --help    shows what it can be told
  stackmq --version      prints the version

Try it:
  stackmq start
  mosquitto_sub -v -t 'test/#'
  mosquitto_pub -t test/hello -m hello
`

const examples = `Examples
  stackmq start
      Listens where only this machine can reach it: mqtt://localhost:1883 and ws://localhost:8083/mqtt.
  stackmq start --port 1883 --host 0.0.0.0 --username ada --password-file /run/secrets/mqtt
      For other machines, with a password.
  stackmq start --port 1883 --host 0.0.0.0 --allow-anonymous
      For other machines, without one: in a network you trust.
  stackmq start --tls-port 8883 --tls-cert server.crt --tls-key server.key --tls-ca clients.crt --tls-require-client-cert
      Over TLS only, for clients with a certificate.
  stackmq start --ws-port 0 --log-level debug
      WebSocket on a free port, a line in the log for every packet.
  STACKMQ_MAX_QOS=1 stackmq start --no-retain
      Every option is an environment variable too: --max-qos is STACKMQ_MAX_QOS. The option wins.
`

const notes = `Times are seconds, or have a unit: 500ms, 10s, 5m, 1h, 7d. Sizes are bytes, or have one: 64K, 16M, 1G.
A first SIGINT or SIGTERM stops it cleanly, a second one at once.
It exits with 0 after a clean stop, 1 when it could not do what it was told, 2 when it was told wrongly.
`

/** `stackmq start --help` */
export function startHelp(): string {
  const listed = Object.keys(groups).map(group => section(group as OptionGroup))
  return ['stackmq start [options]: runs a broker until it is stopped\n', examples, ...listed, notes].join(
    '\n'
  )
}

function section(group: OptionGroup): string {
  return optionSection(
    groups[group],
    (optionTable as readonly CommandOption[]).filter(option => option.group === group)
  )
}
