// The read models in a test gateway's folder, built again from its log as `thungan rebuild` does it; answers what differs.
import { join } from 'node:path'
import { sqliteReadModels } from '../../src/adapters/sqlite/readModels.ts'
import type { TestGateway } from './gateway.ts'

export async function rebuilt({ dataDir, store }: Pick<TestGateway, 'dataDir' | 'store'>) {
  const models = sqliteReadModels(join(dataDir, 'read-models.sqlite'))
  try {
    return (await models.rebuild(store)).differing
  } finally {
    models.close()
  }
}
