// The bank list, by BIN.
import { expect, test } from 'vitest'
import list from '../../../src/domain/qr/banks.json' with { type: 'json' }
import { findBank } from '../../../src/domain/qr/banks.ts'

test('a bank by its BIN', () => {
  expect(findBank('970436')).toEqual({
    bin: '970436',
    shortName: 'Vietcombank',
    name: 'Ngân hàng TMCP Ngoại Thương Việt Nam',
    swift: 'BFTVVNVX',
  })
})

test.each(['', '970', '000000', 'constructor', '__proto__'])('%j is no bank', (bin) => {
  expect(findBank(bin)).toBeUndefined()
})

test('every bank has six digits and two names', () => {
  expect(Object.keys(list)).toHaveLength(70)
  for (const bin of Object.keys(list)) {
    expect(bin).toMatch(/^\d{6}$/)
    expect(findBank(bin)?.shortName).toBeTruthy()
    expect(findBank(bin)?.name).toBeTruthy()
  }
})
