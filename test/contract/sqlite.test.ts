// The store in SQLite keeps the contract.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { sqliteEventStore } from '../../src/adapters/sqlite/eventStore.ts'
import { eventStoreContract } from './eventStore.contract.ts'

const folder = mkdtempSync(join(tmpdir(), 'thungan-contract-'))
afterAll(() => rmSync(folder, { recursive: true }))

// One file for all the tests: none of them may count on an empty store.
eventStoreContract('sqlite', () =>
  sqliteEventStore({ file: join(folder, 'events.db'), now: () => new Date() }),
)
