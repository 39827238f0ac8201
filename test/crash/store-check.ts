import { spawn } from 'node:child_process'

/** `stackmq data check` on a directory that no broker uses: its complaint, null when there is none. */
export async function checkStore(
  main: string,
  data: string,
  node: readonly string[] = []
): Promise<string | null> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [...node, main, 'data', 'check', data], { env: { PATH } })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      text += chunk
    })
  }
  const code = await new Promise(resolve => child.once('close', resolve))
  return code === 0 ? null : `data check says ${text.trim()}`
}
