import type { ByVersion } from '../version.js'

/** Why a statement has no case: what it binds cannot be seen by a client that looks at a broker from outside. */
export const untestable: ByVersion<Readonly<Record<string, string>>> = {
  '3.1.1': {
    '2.3.1-2': 'binds the client; a broker may not even object to an identifier that is in use',
    '2.3.1-3': 'binds the client; a broker cannot know what a client should have sent again',
    '3.1.2-23': 'binds the client; what a broker does with a silent client is 3.1.2-24',
    '3.14.4-1': 'binds the client, after its last packet',
    '4.5.0-2': 'binds the client; to a broker, a missing acknowledgement is one that is late',
    '4.6.0-2': 'binds the client; a broker takes acknowledgements in any order',
    '4.6.0-3': 'binds the client; a broker takes acknowledgements in any order',
    '4.8.0-2':
      'a shortage inside the broker cannot be brought about from outside, nor told from another reason to close',
    '6.0.0-3': 'binds the client; what a broker answers to it is 6.0.0-4',
    '7.0.0-1': 'is about connections that the broker opens to other brokers',
    '7.1.2-1': 'binds the client'
  },
  '5.0': {
    '3.1.2-20': 'binds the client; what a broker does with a silent client is 3.1.2-22',
    '3.1.2-21': 'binds the client; what a broker does with a silent client is 3.1.2-22',
    '3.2.2-4': 'binds the client, which knows alone what it holds',
    '3.2.2-5': 'binds the client, which knows alone what it holds',
    '3.2.2-21': 'binds the client; what a broker does with a silent client is 3.1.2-22',
    '3.3.2-10': 'binds the client, as the receiver of aliases',
    '3.3.4-8': 'binds the client; the same for the broker is 3.3.4-10',
    '4.5.0-2': 'binds the client; to a broker, a missing acknowledgement is one that is late',
    '4.6.0-2': 'binds the client; a broker takes acknowledgements in any order',
    '4.6.0-3': 'binds the client; a broker takes acknowledgements in any order',
    '4.6.0-4': 'binds the client; a broker takes acknowledgements in any order',
    '6.0.0-3': 'binds the client; what a broker answers to it is 6.0.0-4'
  }
}
