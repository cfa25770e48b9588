// The double of EventStoreDB in a process of its own, for benches: it keeps everything in memory and answers at once.
import { openEventStoreDouble } from '../test/support/eventstoredb/double.ts'

const double = await openEventStoreDouble()
process.send?.({ url: double.url })
process.on('disconnect', () => process.exit(0))
