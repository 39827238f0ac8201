/** What execute(), chain() and handles() take: names of the map, their context, and a store where there is one. */
import type { CallbackName, Chain, Ctx, MaybePromise, Stack, Store, StoreArg, Subscription } from 'stackmq'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const yes = <T extends true>(value?: T) => value

yes<Same<StoreArg<'commit'>, []>>()
yes<Same<StoreArg<'removeInflight'>, [store: { existed: boolean }]>>()
yes<Same<Store<'clientConnected'>, void>>()
yes<Same<Store<'relayMessage'>, { matched: number }>>()
// @ts-expect-error Same tells types apart
yes<Same<Store<'relayMessage'>, { matched: string }>>()

// Members of a middleware are no callbacks.
yes<Same<Extract<CallbackName, 'handle' | 'start' | 'stop' | 'install' | 'name' | 'stack'>, never>>()

export function check(stack: Stack, subscription: Subscription): void {
  stack.execute('commit', {})
  // @ts-expect-error commit has no store
  stack.execute('commit', {}, { stored: true })
  // @ts-expect-error a store is wanted
  stack.execute('removeInflight', { clientId: 'c', messageId: 1 })
  // @ts-expect-error the store is another one
  stack.execute('removeInflight', { clientId: 'c', messageId: 1 }, { matched: 0 })
  // @ts-expect-error messageId is missing
  stack.execute('removeInflight', { clientId: 'c' }, { existed: false })
  // @ts-expect-error misspelt
  stack.execute('relayMesage', {}, { matched: 0 })
  // @ts-expect-error misspelt
  stack.handles('relayMesage')
  // @ts-expect-error misspelt
  stack.chain('relayMesage')

  const found: MaybePromise<{ existed: boolean }> = stack.execute(
    'removeInflight',
    { clientId: 'c', messageId: 1 },
    { existed: false }
  )
  // @ts-expect-error it may be a promise
  found.existed
  // With a callback there is nothing to return.
  yes<Same<ReturnType<typeof called>, void>>()
  function called() {
    return stack.execute(
      'removeInflight',
      { clientId: 'c', messageId: 1 },
      { existed: false },
      err => err?.message
    )
  }

  const chain: Chain<Ctx<'storeSubscription'>, Store<'storeSubscription'>> = stack.chain('storeSubscription')
  chain.run({ clientId: 'c', subscription })
  chain.tell({ clientId: 'c', subscription })
  // @ts-expect-error a subscription is wanted
  chain.run({ clientId: 'c' })
  // @ts-expect-error this chain has a store to fill
  stack.chain('relayMessage').run({ client: null, packet: null as never })
}
