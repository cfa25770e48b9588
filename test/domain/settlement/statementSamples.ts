// Statements and their lines as tests know them: the shortest and the fullest.
import type { StatementLine } from '../../../src/domain/settlement/bankStatement.ts'
import type { LineResult, MissingItem } from '../../../src/domain/settlement/statementLines.ts'

export const at = '2026-11-22T03:00:00.000Z'
const statementId = 'stm_7K3MA9QZXW4F2P8R607K3MA9QZ'
const vnd = (amount: string) => ({ amount, currency: 'VND' }) as const

export const received = {
  format: 'camt.054',
  bankBin: '970422',
  accountNumber: '0123456789',
  currency: 'VND',
  from: '2026-11-21',
  to: '2026-11-21',
  lineCount: 2,
  credits: vnd('130000'),
  debits: vnd('0'),
  receivedAt: at,
} as const
export const fullyReceived = { ...received, format: 'camt.053', opening: '-1000', closing: '129000' } as const

export const plainLine: LineResult = {
  statementId,
  lineId: 'stl_7K3MA9QZXW4F2P8R607K3MA9QZ',
  line: 1,
  direction: 'credit',
  amount: vnd('125000'),
  bookedOn: '2026-11-21',
  state: 'matched',
  rule: 'payment_reference',
  items: [{ id: 'crd_7K3MA9QZXW4F2P8R607K3MA9QZ', kind: 'credit' }],
}
export const fullLine: LineResult = {
  ...plainLine,
  lineId: 'stl_7K3MA9QZXW4F2P8R607K3MA9R0',
  line: 2,
  bankReference: 'FT26325000001',
  state: 'partly',
  expected: vnd('130000'),
  sealed: 'v1.key.sealed',
}
export const takenLine: LineResult = {
  statementId,
  lineId: 'stl_7K3MA9QZXW4F2P8R607K3MA9R1',
  line: 3,
  direction: 'credit',
  amount: vnd('5000'),
  bookedOn: '2026-11-21',
  state: 'unexpected',
  items: [],
  creditId: 'crd_7K3MA9QZXW4F2P8R607K3MA9R1',
  sealed: 'v1.key.sealed',
}
export const missing: MissingItem = {
  statementId,
  itemId: 'crd_7K3MA9QZXW4F2P8R607K3MA9QZ-1',
  kind: 'transfer',
  direction: 'debit',
  amount: vnd('25000'),
  expectedOn: '2026-11-21',
}

export const statementLine: StatementLine = {
  line: 1,
  direction: 'credit',
  amount: vnd('125000'),
  bookedOn: '2026-11-21',
  valueOn: '2026-11-21',
  bankReferences: ['FT1'],
  reversal: false,
  text: 'tien hang',
}
