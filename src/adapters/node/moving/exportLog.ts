// Writes a whole log into a file: under another name until it is whole and checked, and going on where it was cut off.
import { existsSync } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { type EventStore, StoreUnavailable } from '../../../domain/core/eventStore.ts'
import { checkFile } from './checkFile.ts'
import { type End, endLine, eventIn, eventLine, headLine, lineCounter } from './logLines.ts'
import { readLines } from './readLines.ts'

const batch = 1_000

type Progress = (done: number, total: number) => void
type Source = Pick<EventStore, 'readAll' | 'head'>

const partOf = (file: string): string => `${file}.part`

/**
 * Writes what there was when it began; a gateway may write meanwhile. Throws StoreUnavailable where the file exists. The
 * file gets its name by `acceptFile`.
 */
export async function writeLog(store: Source, file: string, progress: Progress = () => {}): Promise<End> {
  if (existsSync(file)) throw new StoreUnavailable(`${file} is there already: name another file`)
  const part = partOf(file)
  const upTo = await store.head()
  const done = existsSync(part) ? await keptIn(part, store) : nothing()
  const handle = await open(part, done.bytes === 0 ? 'w' : 'r+', 0o600)
  try {
    await handle.truncate(done.bytes)
    await writeRest(handle, store, done, upTo, progress)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return done.counter.end()
}

/** Reads through what was written, and gives it its name. */
export async function acceptFile(file: string, progress: Progress = () => {}): Promise<void> {
  await checkFile(partOf(file), progress)
  await rename(partOf(file), file)
}

/** How far a file has come. */
type Done = { bytes: number; last: string; readonly counter: ReturnType<typeof lineCounter> }

const nothing = (): Done => ({ bytes: 0, last: '', counter: lineCounter() })

/** What an export that was cut off has left, as far as it is what the store has; a torn line and an end do not count. */
async function keptIn(part: string, store: Source): Promise<Done> {
  const done = nothing()
  for await (const lines of readLines(part)) {
    const from = done.bytes === 0 ? 1 : 0
    if (from === 1 && lines[0] !== headLine) return done
    if (from === 1) done.bytes = Buffer.byteLength(headLine)
    const events = await store.readAll(done.last, Math.max(1, lines.length - from))
    for (const [index, line] of lines.slice(from).entries()) {
      if (eventIn(line) === undefined) return done
      const event = events[index]
      if (!event || eventLine(event) !== line)
        throw new StoreUnavailable(`${part} was begun from another log: remove it, or name another file`)
      done.bytes += Buffer.byteLength(line)
      done.last = event.position
      done.counter.add(line)
    }
  }
  return done
}

async function writeRest(handle: FileHandle, store: Source, done: Done, upTo: string, progress: Progress) {
  let bytes = done.bytes
  const write = async (text: string): Promise<void> => {
    bytes += (await handle.write(text, bytes)).bytesWritten
  }
  if (bytes === 0) await write(headLine)
  while (done.last < upTo) {
    const events = (await store.readAll(done.last, batch)).filter(({ position }) => position <= upTo)
    const lines = events.map(eventLine)
    await write(lines.join(''))
    for (const line of lines) done.counter.add(line)
    done.last = events.at(-1)!.position
    progress(Number(done.last), Number(upTo))
  }
  await write(endLine(done.counter.end()))
}
