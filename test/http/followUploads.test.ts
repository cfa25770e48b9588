// How an upload of bills is followed: by the name that the caller gave it, from before its first row until it has ended.
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { StoreBusy } from '../../src/domain/core/eventStore.ts'
import { billFile, billRow, openBiller, uploadBills } from '../support/billers.ts'
import { eventually, openTestGateway } from '../support/gateway.ts'
import { expectRefused } from '../support/refused.ts'

let append = async (record: () => Promise<unknown>): Promise<unknown> => record()
const gateway = await openTestGateway({
  around: (store) => ({
    ...store,
    append: async (...event) => {
      const record = () => store.append(...event)
      return (event[0].startsWith('bill-') ? append(record) : record()) as ReturnType<typeof record>
    },
  }),
})
afterAll(() => gateway.stop())
let key: string
beforeEach(async () => {
  append = async (record) => record()
  ;({ key } = await openBiller(gateway))
})

const uploadId = 'upl_7K3MA9QZXW4F2P8R'
const rows = (count: number) => Array.from({ length: count }, (_, at) => billRow(`A${at}`, '1000'))
const file = billFile(...rows(600), billRow('A0', '1'), 'x')
const send = (headers: Record<string, string> = { 'upload-id': uploadId }, body = file) =>
  uploadBills(gateway, key, body, headers)
const follow = async (id = uploadId) => (await gateway.call('GET', `/v1/bills/uploads/${id}`, { key })).body
const instant = expect.stringMatching(/^2026-11-22T/)

describe('an upload', () => {
  test('is followed by the name that its caller gave it', async () => {
    let hold = () => {}
    const held = new Promise<void>((resolve) => {
      hold = resolve
    })
    let appended = 0
    append = async (record) => {
      if (++appended > 256) await held
      return record()
    }
    const answer = send()
    await eventually('the first batch is done', async () => (await follow()).accepted === 256)
    const counts = {
      rows: 602,
      accepted: 256,
      unchanged: 0,
      rejectedCount: 2,
      bytes: Buffer.byteLength(file),
    }
    expect(await follow()).toEqual({ uploadId, status: 'recording', startedAt: instant, ...counts })
    hold()
    expect((await answer).body).toMatchObject({ uploadId, accepted: 600, rejectedCount: 2 })
    const done = { ...counts, status: 'done', accepted: 600, startedAt: instant, endedAt: instant }
    expect(await follow()).toEqual({ uploadId, ...done })
    const list = await gateway.call('GET', '/v1/bills/uploads', { key })
    expect(list.body).toEqual({ data: [{ uploadId, ...done }], nextCursor: null })
  })

  test('that is refused says so, and so does one that ended in the middle', async () => {
    expectRefused(await send({ 'upload-id': uploadId, 'control-count': '1' }), 'control_totals_differ')
    expect(await follow()).toMatchObject({ status: 'refused', rows: 602, accepted: 0, endedAt: instant })
    let left = 300
    append = async (record) => {
      if (--left < 0) throw new StoreBusy('full')
      return record()
    }
    expectRefused(await send(), 'service_busy')
    expect(await follow()).toMatchObject({ status: 'failed', rows: 602, accepted: 256, endedAt: instant })
  })

  test('is told as it goes on to who listens', async () => {
    await send()
    const { text } = await gateway.call('GET', `/v1/bills/uploads/${uploadId}/stream`, { key })
    expect(text).toMatch(
      /^event: progress\nid: 1\ndata: \{"uploadId":"upl_7K3MA9QZXW4F2P8R","status":"done",/,
    )
  })

  test('is nobody else’s', async () => {
    await send()
    const other = await openBiller(gateway)
    for (const path of [uploadId, `${uploadId}/stream`])
      expectRefused(await gateway.call('GET', `/v1/bills/uploads/${path}`, { key: other.key }), 'not_found')
    expect((await gateway.call('GET', '/v1/bills/uploads', { key: other.key })).body.data).toEqual([])
    expectRefused(await gateway.call('GET', '/v1/bills/uploads/upl_0000000000000000', { key }), 'not_found')
  })

  test('has no name of another kind', async () => {
    expectRefused(await send({ 'upload-id': 'november' }), 'validation_failed', 'upload-id')
  })
})

describe('an Idempotency-Key', () => {
  const keyed = { 'idempotency-key': 'november' }

  test('gives the same answer again, also after an upload that was cut off', async () => {
    append = async () => {
      throw new StoreBusy('full')
    }
    expectRefused(await send(keyed), 'service_busy')
    append = async (record) => record()
    const first = await send(keyed)
    expect([first.status, first.headers.get('idempotent-replayed'), first.body.accepted]).toEqual([
      200,
      null,
      600,
    ])
    const again = await send(keyed)
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
    expect(again.body).toEqual(first.body)
    expect(await follow(first.body.uploadId)).toMatchObject({ status: 'done', accepted: 600 })
  })

  test('is of one file', async () => {
    await send(keyed)
    expectRefused(await send(keyed, billFile(...rows(1))), 'idempotency_key_reused')
  })
})
