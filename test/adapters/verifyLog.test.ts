// Everything that can be done to a copy of a log, done; and what the check of it says.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { nodeCrypto } from '../../src/adapters/node/crypto.ts'
import { checkSignature, signer } from '../../src/adapters/node/signer.ts'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { DayNotSealed, type VerifyOptions, verifyLog } from '../../src/adapters/sqlite/verifyLog.ts'
import { eventHash } from '../../src/domain/core/eventHash.ts'
import type { EventStore, NewEvent } from '../../src/domain/core/eventStore.ts'
import { type Seal, sealText } from '../../src/domain/proof/seal.ts'
import { sealDays, testSigner } from '../support/seals.ts'

const folder = mkdtempSync(join(tmpdir(), 'thungan-verify-'))
const original = join(folder, 'original.sqlite')
afterAll(() => rmSync(folder, { recursive: true }))

let ids = 0
const events = (...types: string[]): NewEvent[] =>
  types.map((type) => {
    ids += 1
    return { id: `e${ids}`, type, data: { amount: `${ids}` }, metadata: { actor: 'key_1' } }
  })

async function twoPayments(store: EventStore, a: string, b: string): Promise<void> {
  await store.append(a, 0, events('Asked'))
  await store.append(b, 0, events('Asked'))
  await store.append(a, 1, events('Applied', 'Paid'))
  await store.append(b, 1, events('Applied', 'Paid'))
}

/**
 * Three days. Positions 1 to 6: a1 b1 a2 a3 b2 b3, the first day. 7: its seal. 8 to 13: the same of c and d, then 2,500
 * events of one stream each, the second day. 2514: its seal. 2515 to 2520: e and f, which no seal covers.
 */
beforeAll(async () => {
  let instant = new Date('2026-11-20T03:00:00.000Z')
  const now = () => instant
  const store = sqliteEventStore({ file: original, now })
  await twoPayments(store, 'payment-a', 'payment-b')
  instant = new Date('2026-11-21T03:00:00.000Z')
  await sealDays(store, now)
  await twoPayments(store, 'payment-c', 'payment-d')
  const many = Array.from({ length: 2_500 }, (_, index) => `payment-${index}`)
  await Promise.all(many.map((stream) => store.append(stream, 0, events('Asked'))))
  instant = new Date('2026-11-22T03:00:00.000Z')
  await sealDays(store, now)
  await twoPayments(store, 'payment-e', 'payment-f')
  await store.close()
})

const at = (position: number): string => String(position).padStart(16, '0')

let copies = 0
type Attack = string | ((database: DatabaseSync) => void)

/** What is found after these attacks on a copy. */
async function findingAfter(attacks: readonly Attack[], options: Partial<VerifyOptions> = {}) {
  copies += 1
  const file = join(folder, `copy-${copies}.sqlite`)
  copyFileSync(original, file)
  const database = new DatabaseSync(file)
  for (const attack of attacks) typeof attack === 'string' ? database.exec(attack) : attack(database)
  database.close()
  const publicKey = testSigner.publicKey
  return (await verifyLog({ file, checkSignature, publicKey, ...options })).finding
}

/** Room for one event at a position: all from there on move up. */
const makeRoom = (position: number): string =>
  `update events set position = -position - 1 where position >= ${position};
   update events set position = -position where position < 0`

/** The positions run on without gaps, as if nothing had been removed. */
const closeUp = `create temp table renumbered as
    select position as old, row_number() over (order by position) as new from events;
  update events set position = (select -new from renumbered where old = position);
  update events set position = -position`

/** What an attacker does who knows how hashes are made: all of a stream's hashes again. */
const rehash =
  (name: string): Attack =>
  (database) => {
    const stream = database.prepare('select id from streams where name = ?').get(name)?.id as number
    const rows = database.prepare('select * from events where stream = ? order by version').all(stream)
    let before = ''
    for (const { version, id, type, data, metadata, recorded_at, position } of rows as Record<
      string,
      never
    >[]) {
      const recordedAt = new Date(recorded_at!).toISOString()
      const event = {
        stream: name,
        version: version!,
        id: id!,
        type: type!,
        data: data!,
        metadata: metadata!,
      }
      before = eventHash(before, { ...event, recordedAt }, nodeCrypto.hash)
      database.prepare('update events set hash = ? where position = ?').run(before, position!)
    }
  }

/** A seal changed in its event, and the event hashed again. */
const changeSeal =
  (date: string, change: (seal: Seal) => Seal): Attack =>
  (database) => {
    const place = `stream = (select id from streams where name = 'seal-${date}')`
    const { data } = database.prepare(`select data from events where ${place}`).get() as { data: string }
    database
      .prepare(`update events set data = ? where ${place}`)
      .run(JSON.stringify(change(JSON.parse(data) as Seal)))
    const hashAgain = rehash(`seal-${date}`)
    if (typeof hashAgain === 'function') hashAgain(database)
  }

const firstDayDiffers = {
  problem: 'sealed_events_differ',
  date: '2026-11-20',
  position: at(1),
  toPosition: at(6),
}

test('an untouched log holds, and says how far its seals reach', async () => {
  const result = await verifyLog({ file: original, checkSignature, publicKey: testSigner.publicKey })
  expect(result).toEqual({
    events: 2_520,
    head: { position: '0000000000002520', hash: expect.stringMatching(/^[\w-]{43}$/) },
    seals: 2,
    unsealed: 7, // the last seal is in it
    lastSeal: '2026-11-21',
    publicKey: testSigner.publicKey,
  })
})

describe('an event that was changed is named', () => {
  test.each([
    ['a byte of its data', `data = replace(data, '"3"', '"9"')`],
    ['its metadata', `metadata = '{"actor":"key_2"}'`],
    ['metadata taken away', `metadata = '{}'`],
    ['when it was recorded', 'recorded_at = recorded_at + 1'],
    ['when, to no time at all', 'recorded_at = 4611686018427387904'],
    ['its id', `id = 'other'`],
    ['its type', `type = 'Refunded'`],
    ['its hash', `hash = '${'A'.repeat(43)}'`],
    ['its hash, to none', `hash = ''`],
    ['its data, to what is not JSON', `data = '{'`],
  ])('%s', async (_what, set) => {
    const finding = await findingAfter([`update events set ${set} where position = 3`])
    expect(finding).toEqual({ problem: 'event_changed', position: at(3), stream: 'payment-a', version: 2 })
  })

  test('its version, to one beyond all numbers', async () => {
    const finding = await findingAfter(['update events set version = 4611686018427387904 where position = 4'])
    expect(finding).toMatchObject({ position: at(4), stream: 'payment-a' })
  })

  test('the name of its stream', async () => {
    const finding = await findingAfter([`update streams set name = 'payment-z' where name = 'payment-b'`])
    expect(finding).toEqual({ problem: 'event_changed', position: at(2), stream: 'payment-z', version: 1 })
  })

  test('its stream, to another', async () => {
    const finding = await findingAfter(['update events set stream = 2, version = 9 where position = 3'])
    expect(finding).toMatchObject({ position: at(3), stream: 'payment-b' })
  })

  test('also where no seal is yet', async () => {
    const finding = await findingAfter([`update events set data = '{}' where position = 2517`])
    expect(finding).toEqual({
      problem: 'event_changed',
      position: at(2_517),
      stream: 'payment-e',
      version: 2,
    })
  })

  test('with the whole stream hashed again: the seal shows it', async () => {
    const finding = await findingAfter([
      `update events set data = '{"amount":"9"}' where position = 3`,
      rehash('payment-a'),
    ])
    expect(finding).toEqual(firstDayDiffers)
  })

  test('with the whole stream hashed again, on a large day: the seal shows in which block', async () => {
    const finding = await findingAfter([
      `update events set data = '{"amount":"9"}' where position = 2000`,
      rehash('payment-1986'),
    ])
    const difference = { problem: 'sealed_events_differ', date: '2026-11-21' }
    expect(finding).toEqual({ ...difference, position: at(7 + 1_024), toPosition: at(6 + 2_048) })
  })
})

describe('an event that was removed is named', () => {
  const remove = (position: number) => `delete from events where position = ${position}`

  test('in the middle of a stream', async () => {
    const missing = { problem: 'event_missing', stream: 'payment-a', version: 2 }
    expect(await findingAfter([remove(3)])).toEqual({ ...missing, position: at(3) })
    expect(await findingAfter([remove(3), closeUp])).toEqual({ ...missing, position: at(3) })
  })

  test('in the middle of a stream, with the versions closed up', async () => {
    const finding = await findingAfter([
      remove(3),
      closeUp,
      'update events set version = 2 where position = 3',
    ])
    expect(finding).toEqual({ problem: 'event_changed', position: at(3), stream: 'payment-a', version: 2 })
  })

  test('in the middle of a stream, closed up and hashed again: the seal shows it', async () => {
    const finding = await findingAfter([
      remove(3),
      closeUp,
      'update events set version = 2 where position = 3',
      rehash('payment-a'),
    ])
    expect(finding).toEqual(firstDayDiffers)
  })

  test('the last of a stream', async () => {
    expect(await findingAfter([remove(4)])).toEqual({ problem: 'event_missing', position: at(4) })
    expect(await findingAfter([remove(4), closeUp])).toEqual(firstDayDiffers)
  })

  test('a whole stream', async () => {
    const all = `delete from events where stream = 1; delete from streams where id = 1`
    expect(await findingAfter([all])).toEqual({ problem: 'event_missing', position: at(1) })
    expect(await findingAfter([all, closeUp])).toEqual(firstDayDiffers)
  })
})

describe('an event that was inserted is found', () => {
  const insert = (position: number, stream: number, version: number) =>
    `insert into events values (${position}, ${stream}, ${version}, 'new', 'Refunded', '{}', '{}', 1763607600000, '')`

  test('with a hash computed as it should be, at the end of a stream', async () => {
    const finding = await findingAfter([makeRoom(6), insert(6, 1, 4), rehash('payment-a')])
    expect(finding).toEqual(firstDayDiffers)
  })

  test('in a stream of its own', async () => {
    const stream = `insert into streams values (9999, 'payment-new')`
    const finding = await findingAfter([makeRoom(6), stream, insert(6, 9_999, 1), rehash('payment-new')])
    expect(finding).toEqual(firstDayDiffers)
  })

  test.each([0, -5])('before the first position: %d', async (position) => {
    const finding = await findingAfter([insert(position, 1, 4), rehash('payment-a')])
    expect(finding).toMatchObject({ problem: 'event_changed', position: String(position) })
  })
})

describe('events that were reordered are named', () => {
  const swap = (one: number, other: number) =>
    `update events set position = -1 where position = ${one};
     update events set position = ${one} where position = ${other};
     update events set position = ${other} where position = -1`

  test('two of one stream', async () => {
    const finding = await findingAfter([swap(3, 4)])
    expect(finding).toEqual({
      problem: 'event_out_of_order',
      position: at(3),
      stream: 'payment-a',
      version: 3,
    })
  })

  test('two of different streams: the seal shows it', async () => {
    expect(await findingAfter([swap(4, 5)])).toEqual(firstDayDiffers)
  })

  test('two versions', async () => {
    const versions = `update events set version = 99 where position = 3;
      update events set version = 2 where position = 4; update events set version = 3 where position = 3`
    const finding = await findingAfter([versions])
    expect(finding).toEqual({
      problem: 'event_out_of_order',
      position: at(3),
      stream: 'payment-a',
      version: 3,
    })
    expect(await findingAfter([versions, swap(3, 4)])).toMatchObject({
      problem: 'event_changed',
      position: at(3),
      version: 2,
    })
  })
})

describe('a seal that was tampered with is named', () => {
  const sealOne = { position: at(7), stream: 'seal-2026-11-20', version: 1 }
  const sealTwo = { position: at(2_514), stream: 'seal-2026-11-21', version: 1 }
  const invalid = { problem: 'seal_invalid', date: '2026-11-20', ...sealOne }

  test('as any event', async () => {
    const finding = await findingAfter([
      `update events set data = replace(data, '"count":6', '"count":5') where position = 7`,
    ])
    expect(finding).toEqual({ problem: 'event_changed', ...sealOne })
  })

  test.each<[string, (seal: Seal) => unknown]>([
    ['its root', (seal) => ({ ...seal, root: seal.signature.slice(0, 43) })],
    ['its count', (seal) => ({ ...seal, count: 5 })],
    ['its last position', (seal) => ({ ...seal, lastPosition: at(5) })],
    ['its signature', (seal) => ({ ...seal, signature: 'AAAA' })],
    ['no signature', ({ signature, ...seal }) => seal],
    ['nothing', () => null],
    ['a text', () => 'seal'],
  ])('hashed again: %s', async (_what, change) => {
    const attack = changeSeal('2026-11-20', change as (seal: Seal) => Seal)
    expect(await findingAfter([attack])).toEqual(invalid)
  })

  test('signed again with a key of his own', async () => {
    const stranger = signer(new Uint8Array(32).fill(66))
    const resign = (seal: Seal) => {
      const unsigned = { ...seal, count: 5, publicKey: stranger.publicKey }
      return { ...unsigned, signature: stranger.sign(sealText(unsigned)) }
    }
    expect(await findingAfter([changeSeal('2026-11-20', resign)])).toEqual(invalid)
  })

  test('its blocks, which are not signed: the seal of the next day shows it', async () => {
    const attack = changeSeal('2026-11-20', (seal) => ({ ...seal, blocks: [] }))
    expect(await findingAfter([attack])).toMatchObject({
      problem: 'sealed_events_differ',
      date: '2026-11-21',
      position: at(7),
    })
  })

  test('removed, and the log closed up: the next seal names it', async () => {
    const finding = await findingAfter(['delete from events where position = 7', closeUp])
    expect(finding).toEqual({ problem: 'seal_missing', date: '2026-11-21', ...sealTwo, position: at(2_513) })
  })

  test('moved before the events that it seals, and these taken away', async () => {
    const finding = await findingAfter([
      'delete from events where position > 8 and position <> 2514',
      'update events set position = 9 where position = 2514',
    ])
    expect(finding).toEqual({ problem: 'event_missing', position: at(10) })
  })
})

describe('one day', () => {
  const changed = 'update events set id = 0 where position = 3'

  test('is checked alone', async () => {
    const options = { file: original, checkSignature, day: '2026-11-21' }
    expect(await verifyLog(options)).toMatchObject({ events: 2_507, seals: 1, unsealed: 0 })
    expect(await findingAfter([changed], { day: '2026-11-20' })).toMatchObject({ position: at(3) })
    expect(await findingAfter([changed], { day: '2026-11-21' })).toBeUndefined()
  })

  test('must have a seal', async () => {
    await expect(findingAfter([], { day: '2026-11-22' })).rejects.toThrow(DayNotSealed)
  })

  test('whose seal is not genuine has no other', async () => {
    const attack = changeSeal('2026-11-20', (seal) => ({ ...seal, count: 5 }))
    expect(await findingAfter([attack], { day: '2026-11-20' })).toMatchObject({ problem: 'seal_invalid' })
  })
})

describe('what cannot be found, as the README says', () => {
  test('events newer than the last seal, changed and hashed again', async () => {
    const attack = `update events set data = '{}' where position = 2517`
    expect(await findingAfter([attack, rehash('payment-e')])).toBeUndefined()
  })

  test('the end of the log cut off, with its seals: only the last seal is then an older one', async () => {
    expect(await findingAfter(['delete from events where position > 13'])).toBeUndefined()
  })
})

test('a log is checked while a gateway writes to it', async () => {
  const file = join(folder, 'open.sqlite')
  copyFileSync(original, file)
  const store = sqliteEventStore({ file, now: () => new Date('2026-11-22T04:00:00.000Z') })
  await store.append('payment-g', 0, events('Asked'))
  const checking = verifyLog({ file, checkSignature })
  for (let version = 1; version < 50; version += 1)
    await store.append('payment-g', version, events('Applied'))
  const result = await checking
  expect(result.finding).toBeUndefined()
  expect(result.events).toBeGreaterThanOrEqual(2_521)
  expect((await verifyLog({ file, checkSignature })).events).toBe(2_570)
  await store.close()
})

// A read-only disk is a small one in memory, mounted for the test: that takes root.
const canMount = process.getuid?.() === 0 && process.platform === 'linux'

test.skipIf(!canMount)(
  'a copy on a read-only disk is checked (skipped where this user may not mount one)',
  async () => {
    const disk = join(folder, 'disk')
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk])
    onTestFinished(() => void execFileSync('umount', [disk]))
    const file = join(disk, 'events.sqlite')
    copyFileSync(original, file)
    execFileSync('mount', ['-o', 'remount,ro', disk])
    expect(await verifyLog({ file, checkSignature })).toMatchObject({ events: 2_520, seals: 2 })
  },
)
