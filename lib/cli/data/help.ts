import { optionSection } from '../help-text.js'
import { dataGroups, dataOptions } from './options.js'

const examples = `Examples
  stackmq data check /var/lib/mqtt
      Reads everything that a broker has stored there, says what there is and whether it fits together.
  stackmq data export /var/lib/mqtt --output backup.jsonl
      Writes it down as JSON lines: sessions, subscriptions, queues, what is in flight, retained messages, wills.
  stackmq data import /var/lib/mqtt-new --input backup.jsonl
      Makes a new store of them. Then: stackmq start --data /var/lib/mqtt-new
  stackmq data export old | stackmq data import new
      The same without a file: what is damaged is told and left out, and the new store is as small as it can be.
  stackmq data export old | gzip > backup.jsonl.gz
      Compressed; \`gunzip -c backup.jsonl.gz | stackmq data import new\` brings it back.
  stackmq data export old | jq -r 'select(.type == "retained") | .message.topic'
      The topics that have a retained message.
`

const notes = `The store must not be in use: stop its broker first.
check and export change nothing in it. import takes a directory that is new or empty, and no other.

The lines of an export
  {"format":"stackmq-data","version":1}
      The first one. The last one is {"type":"end","lines":N}, with the number of lines between them.
  {"type":"session","clientId":…,"expiryInterval":3600,"expiresAt":…,"subscriptions":[{"topic":"a/#","qos":1,…}]}
      A session. What belongs to it follows, before the next one:
  {"type":"inflight","clientId":…,"messageId":7,"awaits":"pubrec","qos":2,…,"message":{…}}
      Sent to the client and not acknowledged; awaits says which packet is next: puback, pubrec or pubcomp.
  {"type":"incoming","clientId":…,"messageId":7,"awaits":"pubrel"}
      Received from the client with QoS 2, whose PUBREL has not come.
  {"type":"queued","clientId":…,"qos":1,"retain":false,"identifiers":null,"message":{…}}
      It waits for the client, in this order.
  {"type":"retained","message":{"topic":"t","payload":{"utf8":"21.5"},"qos":1,"retain":true,"expiresAt":null}}
  {"type":"will","clientId":…,"delay":5,"dueAt":…,"message":{…}}
  Payloads are {"utf8":…} where that is no loss, else {"base64":…}. Times are milliseconds since the epoch.
  A message that waits for several sessions is there once, with a number: "shared":1; later lines have the number only.

It exits with 0 when all is well, 1 when there are problems or it could not do what it was told, 2 when it was told
wrongly.
`

/** `stackmq data --help` */
export function dataHelp(): string {
  const title = 'stackmq data check|export|import DIR [options]: looks after what a broker has stored\n'
  return [title, examples, optionSection(dataGroups.files, dataOptions), notes].join('\n')
}
