// What is wrong with a file is said before anything is done with it, and a target that is not empty is left as it is.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { eventStoreDBMoveTarget } from '../../../src/adapters/eventstoredb/moveTarget.ts'
import { memoryEventStore } from '../../../src/adapters/memory/eventStore.ts'
import { nodeCrypto } from '../../../src/adapters/node/crypto.ts'
import { checkFile } from '../../../src/adapters/node/moving/checkFile.ts'
import { fill } from '../../../src/adapters/node/moving/importLog.ts'
import { endLine, eventLine, headLine, lineCounter } from '../../../src/adapters/node/moving/logLines.ts'
import { sqliteEventStore } from '../../../src/adapters/sqlite/eventStore.ts'
import { sqliteMoveTarget } from '../../../src/adapters/sqlite/moveTarget.ts'
import { sqliteReadModels } from '../../../src/adapters/sqlite/readModels.ts'
import { eventHash } from '../../../src/domain/core/eventHash.ts'
import type { Recorded } from '../../../src/domain/core/eventStore.ts'
import { newEvent, openDouble, openStore } from '../../support/eventstoredb/store.ts'
import { everything, exported, exportLog, importInto, newFolder } from '../../support/moving.ts'

let lines: readonly string[]
let events: readonly Recorded[]
beforeAll(async () => {
  const store = memoryEventStore({ now: () => new Date('2026-11-22T03:00:00Z') })
  await store.append('payment-1', 0, [newEvent(), newEvent()])
  await store.append('payment-2', 0, [newEvent()])
  await store.append('payment-1', 2, [newEvent()])
  lines = readFileSync(await exported(store), 'utf8').split(/(?<=\n)/)
  events = await everything(store)
})

function fileOf(text: string): string {
  const file = join(newFolder(), 'log.ndjson')
  writeFileSync(file, text)
  return file
}

/** A file whose end is right, whatever its events are: who changes a line can change the end too. */
function sealedAnew(changed: readonly Recorded[], head = headLine): string {
  const counter = lineCounter()
  const texts = changed.map(eventLine)
  for (const text of texts) counter.add(text)
  return fileOf([head, ...texts, endLine(counter.end())].join(''))
}

const change = (index: number, changes: Partial<Recorded>): readonly Recorded[] =>
  events.map((event, at) => (at === index ? { ...event, ...changes } : event))

/** Whoever changes an event can also hash it. */
function hashed(event: Recorded, previous = ''): Recorded {
  const [data, metadata] = [JSON.stringify(event.data), JSON.stringify(event.metadata)]
  return { ...event, hash: eventHash(previous, { ...event, data, metadata }, nodeCrypto.hash) }
}

test('a whole file is good', async () => {
  expect(await checkFile(fileOf(lines.join('')))).toMatchObject({ count: 4, last: '0000000000000004' })
  expect(await checkFile(sealedAnew(events))).toMatchObject({ count: 4 })
})

test('a file that is cut off anywhere is not whole', async () => {
  const text = lines.join('')
  for (let length = 0; length < text.length; length += 13)
    await expect(checkFile(fileOf(text.slice(0, length))), `after ${length}`).rejects.toThrow(
      /cut off|not a log that thungan export has written/,
    )
})

test.each<[string, () => string, string | RegExp]>([
  ['is something else', () => fileOf('{"hello":1}\n'), 'line 1: this is not a log'],
  ['is no text', () => fileOf('\u0000\u0001'), 'line 1: this is not a log'],
  [
    'is of a newer format',
    () => fileOf(`${headLine.replace('1}', '2}')}${lines.slice(1).join('')}`),
    'line 1: the format is version 2: use the newer version of thungan',
  ],
  [
    'has an event of a newer version',
    () => sealedAnew(change(2, hashed({ ...events[2]!, type: 'PaymentTeleported' }))),
    'line 4: this event of type PaymentTeleported is not known here: use the newer version of thungan',
  ],
  [
    'has a changed byte',
    () => fileOf(lines.join('').replace('125000', '925000')),
    'line 2: version 1 of payment-1 is not the event that was recorded',
  ],
  [
    'has a changed event and an end to it',
    () => sealedAnew(change(0, { data: { amount: '925000' } })),
    'line 2: version 1 of payment-1 is not the event that was recorded',
  ],
  [
    'has a changed event with a hash to it, and an end',
    () => sealedAnew(change(0, hashed({ ...events[0]!, data: { amount: '925000' } }))),
    'line 3: version 2 of payment-1 is not the event that was recorded',
  ],
  [
    'lacks an event',
    () => sealedAnew(events.filter((_, at) => at !== 1)),
    'line 4: payment-1 goes on with version 3 after version 1',
  ],
  [
    'has an event twice',
    () => sealedAnew([events[0]!, events[0]!, ...events.slice(1)]),
    'line 3: the position 0000000000000001 does not come after 0000000000000001',
  ],
  [
    'has two events in the other order',
    () => sealedAnew([events[0]!, events[2]!, events[1]!, events[3]!]),
    'line 4: the position 0000000000000002 does not come after',
  ],
  [
    'has a line that says the same in other words',
    () => fileOf(lines.join('').replace('{"position"', '{ "position"')),
    'line 2: the line was changed',
  ],
  [
    'has another end',
    () => fileOf([...lines.slice(0, -1), lines.at(-1)!.replace('"count":4', '"count":5')].join('')),
    'line 6: the end says 5 events, there are 4',
  ],
  [
    'has the end of another',
    () => fileOf([...lines.slice(0, -1), endLine({ count: 4, sha256: '0'.repeat(64) })].join('')),
    'line 6: the end says SHA-256 0000',
  ],
  [
    'goes on after its end',
    () => fileOf(`${lines.join('')}{}\n`),
    'line 7: there is something after the end',
  ],
  [
    'has a time that no store writes',
    () => sealedAnew(change(0, hashed({ ...events[0]!, recordedAt: '2026-11-22T03:00:00Z' }))),
    'line 2: recordedAt is not a time as a store writes it',
  ],
])('a file that %s is refused, and nothing is made of it', async (_, make, message) => {
  const file = make()
  await expect(checkFile(file)).rejects.toThrow(message)
  const dataDir = join(newFolder(), 'data')
  await expect(importInto(sqliteMoveTarget(dataDir), file)).rejects.toThrow(message)
  await expect(
    everything(sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })),
  ).resolves.toEqual([])
})

describe('a target that is not empty', () => {
  const whole = () => fileOf(lines.join(''))

  test('a folder with a log is left as it is', async () => {
    const dataDir = newFolder()
    const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
    await store.append('payment-9', 0, [newEvent()])
    await expect(importInto(sqliteMoveTarget(dataDir), whole())).rejects.toThrow('is there already')
    expect(await everything(store)).toHaveLength(1)
    await store.close()
  })

  test('a finished move is not undone by what another has left', async () => {
    const dataDir = newFolder()
    await importInto(sqliteMoveTarget(dataDir), whole())
    const left = join(dataDir, 'events.sqlite.moving')
    writeFileSync(left, '')
    await importInto(sqliteMoveTarget(dataDir), whole())
    expect(readFileSync(left, 'utf8')).toBe('')
    const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
    expect(await everything(store)).toHaveLength(4)
    await store.close()
  })

  test('two that move the same log into one folder at once make one log', async () => {
    const dataDir = newFolder()
    const file = whole()
    const log = await checkFile(file)
    const [one, other] = [sqliteMoveTarget(dataDir), sqliteMoveTarget(dataDir)]
    await fill(one, file, log)
    await fill(other, file, log)
    await one.finish()
    await other.finish()
    await other.close()
    const store = sqliteEventStore({ file: join(dataDir, 'events.sqlite'), now: () => new Date() })
    expect(await everything(store)).toHaveLength(4)
    await store.close()
  })

  test('a folder with read models of another log is refused: they would go on with this one', async () => {
    const dataDir = newFolder()
    sqliteReadModels(join(dataDir, 'read-models.sqlite')).close()
    await expect(importInto(sqliteMoveTarget(dataDir), whole())).rejects.toThrow('was made from another log')
  })

  test('a cluster with a log is left as it is', async () => {
    const double = await openDouble({ firstPosition: 0n })
    const store = openStore(double.url)
    await store.append('payment-9', 0, [newEvent()])
    const target = eventStoreDBMoveTarget({ url: double.url })
    await expect(importInto(target, whole())).rejects.toThrow('There is a log in this cluster already')
    expect(await everything(store)).toHaveLength(1)
    expect(double.log.records).toHaveLength(1)
  })

  test('the same file again finds that it is there; another file is refused', async () => {
    const dataDir = newFolder()
    const double = await openDouble({ firstPosition: 0n })
    const other = sealedAnew(events.slice(0, 3))
    for (const target of [
      () => sqliteMoveTarget(dataDir),
      () => eventStoreDBMoveTarget({ url: double.url }),
    ]) {
      const first = await importInto(target(), whole())
      const records = double.log.records.length
      expect(await importInto(target(), whole())).toEqual(first)
      expect(double.log.records).toHaveLength(records)
      await expect(importInto(target(), other)).rejects.toThrow(/is there already|Another log was moved/)
    }
  })

  test('a file that exists is not written over by an export', async () => {
    const file = whole()
    const store = memoryEventStore({ now: () => new Date() })
    await expect(exportLog(store, file)).rejects.toThrow('is there already')
    expect(readFileSync(file, 'utf8')).toBe(lines.join(''))
  })
})

test('while a log is moved into a cluster no gateway opens it, and one that wrote to it meanwhile is found', async () => {
  const double = await openDouble({ firstPosition: 0n })
  const early = openStore(double.url)
  expect(await early.head()).toBe('') // it has looked, and thinks that nothing was moved
  const file = fileOf(lines.join(''))
  const target = eventStoreDBMoveTarget({ url: double.url })
  await fill(target, file, await checkFile(file))
  await expect(openStore(double.url).readAll('', 1)).rejects.toThrow('run thungan import again')
  await early.append('payment-9', 0, [newEvent()])
  await expect(target.finish()).rejects.toThrow('A gateway has written to this cluster')
  await expect(importInto(target, file)).rejects.toThrow('A gateway has written to this cluster')
})
