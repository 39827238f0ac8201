import { optionSection } from '../help-text.js'
import { type BenchGroup, benchGroups, benchOptions } from './options.js'

const examples = `Examples
  stackmq bench
      Our broker, as \`stackmq start\` has it: what a message, a connection and a subscription cost.
  stackmq bench --compare mosquitto,aedes --output results.json
      Side by side with others that are on this machine.
  stackmq bench --quick
      The short form.
  stackmq bench --data --compare mosquitto
      Both with what they store on disk.
  stackmq bench --only one-to-one,fan-out-1000 --time 5s --rounds 3
      Some scenarios, longer and more often.
  stackmq bench --broker mqtt://localhost:1884 --pid 4711
      Any other broker of this machine.
`

const notes = `How it measures
  The load is a process of its own: it sends packets that were encoded before, and counts what comes back. No more
  messages are under way than the scenario says, so nothing is dropped to look fast: "delivered" has to be 1.
  CPU is that of the broker process, user and system, all threads, in microseconds for each message that was
  delivered, from /proc (Linux). It hardly moves when the machine is busy; messages a second do.
  Several brokers are measured in turn, round by round, so that what else the machine does meets all of them.
`

/** `stackmq bench --help` */
export function benchHelp(): string {
  const sections = (Object.keys(benchGroups) as BenchGroup[]).map(group =>
    optionSection(
      benchGroups[group],
      benchOptions.filter(option => option.group === group)
    )
  )
  const title = 'stackmq bench [options]: measures what messages and connections cost a broker\n'
  return [title, examples, ...sections, notes].join('\n')
}
