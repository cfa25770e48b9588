// The webhook queue in a file of its own.
import type { WebhookQueue } from '../../domain/webhooks/webhookQueue.ts'
import { inTransaction, openDatabase } from './database.ts'
import { webhookQueueOver } from './webhookCounting.ts'
import { webhookMigrations } from './webhookTables.ts'

export function sqliteWebhookQueue(file: string): WebhookQueue {
  const database = openDatabase({ file, synchronous: 'NORMAL', migrations: webhookMigrations })
  return webhookQueueOver(
    database,
    (work) => inTransaction(database, work),
    () => database.close(),
  )
}
