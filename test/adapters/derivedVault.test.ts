// The vault whose keys derive from the master key: every gateway that has it opens what another sealed, and nobody else.
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { derivedVault } from '../../src/adapters/node/derivedVault.ts'
import { StoreUnavailable } from '../../src/domain/core/eventStore.ts'

const master = randomBytes(32)
const text = 'Nguyễn Văn An 0123456789'

describe('a derived vault', () => {
  it('opens what another with the same master key sealed', () => {
    const sealed = derivedVault(master).seal('notifications of con_1', text)
    expect(sealed).toMatch(/^v2\.[\w-]{22}\.[\w-]+$/)
    expect(derivedVault(master).open(sealed)).toBe(text)
  })

  it('seals the same text differently each time, under one key for one name', () => {
    const vault = derivedVault(master)
    const [a, b, other] = [vault.seal('a', text), vault.seal('a', text), vault.seal('b', text)]
    expect(a).not.toBe(b)
    expect(a.split('.')[1]).toBe(b.split('.')[1])
    expect(other.split('.')[1]).not.toBe(a.split('.')[1])
  })

  it.each([
    ['with another master key', (sealed: string) => [derivedVault(randomBytes(32)), sealed] as const],
    ['that was changed', (sealed: string) => [derivedVault(master), `${sealed.slice(0, -2)}xx`] as const],
    [
      'of another key',
      (sealed: string) => [derivedVault(master), sealed.replace(/^v2\.../, 'v2.xx')] as const,
    ],
    ['of a vault in a file', (sealed: string) => [derivedVault(master), sealed.replace('v2', 'v1')] as const],
  ])('does not open a text %s', (_, change) => {
    const [vault, sealed] = change(derivedVault(master).seal('a', text))
    expect(() => vault.open(sealed)).toThrow(StoreUnavailable)
    expect(() => vault.open(sealed)).not.toThrow(text)
  })
})
