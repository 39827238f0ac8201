/** Five letters and digits: runs at the same time do not meet. */
export function runId(): string {
  return Math.floor(Math.random() * 36 ** 5)
    .toString(36)
    .padStart(5, '0')
}
