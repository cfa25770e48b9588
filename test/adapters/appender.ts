// A second process for sqliteEventStore.test.ts: several writers on shared streams, printing each append once it is
// acknowledged. Run: node appender.ts <file> <name> <writers> <appends per writer>
import { writeSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { type EventStore, StoreBusy } from '../../src/domain/core/eventStore.ts'

const streamCount = 4
const attemptsMax = 10_000

/** Appends with ids `<name>-<writer>-<number>`, each as often as a conflict or a busy store makes it necessary. */
export async function runWriter(
  store: EventStore,
  name: string,
  writer: number,
  appends: number,
  onAppended: (line: string) => void,
) {
  const stream = `shared-${writer % streamCount}`
  let version = 0
  for (let number = 0; number < appends; number += 1) {
    const id = `${name}-${writer}-${number}`
    version = await appendOnce(store, stream, version, id)
    onAppended(`${stream} ${version} ${id}`)
  }
}

/** Appends at the version or, if others were first, at the one that the conflict tells. */
async function appendOnce(store: EventStore, stream: string, expected: number, id: string): Promise<number> {
  const events = [{ id, type: 'Counted', data: { id }, metadata: {} }]
  let version = expected
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const result = await store.append(stream, version, events).catch(waitIfBusy)
    if (result?.status === 'appended') return result.version
    version = result?.version ?? version
  }
  throw new Error(`${id}: no luck in ${attemptsMax} attempts`)
}

async function waitIfBusy(error: unknown): Promise<undefined> {
  if (!(error instanceof StoreBusy)) throw error
  await nextTurn()
}

if (import.meta.main) {
  const [file = '', name = '', writers, appends] = process.argv.slice(2)
  const store = sqliteEventStore({ file, now: () => new Date() })
  const print = (line: string) => writeSync(1, `${line}\n`)
  const running = Array.from({ length: Number(writers) }, (_, writer) =>
    runWriter(store, name, writer, Number(appends), print),
  )
  await Promise.all(running)
  await store.close()
}
