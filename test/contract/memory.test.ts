// The store in memory keeps the contract.
import { memoryEventStore } from '../../src/adapters/memory/eventStore.ts'
import { eventStoreContract } from './eventStore.contract.ts'

eventStoreContract('memory', () => memoryEventStore({ now: () => new Date() }))
