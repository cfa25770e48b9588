// Frames out of a stream: every split point, many at once, nothing at all, and lengths that are refused.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerTpdu, unwrap, wrap } from '../../../src/adapters/iso8583/envelope.ts'
import { frameSplitter } from '../../../src/adapters/iso8583/framing.ts'

const frameMax = 1_000
const splitter = (length: 'exclusive' | 'inclusive' = 'exclusive') => frameSplitter({ length, frameMax })
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const textOf = (frames: readonly Uint8Array[]): string[] =>
  frames.map((frame) => Buffer.from(frame).toString('latin1'))

const contents = ['0800', 'a', '', 'x'.repeat(300)]
const streamOf = (length: 'exclusive' | 'inclusive') =>
  Buffer.concat(contents.map((content) => wrap(Buffer.from(content), '', { length })))
const whole = contents.filter((content) => content !== '')

describe.each(['exclusive', 'inclusive'] as const)('lengths %s', (length) => {
  const stream = streamOf(length)

  test('every pair of split points gives the same frames', () => {
    for (let first = 0; first <= stream.length; first++)
      for (let second = first; second <= stream.length; second += second < 20 || second > 305 ? 1 : 37) {
        const split = splitter(length)
        const parts = [stream.subarray(0, first), stream.subarray(first, second), stream.subarray(second)]
        expect(textOf(parts.flatMap((part) => split(part).frames))).toEqual(whole)
      }
  })

  test('byte by byte', () => {
    const split = splitter(length)
    expect(textOf([...stream].flatMap((byte) => split(bytes(byte)).frames))).toEqual(whole)
  })

  test('any chunks of any frames', () => {
    const chunks = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 })
    const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 10 })
    fc.assert(
      fc.property(frames, chunks, (sent, sizes) => {
        const all = Buffer.concat(sent.map((frame) => wrap(frame, '', { length })))
        const split = splitter(length)
        const got: Uint8Array[] = []
        let at = 0
        for (const size of [...sizes, all.length]) {
          got.push(...split(all.subarray(at, at + size)).frames)
          at += size
        }
        expect(got.map((frame) => [...frame])).toEqual(sent.map((frame) => [...frame]))
      }),
      { numRuns: 300, seed: 20260301 },
    )
  })
})

test('frames that lie in one chunk are not copied', () => {
  const chunk = new Uint8Array(streamOf('exclusive'))
  for (const frame of splitter()(chunk).frames) expect(frame.buffer).toBe(chunk.buffer)
})

test('the longest frame is taken, one byte more is refused before anything is kept, and nothing is taken after it', () => {
  const longest = wrap(new Uint8Array(frameMax), '', { length: 'exclusive' })
  expect(splitter()(longest).frames.length).toBe(1)
  const split = splitter()
  const good = wrap(Buffer.from('ok'), '', { length: 'exclusive' })
  const refused = split(Buffer.concat([good, bytes((frameMax + 1) >> 8, (frameMax + 1) & 0xff), good]))
  expect(textOf(refused.frames)).toEqual(['ok'])
  expect(refused.fault).toMatchObject({ code: 'frame_too_long' })
  expect(split(good)).toEqual({ frames: [], fault: refused.fault })
})

test('an inclusive length that does not count itself is refused', () => {
  expect(splitter('inclusive')(bytes(0, 1)).fault).toMatchObject({ code: 'frame_length_wrong' })
})

test('a million signs of life keep nothing', () => {
  expect(splitter()(new Uint8Array(2_000_000))).toEqual({ frames: [] })
})

describe('envelope', () => {
  const pos = { length: 'exclusive', tpdu: true } as const
  const message = bytes(8, 0)

  test('goes on and comes off', () => {
    const frame = wrap(message, '6000030000', pos)
    expect([...frame]).toEqual([0, 7, 0x60, 0, 3, 0, 0, 8, 0])
    expect(unwrap(frame, pos)).toEqual({ ok: true, tpdu: '6000030000', message })
    expect(unwrap(wrap(message, '', pos), { ...pos, tpdu: false })).toMatchObject({ message })
  })

  test('an answer goes back to where the request came from', () => {
    expect(answerTpdu('6000030012')).toBe('6000120003')
  })

  test.each([
    ['nothing', bytes(), 'frame_truncated'],
    ['half a length', bytes(0), 'frame_truncated'],
    ['a length that announces more', bytes(0, 9, 0x60), 'frame_length_wrong'],
    ['a length that announces less', bytes(0, 0, 0x60), 'frame_length_wrong'],
    ['a TPDU cut short', bytes(0, 2, 0x60, 0), 'tpdu_malformed'],
    ['a TPDU that is none', bytes(0, 5, 0x61, 0, 3, 0, 0), 'tpdu_malformed'],
  ])('%s', (_, frame, code) => {
    expect(unwrap(frame, pos)).toMatchObject({ ok: false, code })
  })

  test('what no length can announce is a bug of the caller', () => {
    expect(() => wrap(new Uint8Array(65_536), '', pos)).toThrow(RangeError)
  })
})
