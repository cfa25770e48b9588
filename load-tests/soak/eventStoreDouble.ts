// The double of EventStoreDB as a process of its own: it stays while gateways die. Says its connection string, and ends with its parent.
import { openEventStoreDouble } from '../../test/support/eventstoredb/double.ts'

const double = await openEventStoreDouble()
process.send?.({ url: double.url })
process.once('disconnect', () => {
  double.close()
  process.exit(0)
})
