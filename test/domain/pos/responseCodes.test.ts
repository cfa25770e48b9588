// Response codes: each in its class, each with words for both sides of the till.
import { describe, expect, test } from 'vitest'
import { isApproval, meaningOfResponse, responseCodes } from '../../../src/domain/pos/responseCodes.ts'

const inClass = (name: string) => responseCodes.filter((code) => meaningOfResponse(code).class === name)

test('classes', () => {
  expect(inClass('approved')).toEqual(['00', '10'])
  expect(inClass('pick_up')).toEqual(['04', '07', '33', '34', '35', '36', '37', '38', '41', '43'])
  expect(inClass('retryable')).toEqual(['06', '55', '90', '91', '92', '96'])
  expect(inClass('unknown')).toEqual(['68', '94'])
})

test.each(['ZZ', '', '0', 'constructor', '__proto__', '99'])('%j is no approval', (code) => {
  expect(isApproval(code)).toBe(false)
  expect(meaningOfResponse(code).class).toBe('declined')
})

describe.each(responseCodes)('%s', (code) => {
  const { payer, cashier } = meaningOfResponse(code)
  test('has words in both languages for both', () => {
    for (const text of [payer.vi, payer.en, cashier.vi, cashier.en]) expect(text).toMatch(/\S{2}/)
    expect(cashier.vi).not.toBe(cashier.en)
  })
  test('does not tell the payer what only the cashier should know', () => {
    expect(payer.en).not.toMatch(/fraud|pick|stolen|lost|restricted/i)
    expect(payer.vi).not.toMatch(/gian lận|thu giữ|đánh cắp|báo mất/i)
  })
})
