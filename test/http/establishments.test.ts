// PUT /v1/establishments: files as registries have them, good and odd; what each row does, and that twice is once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestGateway, operatorKey, type TestGateway } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'
import { fileOf, header, upload } from '../support/registry.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openTestGateway()
})
afterAll(() => gateway.stop())

const shop = '01A-1,Siêu thị Hoa Sen,0101234567,supermarket,Hoàn Kiếm,2015-03-01,'
const petrol = '01A-2,Xăng dầu số 1,0107654321,petrol-station,Cầu Giấy,2016-01-01,2018-06-30'
const counts = { registered: 0, changed: 0, closed: 0, unchanged: 0, rejected: 0 }
const get = (path: string, key = operatorKey) => gateway.call('GET', path, { key })
const recorded = async () => (await gateway.store.readAll('', 100_000)).length

/** A gateway of its own, for what is about everything in it. */
async function alone<T>(use: (mine: TestGateway) => Promise<T>): Promise<T> {
  const mine = await openTestGateway()
  try {
    return await use(mine)
  } finally {
    await mine.stop()
  }
}

describe('a file', () => {
  test('registers its rows, and the same file again changes nothing', async () => {
    const first = await upload(gateway, fileOf(shop, petrol))
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({
      uploadId: expect.stringMatching(/^upl_/),
      preview: false,
      counts: { ...counts, registered: 2 },
      rejected: [],
      warnings: [],
    })
    expect(first.body.changes).toMatchObject([
      { line: 2, licenseNumber: '01A-1', outcome: 'registered', fields: [] },
      { line: 3, licenseNumber: '01A-2', outcome: 'registered', fields: [] },
    ])
    const before = await recorded()
    const again = await upload(gateway, fileOf(shop, petrol))
    expect(again.body).toMatchObject({ uploadId: null, counts: { ...counts, unchanged: 2 }, changes: [] })
    expect(await recorded()).toBe(before)
  })

  test('is listed page by page, by sector and by district', () =>
    alone(async (mine) => {
      await upload(mine, fileOf(shop, petrol))
      await mine.settled()
      const list = async (query: string) =>
        (await mine.call('GET', `/v1/establishments${query}`, { key: operatorKey })).body
      expect((await list('')).data).toContainEqual({
        id: expect.stringMatching(/^est_/),
        licenseNumber: '01A-2',
        name: 'Xăng dầu số 1',
        taxCode: '0107654321',
        sector: 'petrol-station',
        district: 'Cầu Giấy',
        openedOn: '2016-01-01',
        closedOn: '2018-06-30',
      })
      const first = await list('?limit=1')
      const second = await list(`?limit=1&cursor=${first.nextCursor}`)
      expect([first.data.length, second.data.length, second.nextCursor]).toEqual([1, 1, null])
      expect(first.data[0].id).not.toBe(second.data[0].id)
      expect((await list('?sector=supermarket')).data).toMatchObject([{ licenseNumber: '01A-1' }])
      const district = encodeURIComponent('Cầu Giấy')
      expect((await list(`?district=${district}`)).data).toMatchObject([{ licenseNumber: '01A-2' }])
      expect((await list(`?district=${district}&sector=supermarket`)).data).toEqual([])
    }))

  test('changes and closes what it says otherwise, names the fields, and leaves alone what it does not name', () =>
    alone(async (mine) => {
      await upload(mine, fileOf(shop, petrol))
      const renamed = shop.replace('Hoa Sen', 'Sen Hồng').replace('Hoàn Kiếm', 'Ba Đình')
      const { body } = await upload(mine, fileOf(renamed))
      expect(body.counts).toEqual({ ...counts, changed: 1 })
      expect(body.changes).toMatchObject([{ line: 2, outcome: 'changed', fields: ['name', 'district'] }])
      const closing = await upload(mine, fileOf(`${renamed}2019-01-01`, petrol))
      expect(closing.body.counts).toEqual({ ...counts, closed: 1, unchanged: 1 })
      expect(closing.body.changes).toMatchObject([{ outcome: 'closed', fields: ['closedOn'] }])
    }))

  test('previewed says what it would change, and changes nothing', () =>
    alone(async (mine) => {
      await upload(mine, fileOf(shop))
      const before = await mine.store.head()
      const file = fileOf(shop.replace('Hoa Sen', 'Sen Hồng'), petrol, 'x')
      const preview = await upload(mine, file, { query: '?preview=1' })
      expect(preview.body).toMatchObject({
        uploadId: null,
        preview: true,
        counts: { ...counts, registered: 1, changed: 1, rejected: 1 },
      })
      expect(await mine.store.head()).toBe(before)
      const done = await upload(mine, file)
      expect(done.body.counts).toEqual(preview.body.counts)
      expect(done.body.changes).toEqual(preview.body.changes)
    }))

  test('that changed something is listed as an upload, counted from the log', () =>
    alone(async (mine) => {
      const { uploadId } = (await upload(mine, fileOf(shop, petrol))).body
      mine.clock.now = new Date('2026-11-23T03:00:00.000Z')
      await upload(mine, fileOf(shop))
      const second = (await upload(mine, fileOf(`${shop}2019-01-01`))).body.uploadId
      await mine.settled()
      const { body } = await mine.call('GET', '/v1/establishments/uploads', { key: operatorKey })
      expect(body).toEqual({
        data: [
          {
            id: second,
            startedAt: '2026-11-23T03:00:00.000Z',
            keyId: 'key_operator',
            registered: 0,
            changed: 0,
            closed: 1,
          },
          {
            id: uploadId,
            startedAt: '2026-11-22T03:00:00.000Z',
            keyId: 'key_operator',
            registered: 2,
            changed: 0,
            closed: 0,
          },
        ],
        nextCursor: null,
      })
    }))

  test('sent twice at once registers each row once', () =>
    alone(async (mine) => {
      const rows = Array.from({ length: 200 }, (_, n) => shop.replace('01A-1', `01B-${n}`))
      await Promise.all([upload(mine, fileOf(...rows)), upload(mine, fileOf(...rows))])
      const events = await mine.store.readAll('', 1_000)
      expect(events.filter(({ type }) => type === 'EstablishmentRegistered').length).toBe(200)
    }))

  test('larger than other bodies is taken', () =>
    alone(async (mine) => {
      const rows = Array.from({ length: 2_000 }, (_, n) => shop.replace('01A-1', `01C-${n}`))
      const { body } = await upload(mine, fileOf(...rows))
      expect(fileOf(...rows).length).toBeGreaterThan(65_536)
      expect(body.counts.registered).toBe(2_000)
    }))
})

describe('a file of unknown length', () => {
  const send = (pieces: Iterable<Uint8Array<ArrayBuffer>>) =>
    gateway.app.request('/v1/establishments?preview=1', {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${operatorKey}`,
        'content-type': 'text/csv',
        'transfer-encoding': 'chunked',
      },
      body: streamOf(pieces),
      duplex: 'half',
    } as RequestInit)

  const streamOf = (pieces: Iterable<Uint8Array<ArrayBuffer>>) => {
    const next = pieces[Symbol.iterator]()
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => {
        const { value, done } = next.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
    })
  }

  test('is taken in pieces of any size', async () => {
    const rows = Array.from({ length: 2_000 }, (_, n) => shop.replace('01A-1', `01G-${n}`))
    const bytes = new TextEncoder().encode(fileOf(...rows))
    for (const size of [1_000, 65_536, 70_001]) {
      const starts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => n * size)
      const response = await send(starts.map((start) => bytes.slice(start, start + size)))
      expect((await response.json()).counts).toEqual({ ...counts, registered: 2_000 })
    }
  })

  test('is read no further than the bound', async () => {
    let read = 0
    const endless = function* () {
      for (; read < 100; read++) yield new Uint8Array(1_048_576).fill(10)
    }
    expect((await send(endless())).status).toBe(413)
    expect(read).toBeLessThan(40)
  })
})

describe('is read the same', () => {
  const rows = [header, shop, petrol]
  const quoted = rows.map((row) =>
    row
      .split(',')
      .map((cell) => `"${cell}"`)
      .join(','),
  )
  const bytes = (text: string) => new TextEncoder().encode(text)
  test.each([
    ['with a byte order mark', bytes(`\ufeff${rows.join('\n')}`)],
    ['with CRLF and an empty line at the end', bytes(`${rows.join('\r\n')}\r\n\r\n`)],
    ['with semicolons', bytes(rows.join('\n').replaceAll(',', ';'))],
    ['in quotes', bytes(quoted.join('\r\n'))],
    ['with spaces around cells', bytes(rows.join('\n').replaceAll(',', ' , '))],
    ['with columns in other words', bytes(rows.join('\n').replace('licenseNumber', 'License_Number'))],
    [
      'with Vietnamese dates, district and capitals',
      bytes(
        rows
          .join('\n')
          .replace('2015-03-01', '1/3/2015')
          .replace('Hoàn Kiếm', 'QUẬN HOÀN KIẾM')
          .replace('supermarket', 'Supermarket')
          .replace('01A-1', '01a-1'),
      ),
    ],
  ])('%s', async (_how, file) => {
    await upload(gateway, fileOf(shop, petrol))
    const { body } = await upload(gateway, file)
    expect(body.rejected).toEqual([])
    expect(body.counts).toEqual({ ...counts, unchanged: 2 })
  })

  test('with a comma, a quote and a line break in a quoted name', async () => {
    const name = 'Cửa hàng "Số 1", Hà Nội\ntầng 2'
    const row = shop.replace('Siêu thị Hoa Sen', `"${name.replaceAll('"', '""').replace('\n', ' - ')}"`)
    const { body } = await upload(gateway, fileOf(row.replace('01A-1', '01D-1')))
    expect(body.counts).toEqual({ ...counts, registered: 1 })
    await gateway.settled()
    const { data } = (await get('/v1/establishments?limit=200')).body
    expect(data).toContainEqual(expect.objectContaining({ name: name.replace('\n', ' - ') }))
  })

  test('with a decimal comma in coordinates, where semicolons stand between cells', async () => {
    const row = '01D-2;A;0101234567;market;Ba Đình;2015-01-01;;21,0341;105,8372;Điện Biên'
    const file = `${header.replaceAll(',', ';')};lat;lng;ward\n${row}`
    expect((await upload(gateway, file)).body.counts.registered).toBe(1)
    await gateway.settled()
    const { data } = (await get('/v1/establishments?sector=market')).body
    expect(data).toMatchObject([{ location: { lat: 21.0341, lng: 105.8372 }, ward: 'Điện Biên' }])
  })
})

describe('a row is rejected, with its line and cell, and the others are taken:', () => {
  const withPlace = `${header},lat,lng`
  const odd: [string, string, string, RegExp][] = [
    ['unknown district', header, shop.replace('Hoàn Kiếm', 'Quận 1'), /^\/district: Not one/],
    ['unknown sector', header, shop.replace('supermarket', 'bakery'), /^\/sector: One of supermarket/],
    ['closed before opened', header, `${shop}2015-02-28`, /^\/closedOn: Closed before/],
    ['a day that is none', header, shop.replace('2015-03-01', '31/02/2015'), /^\/openedOn: A date/],
    ['no opening day', header, shop.replace('2015-03-01', ''), /^\/openedOn: This cell is empty/],
    ['no license number', header, shop.replace('01A-1', ''), /^\/licenseNumber: This cell is empty/],
    ['a tax code of nine digits', header, shop.replace('0101234567', '010123456'), /^\/taxCode: Ten digits/],
    ['too few cells', header, 'a,b', /^: 2 cells, where the first row has 7/],
    ['too many cells', header, `${shop},`, /^: 8 cells/],
    ['hidden characters', header, shop.replace('Hoa', 'Hoa\u202e'), /^\/name: Control/],
    ['a NUL', header, shop.replace('Hoa', 'H\0a'), /^\/name: Control/],
    ['a card number', header, shop.replace('Hoa Sen', '4111111111111111'), /^\/name: .*card number/],
    ['an endless name', header, shop.replace('Hoa', 'x'.repeat(200)), /^\/name: /],
    ['Bangkok', withPlace, `${shop},13.75,100.5`, /^\/lat: Not in Vietnam/],
    ['swapped coordinates', withPlace, `${shop},105.85,21.02`, /^\/lat: .*swapped/],
    ['half a place', withPlace, `${shop},21.02,`, /^\/lng: Both/],
    ['coordinates in words', withPlace, `${shop},north,east`, /^\/lat: Degrees/],
  ]
  test.each(odd)('%s', async (what, columns, row, note) => {
    const good = petrol.replace('01A-2', `01E ${what}`) + (columns === withPlace ? ',,' : '')
    const { status, body } = await upload(gateway, [columns, row, good].join('\n'))
    expect(status).toBe(200)
    const notes = body.rejected.map(({ pointer, detail }: Record<string, string>) => `${pointer}: ${detail}`)
    expect(notes[0]).toMatch(note)
    expect(new Set(body.rejected.map(({ line }: { line: number }) => line))).toEqual(new Set([2]))
    expect(body.counts).toEqual({ ...counts, registered: 1, rejected: 1 })
    expect(JSON.stringify(body)).not.toContain('4111111111111111')
  })

  test('everything that is wrong with it is said at once', async () => {
    const row = shop.replace('supermarket', 'x').replace('Hoàn Kiếm', 'y').replace('2015', '15')
    const { body } = await upload(gateway, fileOf(row))
    expect(body.rejected.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      '/district',
      '/openedOn',
      '/sector',
    ])
    expect(body.counts.rejected).toBe(1)
  })

  test('a license number that stands twice: the first one counts', () =>
    alone(async (mine) => {
      const { body } = await upload(mine, fileOf(shop, petrol, shop.replace('01A-1', ' 01a-1')))
      expect(body.counts).toEqual({ ...counts, registered: 2, rejected: 1 })
      expect(body.rejected).toMatchObject([{ line: 4, pointer: '/licenseNumber' }])
      expect(body.rejected[0].detail).toContain('line 2')
    }))

  test('a tax code that stands twice is a warning: chains have one', () =>
    alone(async (mine) => {
      const branch = petrol.replace('0107654321', '0101234567')
      const { body } = await upload(mine, fileOf(shop, branch))
      expect(body.counts).toEqual({ ...counts, registered: 2 })
      expect(body.warnings).toEqual([{ line: 3, pointer: '/taxCode', detail: 'Also in line 2.' }])
    }))

  test('a tax code that the registry has under another license number is a warning, too', () =>
    alone(async (mine) => {
      await upload(mine, fileOf(shop))
      await mine.settled()
      const renewed = shop.replace('01A-1', '01B-7')
      const { body } = await upload(mine, fileOf(petrol, renewed))
      expect(body.counts).toEqual({ ...counts, registered: 2 })
      expect(body.warnings).toEqual([{ line: 3, pointer: '/taxCode', detail: 'Also registered as 01A-1.' }])
      await mine.settled()
      expect((await upload(mine, fileOf(shop, petrol, renewed))).body.warnings).toEqual([
        { line: 4, pointer: '/taxCode', detail: 'Also in line 2.' },
      ])
    }))
})

describe('a file is refused as a whole, and nothing of it is recorded:', () => {
  const files: [string, string | Uint8Array, RegExp][] = [
    ['empty', '\n', /: The file is empty/],
    ['a missing column', `${header.replace('sector,', '')}\n`, /^\/sector: .*missing/],
    ['an unknown column', `${header},phone\n${shop},1`, /^\/phone: .*not known/],
    ['a column twice', `${header},name\n${shop},x`, /^\/name: .*twice/],
    ['Latin-1', Uint8Array.of(...new TextEncoder().encode(`${header}\n`), 0xe9), /Not UTF-8/],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x6c, 0), /Not UTF-8/],
    ['a quote that never closes', fileOf(shop, `"${petrol}`), /Line 3: A quote is opened/],
    ['a quote inside a cell', fileOf(shop, petrol.replace('số', '"số"')), /Line 3: A quote inside/],
    ['an endless row', fileOf(shop, 'x'.repeat(20_000)), /Line 3: A row of more/],
    ['more rows than are taken', `${header}\n${'x\n'.repeat(200_000)}`, /More than 200000 rows/],
  ]
  test.each(files)('%s', async (_what, file, note) => {
    const before = await recorded()
    const answer = await upload(gateway, file)
    expectRefused(answer, 'validation_failed')
    const [{ pointer, detail }] = answer.body.errors
    expect(`${pointer}: ${detail}`).toMatch(note)
    expect(await recorded()).toBe(before)
  })

  test('JSON is not read', async () => {
    const answer = await gateway.call('PUT', '/v1/establishments', { key: operatorKey, body: {} })
    expectRefused(answer, 'unsupported_media_type')
    expect(answer.body.detail).toContain('text/csv')
  })

  test('more bytes than are read', async () => {
    const headers = { 'content-type': 'text/csv', 'content-length': '33554433' }
    const answer = await gateway.call('PUT', '/v1/establishments', { key: operatorKey, body: 'x', headers })
    expectRefused(answer, 'body_too_large')
    expect(answer.body.detail).toContain('33554432')
  })

  test('a preview that is neither yes nor no', async () => {
    expectRefused(
      await upload(gateway, fileOf(shop), { query: '?preview=yes' }),
      'validation_failed',
      'preview',
    )
  })
})

test('an upload that was cut off goes on where it was: what stands is unchanged, the rest is registered', async () => {
  let left = Number.POSITIVE_INFINITY
  const cut = await openTestGateway({
    around: (inner) => ({
      ...inner,
      append: async (...args) => {
        if (left-- <= 0) throw new Error('cut off')
        return inner.append(...args)
      },
    }),
  })
  const rows = Array.from({ length: 200 }, (_, n) => shop.replace('01A-1', `01F-${n}`))
  left = 150
  expect((await upload(cut, fileOf(...rows))).status).toBe(500)
  left = Number.POSITIVE_INFINITY
  const { body } = await upload(cut, fileOf(...rows))
  const events = await cut.store.readAll('', 10_000)
  await cut.stop()
  const { unchanged } = body.counts // 150, but for those that were under way when it was cut off
  expect(unchanged).toBeGreaterThan(50)
  expect(body.counts).toEqual({ ...counts, registered: 200 - unchanged, unchanged })
  expect(events.filter(({ type }) => type === 'EstablishmentRegistered')).toHaveLength(200)
})

describe("a regulator's key", () => {
  const make = async () =>
    gateway.call('POST', '/v1/keys', {
      key: operatorKey,
      body: { role: 'regulator', name: 'Sở Công Thương' },
    })

  test('is made by the operator and shown once; with it establishments are uploaded and read', async () => {
    const { status, body } = await make()
    expect([status, body.role, body.name]).toEqual([201, 'regulator', 'Sở Công Thương'])
    expect((await upload(gateway, fileOf(shop), { key: body.apiKey })).status).toBe(200)
    expect((await get('/v1/establishments', body.apiKey)).status).toBe(200)
    expect((await get('/v1/establishments/uploads', body.apiKey)).status).toBe(200)
    expect(JSON.stringify(await gateway.store.readAll('', 100_000))).not.toContain(body.apiKey)
  })

  test('opens nothing else', async () => {
    const key = (await make()).body.apiKey
    for (const path of ['/v1/merchants', '/v1/payments', '/v1/takings', '/v1/unapplied-credits'])
      expectRefused(await get(path, key), 'forbidden')
    const body = { role: 'regulator', name: 'x' }
    expectRefused(await gateway.call('POST', '/v1/keys', { key, body }), 'forbidden')
  })

  test.each([{ role: 'operator' }, { role: 'merchant' }, { role: 'regulator', merchantId: 'mer_7K3MA' }])(
    'of another kind is not made here: %o',
    async (body) => {
      const answer = await gateway.call('POST', '/v1/keys', {
        key: operatorKey,
        body: { name: 'x', ...body },
      })
      expectRefused(answer, 'validation_failed')
    },
  )
})
