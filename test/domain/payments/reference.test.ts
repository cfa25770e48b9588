// References: made, checked, and found again in whatever a bank makes of the transfer text.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Chance } from '../../../src/domain/core/chance.ts'
import {
  derivedReference,
  findReferences,
  isReference,
  merchantIdOf,
  newReference,
  transferText,
} from '../../../src/domain/payments/reference.ts'

const fixed: Chance = (_purpose, size) => new Uint8Array(size).fill(0xa5)
const noon = new Date('2026-11-22T12:00:00Z')
const reference = newReference('mer_7K3MA', noon, fixed)

describe('a new reference', () => {
  test('is the merchant, a coarse clock, chance and a check character', () => {
    expect(reference).toHaveLength(18)
    expect(merchantIdOf(reference)).toBe('mer_7K3MA')
    expect(isReference(reference)).toBe(true)
  })
  test('made later sorts later', () => {
    const later = newReference('mer_7K3MA', new Date(noon.getTime() + 16_000), fixed)
    expect(later > reference).toBe(true)
  })
  test('made within the same 16 seconds begins alike', () => {
    const near = newReference('mer_7K3MA', new Date('2026-11-22T12:00:15.999Z'), fixed)
    expect(near.slice(0, 10)).toBe(reference.slice(0, 10))
  })
  test('fits the transfer text', () => expect(transferText(reference)).toMatch(/^TN[0-9A-Z]{18}$/))
})

test('a derived reference does not depend on the time', () => {
  expect(derivedReference('mer_7K3MA', fixed)).toBe(derivedReference('mer_7K3MA', fixed))
  expect(isReference(derivedReference('mer_7K3MA', fixed))).toBe(true)
})

describe('the check character', () => {
  const characters = fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ')

  test('catches any one wrong character', () => {
    fc.assert(
      fc.property(fc.nat(17), characters, (at, other) => {
        fc.pre(reference[at] !== other)
        return !isReference(reference.slice(0, at) + other + reference.slice(at + 1))
      }),
    )
  })
  test('catches two neighbors swapped', () => {
    const random: Chance = (_purpose, size) => Uint8Array.from({ length: size }, (_, i) => i * 37 + 11)
    const mixed = derivedReference('mer_7K3MA', random)
    for (let at = 0; at < 17; at++) {
      const swapped = mixed.slice(0, at) + mixed[at + 1] + mixed[at] + mixed.slice(at + 2)
      if (swapped !== mixed) expect(isReference(swapped), `at ${at}`).toBe(false)
    }
  })
})

describe('finding references', () => {
  const text = transferText(reference)
  const spaced = text.match(/.{1,4}/g)!.join(' ')

  test.each([
    ['alone', text],
    ["between the bank's words", `MBVCB.4128374.${text}.CT tu 0987654321 NGUYEN VAN A toi 0123456789`],
    ['in lower case', text.toLowerCase()],
    ['with spaces put in', `CT ${spaced} FT2632`],
    ['with punctuation put in', `${text.slice(0, 7)}-${text.slice(7)}`],
    ['glued to other words', `IBFT${text}GD123456`],
    ['after another TN', `TN TNT ${text}`],
  ])('%s', (_name, content) => expect(findReferences(content)).toEqual([reference]))

  test('finds each of several once', () => {
    const other = newReference('mer_ABCDE', noon, fixed)
    expect(findReferences(`${text} ${transferText(other)} ${text}`)).toEqual([reference, other])
  })
  test.each([
    ['nothing in an empty text', ''],
    ['nothing in other words', 'THANH TOAN TIEN DIEN THANG 11'],
    ['nothing cut short', text.slice(0, -1)],
    ['nothing mistyped', text.replace('7K3MA', '7K3MB')],
  ])('finds %s', (_name, content) => expect(findReferences(content)).toEqual([]))

  test('whatever is around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) =>
        findReferences(`${before} ${text} ${after}`).includes(reference),
      ),
    )
  })
})
