// `thungan set-aside`: the events that a process could not handle, and trying them again once the cause is mended.
import type { Command } from 'commander'
import type { SetAsideEvent } from '../../sqlite/setAside.ts'
import { type DataOptions, dataCommand, inDataFolder } from './dataFolder.ts'
import { print } from './safe.ts'

/** Adds `set-aside list` and `set-aside retry`. */
export function addSetAsideCommands(program: Command): void {
  const setAside = program
    .command('set-aside')
    .description('events that a process could not handle: what they are, and trying them again')

  dataCommand(setAside, 'list', 'list them, in log order', {
    0: 'there are none',
    1: 'there are some: see "error", and the log of the gateway at that time',
  }).action(list)

  dataCommand(setAside, 'retry', 'have them tried again by the gateway that runs, or by the next to start', {
    0: 'they will be tried again; who fails again is set aside again',
    1: 'there is none at that position',
  })
    .argument('[position]', 'only the one at this position of the log')
    .action(retry)
}

async function list(options: DataOptions): Promise<void> {
  const events = await inDataFolder(options, async (folder) => folder.processes().setAside.list())
  print(
    options.json,
    { data: events },
    events.length === 0 ? 'Nothing is set aside.' : events.map(line).join('\n'),
  )
  if (events.length > 0) process.exitCode = 1
}

const line = ({ position, reader, type, stream, version, error, setAsideAt }: SetAsideEvent): string =>
  `${position}  ${reader}  ${type}  ${stream}@${version}  ${error}  ${setAsideAt}`

async function retry(position: string | undefined, options: DataOptions): Promise<void> {
  const count = await inDataFolder(options, async (folder) => folder.processes().setAside.retry(position))
  const words = `${count} to be tried again: within a second where a gateway runs on this folder, else when one starts.`
  print(options.json, { retrying: count }, words)
  if (count === 0 && position !== undefined) process.exitCode = 1
}
