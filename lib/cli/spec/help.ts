import { optionSection } from '../help-text.js'
import { type SpecGroup, specGroups, specOptions } from './options.js'

const examples = `Examples
  stackmq spec mqtt://localhost:1883
      Everything, on a broker of this machine: what holds, what does not, and what was said.
  stackmq spec mqtt://localhost:1883 --version 5 --only 3.8,4.7.3-1
      One version, one section and one statement.
  stackmq spec mqtts://broker.example:8883 --tls-ca ca.pem --username ada --password-file secret.txt
      Over TLS, with a password.
  stackmq spec mqtt://localhost:1883 --capabilities broker.json --reporter junit --output report.xml
      For a build server: known failures are no failures.
  stackmq spec mqtt://localhost:1883 --reporter html --output report.html
      One page to read in a browser, with every packet.
  stackmq spec mqtt://localhost:1883 --against mqtt://localhost:1884
      Where two brokers differ.
  stackmq spec --list --only 3.8
      The cases about SUBSCRIBE.
  stackmq spec --coverage
      How much of the specification the suite is about.
`

/** Also read by the tests: it has to be a capability file. */
export const capabilityExample = `{
  // What the broker offers. Most of it is found out; say here what is not, or was found out wrongly.
  "capabilities": {
    "versions": ["3.1.1", "5.0"],       // that it speaks
    "retain": true,                     // retained messages
    "maximumQos": 2,                    // 0, 1 or 2
    "wildcards": true,                  // filters with + and #
    "sharedSubscriptions": true,        // $share/…
    "subscriptionIdentifiers": true,
    "topicAliasMaximum": 10,            // highest topic alias it takes; 0: none
    "receiveMaximum": 20,               // messages of QoS 1 and 2 that it takes at a time
    "maximumPacketSize": null,          // in bytes; null: no limit
    "serverKeepAlive": null,            // in seconds; null: that of the client holds
    "emptyClientIds": true,             // clients without a client id get one
    "sessions": true,                   // sessions outlive their connection, at least for a minute
    "authentication": true,             // it refuses a wrong user name or password
    "refusedClientId": "forbidden",     // a client id that it refuses
    "refusedTopic": "secret/topic",     // a topic that these clients may not publish to
    "refusedFilter": "secret/#",        // a filter that they may not subscribe to
    "enhancedAuthentication": {         // MQTT 5.0: an exchange of AUTH packets
      "method": "SCRIPT",               // Authentication Method
      "data": "hello",                  // Authentication Data of CONNECT
      "answers": ["ada"],               // to each challenge, in turn
      "wrong": "eve",                   // an answer that is refused
      "reauthentication": true          // it may be repeated
    },
    "webSocketUrl": "ws://localhost:8083/mqtt"
  },
  // Cases that are known to fail, by id (see --list) or name, with the reason. One that passes is told.
  "knownFailures": {
    "5.0:granted-qos": "issue 12: it grants QoS 1 at most"
  },
  // The same broker with other settings: cases that need what the first one lacks run there.
  "also": [
    { "url": "mqtt://localhost:1884", "username": "ada", "password": "x", "capabilities": { "retain": false } }
  ]
}
`

const notes = `Needs
  A case names what it needs of the broker: QoS 2, retained messages, a topic that is refused. What the broker does
  not offer is no mistake, so the case is skipped, and the report says what was missing. Offer it on another
  listener or instance (--also), or say that it is there (--capabilities), and the case runs.

What a statement of the specification can be
  passed      cases prove it, and all that ran passed
  failed      a case saw it broken; known: the capability file expected that
  skipped     its cases need what the broker does not offer
  unproved    no case can prove it, or its cases failed before they came to it

Exit codes
  0    no case failed; skipped cases and known failures are fine
  1    a case failed, or a known failure passes now, or the broker cannot be reached
  2    the command line, or a file that it names, is wrong
  130  stopped by SIGINT: it cleans up, and reports what it has; a second one ends it at once
  With --against it is the first broker that counts.

Cases use topics and client ids of their own and remove what they leave: a broker in use is not disturbed, but it will
see clients that break the rules. Progress and problems go to standard error. NO_COLOR switches colours off.
Times are seconds, or have a unit: 500ms, 10s, 5m.
`

/** `stackmq spec --help` */
export function specHelp(): string {
  const sections = Object.entries(specGroups).map(([group, title]) =>
    optionSection(
      title,
      specOptions.filter(option => option.group === (group as SpecGroup))
    )
  )
  const file = `Capability file (JSON; lines may have comments)\n${capabilityExample.replace(/^(?=.)/gm, '  ')}`
  return [
    'stackmq spec URL [options]: finds out how well a broker keeps to MQTT 3.1.1 and 5.0, any broker\n',
    ...[examples, ...sections, file, notes]
  ].join('\n')
}
