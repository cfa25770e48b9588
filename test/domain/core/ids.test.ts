// Ids and the alphabets they are written in.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { base32, base32Number, isBase32 } from '../../../src/domain/core/base32.ts'
import type { Chance } from '../../../src/domain/core/chance.ts'
import { checkCharacter, isChecked } from '../../../src/domain/core/checkCharacter.ts'
import {
  isId,
  newConnectorId,
  newKeyId,
  newMerchantId,
  newSiteId,
  newTerminalId,
} from '../../../src/domain/core/ids.ts'

const chance: Chance = (_purpose, size) => Uint8Array.from({ length: size }, (_, i) => 31 * i + 7)

describe('base32', () => {
  test('writes five bits a character', () => {
    expect(base32(new Uint8Array([0xff, 0x00, 0xff, 0x00, 0xff]), 8)).toBe('ZW0FY07Z')
    expect(base32(new Uint8Array([0]), 1)).toBe('0')
  })
  test('asks for enough bytes', () => expect(() => base32(new Uint8Array(4), 8)).toThrow(RangeError))
  test('leaves out what is mistaken for digits', () => {
    for (const letter of 'ILOU') expect(isBase32(letter)).toBe(false)
  })
  test('of numbers keeps their order', () => {
    const number = fc.nat(32 ** 5 - 1)
    fc.assert(fc.property(number, number, (a, b) => a < b === base32Number(a, 5) < base32Number(b, 5)))
  })
})

describe('the check character of ISO 7064 mod 37,36', () => {
  test('of the example in the standard', () => expect(checkCharacter('A12425GABC1234002')).toBe('M'))
  test('is verified', () => {
    expect(isChecked('A12425GABC1234002M')).toBe(true)
    expect(isChecked('A12425GABC1234002N')).toBe(false)
  })
})

describe('ids', () => {
  test('name their merchant', () => {
    const merchantId = newMerchantId(chance)
    expect(merchantId).toMatch(/^mer_.{5}$/)
    expect(newSiteId(merchantId, chance)).toMatch(new RegExp(`^sit_${merchantId.slice(4)}.{8}$`))
  })
  test('have the shape of their kind', () => {
    expect(isId('mer', newMerchantId(chance))).toBe(true)
    expect(isId('sit', newSiteId('mer_7K3MA', chance))).toBe(true)
    expect(isId('ter', newTerminalId(chance))).toBe(true)
    expect(isId('con', newConnectorId(chance))).toBe(true)
    expect(isId('key', newKeyId('00000', chance))).toBe(true)
  })
  test.each(['', 'mer_', 'mer_7K3M', 'mer_7K3MAA', 'mer_7k3ma', 'mer_7K3MI', 'sit_7K3MA', 'mer-7K3MA'])(
    '%j is not a merchant',
    (text) => expect(isId('mer', text)).toBe(false),
  )
})
