// What the store alone does with events as large as bills, and the store and the vault together: no file can be taken faster.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeCrypto } from '../src/adapters/node/crypto.ts'
import { newEventId } from '../src/adapters/node/eventIds.ts'
import { sqliteEventStore } from '../src/adapters/sqlite/eventStore.ts'
import { sqliteVault } from '../src/adapters/sqlite/vault.ts'
import { billId, billName } from '../src/domain/core/ids.ts'

const atOnce = 256
const at = '2026-11-05T03:00:00.000Z'

export type Speed = { readonly perSecond: number; readonly cpuMicroseconds: number }

export async function storeAlone(bills: number, named: boolean): Promise<Speed> {
  const folder = mkdtempSync(join(tmpdir(), 'thungan-floor-'))
  const store = sqliteEventStore({ file: join(folder, 'events.sqlite'), now: () => new Date() })
  const vault = sqliteVault(join(folder, 'vault.sqlite'), new Uint8Array(32).fill(1))
  const append = (number: number) => {
    const digits = String(number).padStart(9, '0')
    const customer = named
      ? vault.seal(
          `bills of mer_7K3MA to PD13${digits}`,
          `{"name":"Nguyễn Văn ${digits}","phone":"0${digits}"}`,
        )
      : undefined
    const data = {
      billerId: 'mer_7K3MA',
      billNumber: `HD${digits}`,
      customerCode: `PD13${digits}`,
      amount: { amount: String(10_000 + number), currency: 'VND' },
      issuedOn: '2026-11-05',
      dueOn: '2026-11-12',
      customer,
      uploadId: 'upl_7K3MA9QZXW4F2P8R',
      at,
    }
    const stream = `bill-${billId(nodeCrypto.digest(billName(data.billerId, data.billNumber)))}`
    const event = { id: newEventId(), type: 'BillIssued', data, metadata: { actor: 'key_7K3MA00000000000' } }
    return store.append(stream, 0, [event])
  }
  const [started, cpu] = [performance.now(), process.cpuUsage()]
  for (let first = 0; first < bills; first += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, bills - first) }, (_, index) => first + index)
    if (named)
      vault.prepare(numbers.map((number) => `bills of mer_7K3MA to PD13${String(number).padStart(9, '0')}`))
    await Promise.all(numbers.map(append))
  }
  const { user, system } = process.cpuUsage(cpu)
  const perSecond = Math.round((bills * 1_000) / (performance.now() - started))
  await store.close()
  vault.close()
  rmSync(folder, { recursive: true })
  return { perSecond, cpuMicroseconds: (user + system) / bills }
}
