// `thungan forget`: erases the names, phones and addresses of a biller's customers; a gateway may run meanwhile.
import type { Command } from 'commander'
import { customerCodeKey } from '../../../domain/bills/customerCode.ts'
import { customerIdOf, forgetCustomer } from '../../../http/forgetCustomer.ts'
import { nodeCrypto } from '../crypto.ts'
import { readEnvironment } from '../environment.ts'
import { gatewayOver } from '../gatewayOver.ts'
import { masterKey } from '../masterKey.ts'
import { erasureOf } from '../vaults.ts'
import { type DataFolder, type DataOptions, dataCommand, fileIn, inDataFolder } from './dataFolder.ts'
import { print } from './safe.ts'

/** Adds `forget`. */
export function addForgetCommand(program: Command): void {
  dataCommand(
    program,
    'forget',
    "erase the names, phones and addresses of a biller's customers for ever; a gateway may run meanwhile",
    { 0: 'they are forgotten, now or before', 1: 'the biller has no customer of one of the codes' },
  )
    .argument('<billerId>', 'the biller, mer_…')
    .argument('<customerCode...>', 'its codes of the customers')
    .action((billerId: string, codes: readonly string[], options: DataOptions) =>
      inDataFolder(options, (folder) => forget(billerId, codes, options, folder)),
    )
}

type Forgotten = { readonly customerCode: string; readonly id?: string; readonly times?: number }

async function forget(
  billerId: string,
  codes: readonly string[],
  { json, dataDir }: DataOptions,
  folder: DataFolder,
): Promise<void> {
  const ports = portsOf(dataDir, folder)
  const results: Forgotten[] = []
  for (const customerCode of codes.map(customerCodeKey)) {
    const customer = { billerId, customerCode }
    const outcome = await forgetCustomer(customer, { actor: 'thungan forget' }, ports)
    if (!outcome) results.push({ customerCode })
    else if (!outcome.ok) throw new Error(`${customerCode}: ${outcome.rejection}`)
    else if (outcome.state.status === 'forgotten')
      results.push({ customerCode, id: customerIdOf(customer, ports), times: outcome.state.times })
  }
  print(json, { data: results }, results.map(line).join('\n'))
  if (results.some(({ id }) => id === undefined)) process.exitCode = 1
}

const line = ({ customerCode, id, times }: Forgotten): string =>
  id === undefined
    ? `${customerCode}  no such customer of this biller`
    : `${customerCode}  forgotten as ${id}${times === 1 ? '' : `, for the ${times}. time`}`

function portsOf(dataDir: string, folder: DataFolder) {
  const { MASTER_KEY } = readEnvironment({ ...process.env, DATA_DIR: dataDir })
  if (MASTER_KEY === undefined) fileIn(dataDir, 'master.key')
  const key = masterKey(dataDir, MASTER_KEY)
  return {
    gateway: gatewayOver(folder.store()),
    erasure: erasureOf(folder.vault(key)),
    readModels: folder.readModels().queries,
    crypto: nodeCrypto,
    settings: { masterKey: key },
    now: () => new Date(),
  }
}
