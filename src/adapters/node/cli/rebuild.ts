// `thungan rebuild`: builds the read models from the log, says where the live ones were wrong, and puts the new ones in their place.
import type { Command } from 'commander'
import type { EventStore } from '../../../domain/core/eventStore.ts'
import type { Projector } from '../../sqlite/projector.ts'
import type { Rebuilt } from '../../sqlite/rebuild.ts'
import { type DataOptions, dataCommand, eventsFile, inDataFolder } from './dataFolder.ts'
import { withProgress } from './progress.ts'
import { print } from './safe.ts'

const batch = 2_000

/** Adds `rebuild`. */
export function addRebuildCommand(program: Command): void {
  dataCommand(
    program,
    'rebuild',
    'build the read models from the log beside the live ones, compare, and switch; a gateway may run meanwhile',
    {
      0: 'the live read models were right',
      1: 'they had differed, in the tables named; the rebuilt ones are in their place',
    },
  ).action(rebuild)
}

async function rebuild(options: DataOptions): Promise<void> {
  const rebuilt = await inDataFolder(options, (folder) =>
    withProgress(
      'rebuilding the read models',
      () => 'rebuilt the read models',
      async (update) => {
        const [store, readModels] = [folder.store(), folder.readModels()]
        const { differing } = await readModels.rebuild(store, {
          logFile: eventsFile(options),
          progress: update,
        })
        await readOn(store, readModels.projector)
        return { position: readModels.projector.checkpoint(), differing }
      },
    ),
  )
  print(options.json, rebuilt, inWords(rebuilt))
  if (rebuilt.differing.length > 0) process.exitCode = 1
}

/** What no gateway has projected yet, because none runs, is projected now. */
async function readOn(store: EventStore, projector: Projector): Promise<void> {
  const head = await store.head()
  while (projector.checkpoint() < head) projector.apply(await store.readAll(projector.checkpoint(), batch))
}

const inWords = ({ position, differing }: Rebuilt): string =>
  differing.length === 0
    ? `The read models were right. They are rebuilt from the log, up to ${position || 'its beginning'}.`
    : `The read models had differed from the log in: ${differing.join(', ')}. The rebuilt ones are in their place, up to ${position}.`
