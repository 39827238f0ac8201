import { SessionClient } from './session-client.js'
import type { SubscriptionHistory } from './subscription-history.js'

/** Subscribes and unsubscribes, and keeps its own account of it. */
export class SubscribingClient extends SessionClient {
  /** For each filter, QoS that was granted is what was asked for. */
  change(history: SubscriptionHistory, filter: string, qos: 1 | 2, on: boolean): void {
    const { ledger, report } = this.world
    const sent = ledger.step()
    const before = history.isOn(filter, sent)
    const change = history.add(filter, { on, sent, acked: Number.POSITIVE_INFINITY })
    report.subscriptionChanges++
    if (on) {
      const more = this.options.version === 5 ? { nl: false, rap: false, rh: 2 } : {}
      this.ask({ cmd: 'subscribe', subscriptions: [{ topic: filter, qos, ...more }] }, ([code]) => {
        change.acked = ledger.step()
        ledger.committed(sent)
        if (code !== qos) report.wrong('subscriptions', `${this.id}: SUBACK for ${filter} said ${code}`)
      })
      return
    }
    this.ask({ cmd: 'unsubscribe', unsubscriptions: [filter] }, ([code]) => {
      change.acked = ledger.step()
      ledger.committed(sent)
      if (this.options.version !== 5 || before === null || code === (before ? 0 : 0x11)) return
      const what = before ? 'was subscribed' : 'was not subscribed'
      report.wrong('subscriptions', `${this.id} ${what} to ${filter}, UNSUBACK said ${code}`)
    })
  }
}
