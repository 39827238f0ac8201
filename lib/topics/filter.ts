/** The longest topic name or topic filter, in UTF-8 bytes [5.0 MQTT-4.7.3-3]. */
export const maximumTopicBytes = 65_535

const sharePrefix = '$share/'
const slash = 0x2f
const plus = 0x2b
const hash = 0x23
const dollar = 0x24

/** A valid topic filter, taken apart once. */
export interface TopicFilter {
  /** As the client sent it. */
  readonly text: string
  /** Without `$share/name/`: what topics are matched against. */
  readonly filter: string
  /** The ShareName of a shared subscription, null for an ordinary one. */
  readonly share: string | null
  /** Whether `filter` has a + or a #. */
  readonly wildcard: boolean
}

/** Whether a text may be the topic of a PUBLISH [5.0 MQTT-4.7.0-1] [5.0 MQTT-4.7.3-1]. */
export function isTopicName(text: string): boolean {
  return isTopicText(text) && !text.includes('+') && !text.includes('#')
}

/**
 * "$" starts the topics of the server (MQTT 5.0, 4.7.2): clients publish to none of these. The one exception is where
 * mosquitto's bridges say whether they are connected, in their will too: a bridge that may not never connects.
 */
export function isServerTopic(text: string): boolean {
  if (text.startsWith('$SYS/')) return !isBridgeState(text)
  return text.startsWith('$share/')
}

function isBridgeState(text: string): boolean {
  const id = text.length - '$SYS/broker/connection/'.length - '/state'.length
  return id > 0 && text.startsWith('$SYS/broker/connection/') && text.endsWith('/state')
}

/** Takes a topic filter apart; null when it is not a valid one. */
export function parseFilter(text: string): TopicFilter | null {
  if (!isTopicText(text)) return null
  if (!text.startsWith(sharePrefix)) return checked(text, text, null)
  // [5.0 MQTT-4.8.2-1] [5.0 MQTT-4.8.2-2]: a ShareName of a character or more, a slash, a filter.
  const end = text.indexOf('/', sharePrefix.length)
  if (end <= sharePrefix.length || end === text.length - 1) return null
  const share = text.slice(sharePrefix.length, end)
  if (share.includes('+') || share.includes('#')) return null
  return checked(text, text.slice(end + 1), share)
}

/**
 * Whether a valid filter (without `$share/name/`) matches a topic name. Characters are compared as they are
 * [5.0 MQTT-4.7.3-4]. One pass over both texts, whatever the number of wildcards: + always fills one whole level and
 * # is always the last, so there is never a second way to try.
 */
export function topicMatches(filter: string, topic: string): boolean {
  const first = filter.charCodeAt(0)
  // [5.0 MQTT-4.7.2-1]
  if ((first === plus || first === hash) && topic.charCodeAt(0) === dollar) return false
  let at = 0
  for (let i = 0; i < filter.length; i++) {
    const code = filter.charCodeAt(i)
    if (code === hash) return true
    if (code === plus) {
      const end = topic.indexOf('/', at)
      at = end === -1 ? topic.length : end
      continue
    }
    // `a/#` matches its parent `a` too [5.0 MQTT-4.7.1-1].
    if (at === topic.length) return code === slash && i === filter.length - 2 && filter.endsWith('#')
    if (code !== topic.charCodeAt(at)) return false
    at++
  }
  return at === topic.length
}

/** The number of levels of a topic name or filter, for those who want to limit it. */
export function countLevels(text: string): number {
  let levels = 1
  for (let at = text.indexOf('/'); at !== -1; at = text.indexOf('/', at + 1)) levels++
  return levels
}

/** What names and filters share [5.0 MQTT-1.5.4-1] [5.0 MQTT-4.7.3-1] [5.0 MQTT-4.7.3-2] [5.0 MQTT-4.7.3-3]. */
function isTopicText(text: string): boolean {
  if (text.length === 0 || text.length > maximumTopicBytes || text.includes('\0')) return false
  // A lone surrogate has no UTF-8 form: it would leave as U+FFFD and name another topic.
  if (!text.isWellFormed()) return false
  return text.length * 3 <= maximumTopicBytes || Buffer.byteLength(text) <= maximumTopicBytes
}

/** [5.0 MQTT-4.7.1-1]: # is alone in the last level. [5.0 MQTT-4.7.1-2]: + is alone in its level. */
function checked(text: string, filter: string, share: string | null): TopicFilter | null {
  const last = filter.length - 1
  let wildcard = false
  for (let i = 0; i <= last; i++) {
    const code = filter.charCodeAt(i)
    if (code !== plus && code !== hash) continue
    if (i > 0 && filter.charCodeAt(i - 1) !== slash) return null
    if (i < last && (code === hash || filter.charCodeAt(i + 1) !== slash)) return null
    wildcard = true
  }
  return { text, filter, share, wildcard }
}
