import { hooks, sending, withProperties } from '../kit/change.js'
import { bodyAt, typeOf, withByte } from '../kit/frame.js'
import type { Mutant } from '../kit/mutant.js'

const auth = 15

/** Enhanced authentication: 4.12. All of them need a broker that has a method. */
export const authMutants: readonly Mutant[] = (
  [
    {
      name: 'auth-other-method',
      does: 'names another authentication method in AUTH',
      breaks: { '5.0': ['4.12.0-5'] },
      change: sending('auth', packet => withProperties(packet, { authenticationMethod: 'OTHER' }))
    },
    {
      name: 'auth-method-missing-in-connack',
      does: 'does not name the authentication method in CONNACK',
      breaks: { '5.0': ['4.12.0-5'] },
      change: sending('connack', packet => withProperties(packet, { authenticationMethod: undefined }))
    },
    {
      name: 'auth-method-unasked',
      does: 'names an authentication method that the client did not use',
      breaks: { '5.0': ['4.12.0-6'] },
      change: sending('connack', packet =>
        packet.reasonCode === 0 ? withProperties(packet, { authenticationMethod: 'SUITE' }) : packet
      )
    },
    {
      name: 'auth-continues-with-0',
      does: 'asks for more data with AUTH 0x00',
      breaks: { '5.0': ['4.12.0-2'] },
      rewrite: () => ({
        toClient: frame =>
          typeOf(frame) === auth && frame[2] === 0x18 ? withByte(frame, bodyAt(frame), 0) : frame
      })
    },
    {
      name: 'auth-code-unknown',
      does: 'says AUTH 0x19, which only clients do',
      breaks: { '5.0': ['3.15.2-1'] },
      rewrite: () => ({
        toClient: frame =>
          typeOf(frame) === auth && frame.length > 2 ? withByte(frame, bodyAt(frame), 0x19) : frame
      })
    },
    {
      name: 'auth-flags-any',
      does: 'does not look at the flags of AUTH',
      breaks: { '5.0': ['3.15.1-1'] },
      rewrite: () => ({ toBroker: frame => (typeOf(frame) === auth ? withByte(frame, 0, 0xf0) : frame) })
    },
    {
      name: 'auth-unknown-method-accepted',
      does: 'lets clients in whose authentication method it does not know, as if they had none',
      breaks: { '5.0': ['4.12.0-1'] },
      change: hooks(() => ({
        authenticateExchange({ method }, store) {
          if (method !== 'SUITE') store.outcome = 'success'
        },
        outgoing(_, packet) {
          if (packet.cmd !== 'connack' || packet.properties?.authenticationMethod === 'SUITE') return packet
          const { authenticationMethod: _method, ...properties } = packet.properties ?? {}
          return { ...packet, properties }
        }
      }))
    },
    {
      name: 'auth-wrong-data-accepted',
      does: 'lets clients in that authenticate wrongly',
      breaks: { '5.0': ['4.12.0-4'] },
      change: hooks(({ stack }) => {
        const { execute } = stack
        // The guard says no by an error: nobody is asked any more.
        stack.execute = ((name: string, ...rest: unknown[]) => {
          if (name === 'authenticateExchange') return Object.assign(rest[1] as object, { outcome: 'success' })
          return (execute as (...args: unknown[]) => unknown).call(stack, name, ...rest)
        }) as typeof execute
        return {}
      })
    },
    {
      name: 'auth-again-fails-and-stays',
      does: 'keeps the connection when authentication fails the second time',
      breaks: { '5.0': ['4.12.1-2'] },
      rewrite: () => {
        let told = false
        return {
          toClient(frame) {
            told ||= typeOf(frame) === 14
            return told ? null : frame
          },
          keepsOpen: () => true
        }
      }
    },
    {
      name: 'auth-without-method-taken',
      does: 'ignores AUTH of clients that named no method',
      breaks: { '5.0': ['4.12.0-7'] },
      rewrite: () => {
        let method = false
        return {
          toBroker(frame) {
            if (typeOf(frame) === 1) method = frame.includes('SUITE')
            return typeOf(frame) === auth && !method ? null : frame
          }
        }
      }
    },
    {
      name: 'auth-other-method-again',
      does: 'lets a client authenticate again with another method',
      breaks: { '5.0': ['4.12.1-1'] },
      rewrite: () => ({
        toBroker: frame =>
          typeOf(frame) === auth && frame[2] === 0x19 && !frame.includes('SUITE') ? null : frame
      })
    },
    {
      name: 'packets-before-authenticated',
      does: 'ignores packets that come before authentication is over',
      breaks: { '5.0': ['3.1.2-30'] },
      rewrite: () => {
        let over = true
        return {
          toBroker(frame) {
            if (typeOf(frame) === 1) over = !frame.includes('SUITE')
            return over || [1, 14, auth].includes(typeOf(frame)) ? frame : null
          },
          toClient(frame) {
            over ||= typeOf(frame) === 2
            return frame
          }
        }
      }
    }
  ] satisfies Mutant[]
).map(mutant => ({ ...mutant, base: 'guarded' }))
