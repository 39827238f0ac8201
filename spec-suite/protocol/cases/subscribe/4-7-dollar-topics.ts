import type { CaseDefinition } from '../../case.js'

export const dollarTopics: CaseDefinition = {
  name: 'dollar-topics',
  title: 'filters that begin with a wildcard do not take topics that begin with $',
  proves: { '3.1.1': ['4.7.2-1'], '5.0': ['4.7.2-1'] },
  needs: ['wildcards', 'qos1'],
  async run({ connect, notApplicable, same, topic }) {
    // Brokers may keep such topics to themselves: this client knows whether there was anything to take.
    const control = await connect({ label: 'control' })
    const watcher = await connect({ label: 'watcher' })
    const sender = await connect({ label: 'sender' })
    const publisher = await connect({ label: 'publisher' })
    const name = `$${topic('x')}`
    control.send({ cmd: 'subscribe', messageId: control.id(), subscriptions: [{ topic: name, qos: 1 }] })
    const answer = () => control.inbox.find(({ cmd }) => cmd === 'suback')
    await control.until('SUBACK, or the end', () => control.ended || answer() !== undefined)
    const granted = answer()?.codes[0] ?? 0x80
    const wide = await watcher.subscribe(['#', '+/x', '+/#', '+/+'], { qos: 1 })
    if (wide.some(one => one >= 0x80)) notApplicable('the broker refuses such wide filters')
    sender.startPublish(name, 'x', { qos: 1 })
    const answered = () => sender.ended || sender.inbox.some(({ cmd }) => cmd === 'puback')
    await sender.until('PUBACK or the end', answered)
    const seen = await watcher.messagesBeforeMarker(sender.ended ? publisher : sender)
    same(
      seen.map(message => message.topic).filter(one => one.startsWith('$')),
      [],
      'topics with $ that the watcher got'
    )
    await publisher.publish(topic('x'), 'without $', { qos: 1 })
    await watcher.message(topic('x'))
    const refused = granted >= 0x80 || sender.ended
    const messages = refused ? [] : await control.messagesBeforeMarker(sender)
    if (messages.length === 0) notApplicable('clients cannot publish to topics that begin with $')
  }
}
