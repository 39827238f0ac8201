import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Hooks } from '../middleware.js'

/**
 * Lets in one user with one password. Clients that say neither are judged by Authentication: --allow-anonymous. The
 * comparison takes the same time whatever is wrong.
 */
export function oneUser(name: string, password: string): Hooks {
  const key = randomBytes(32)
  const digest = (text: string | Buffer) => createHmac('sha256', key).update(text).digest()
  const [rightName, rightPassword] = [digest(name), digest(password)]
  return {
    name: 'OneUser',
    authenticateConnection({ username, password }, store) {
      if (username === undefined && password === undefined) return
      const nameFits = timingSafeEqual(digest(username ?? ''), rightName)
      const passwordFits = timingSafeEqual(digest(password ?? ''), rightPassword)
      store.valid = nameFits && passwordFits
    }
  }
}
