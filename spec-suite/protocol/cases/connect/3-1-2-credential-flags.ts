import { field } from '../../bytes.js'
import type { CaseDefinition } from '../../case.js'
import { bit, connectBytes } from './connect-bytes.js'
import { allRefused, isTaken, malformedOrStranger } from './refusal.js'

export const userNameWithoutFlag: CaseDefinition = {
  name: 'user-name-without-flag',
  title: 'a CONNECT with a user name and without its flag is refused',
  proves: { '3.1.1': ['3.1.2-18', '3.1.4-1'], '5.0': ['3.1.2-16', '3.1.4-1'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    const wrong = connectBytes(scene, { unset: bit.username | bit.password, username: 'ada', password: null })
    await allRefused(scene, [['a user name without its flag', wrong]], malformedOrStranger(scene))
  }
}

export const userNameMissing: CaseDefinition = {
  name: 'user-name-missing',
  title: 'a CONNECT with the User Name Flag and without a user name is refused',
  proves: { '3.1.1': ['3.1.2-19', '3.1.4-1'], '5.0': ['3.1.2-17', '3.1.4-1'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    const wrong = connectBytes(scene, {
      ...{ flags: bit.username, unset: bit.password },
      ...{ username: null, password: null }
    })
    await allRefused(scene, [['the User Name Flag, and no user name', wrong]])
  }
}

export const passwordWithoutFlag: CaseDefinition = {
  name: 'password-without-flag',
  title: 'a CONNECT with a password and without its flag is refused',
  proves: { '3.1.1': ['3.1.2-20', '3.1.4-1'], '5.0': ['3.1.2-18', '3.1.4-1'] },
  async run(scene) {
    const username = scene.connectPacket().username ?? 'ada'
    await isTaken(scene, connectBytes(scene))
    const wrong = connectBytes(scene, {
      ...{ flags: bit.username, unset: bit.password },
      ...{ username, password: null, more: field('secret') }
    })
    await allRefused(scene, [['a password without its flag', wrong]], malformedOrStranger(scene, true))
  }
}

export const passwordMissing: CaseDefinition = {
  name: 'password-missing',
  title: 'a CONNECT with the Password Flag and without a password is refused',
  proves: { '3.1.1': ['3.1.2-21', '3.1.4-1'], '5.0': ['3.1.2-19', '3.1.4-1'] },
  async run(scene) {
    const username = scene.connectPacket().username ?? 'ada'
    await isTaken(scene, connectBytes(scene))
    const wrong = connectBytes(scene, { flags: bit.username | bit.password, username, password: null })
    await allRefused(scene, [['the Password Flag, and no password', wrong]])
  }
}

export const passwordWithoutUserName: CaseDefinition = {
  name: 'password-without-user-name',
  title: 'a CONNECT with a password and without a user name is refused',
  // Legal in 5.0.
  proves: { '3.1.1': ['3.1.2-22', '3.1.4-1'] },
  async run(scene) {
    await isTaken(scene, connectBytes(scene))
    const wrong = connectBytes(scene, {
      ...{ flags: bit.password, unset: bit.username },
      ...{ username: null, password: 'secret' }
    })
    await allRefused(scene, [['a password without a user name', wrong]], malformedOrStranger(scene))
  }
}
