/** Whether a filter takes a topic [5.0 MQTT-4.7.1-1] [5.0 MQTT-4.7.1-2] [5.0 MQTT-4.7.2-1]; a shared one by its filter. */
export function matches(filter: string, topic: string): boolean {
  const wanted = (filter.startsWith('$share/') ? filter.split('/').slice(2).join('/') : filter).split('/')
  const levels = topic.split('/')
  if (topic.startsWith('$') && /^[+#]/.test(wanted[0]!)) return false
  for (const [i, one] of wanted.entries()) {
    if (one === '#') return true
    if (i >= levels.length || (one !== '+' && one !== levels[i])) return false
  }
  return wanted.length === levels.length
}
