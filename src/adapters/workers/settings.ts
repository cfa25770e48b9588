// The settings of a gateway at the edge, from the variables and secrets of the Worker.
import packageJson from '../../../package.json' with { type: 'json' }
import { StoreUnavailable } from '../../domain/core/eventStore.ts'
import type { Settings } from '../../http/services.ts'
import { nodeCrypto } from '../node/crypto.ts'
import type { Bindings } from './bindings.ts'

const keyBytes = 32

/** Throws StoreUnavailable where the master key is missing or none. */
export function settingsOf({ MASTER_KEY, OPERATOR_KEY, PUBLIC_URL, SANDBOX }: Bindings): Settings {
  const masterKey = Buffer.from(MASTER_KEY ?? '', 'base64')
  if (masterKey.length !== keyBytes)
    throw new StoreUnavailable(
      'MASTER_KEY is not 32 bytes in base64. Set it once: openssl rand -base64 32 | npx wrangler secret put MASTER_KEY',
    )
  return {
    version: packageJson.version,
    publicUrl: (PUBLIC_URL ?? '').replace(/\/$/, ''),
    sandbox: SANDBOX === '1',
    masterKey: new Uint8Array(masterKey),
    ...(OPERATOR_KEY && { operatorKeyHash: nodeCrypto.hash(OPERATOR_KEY) }),
    lagMaxMs: 5_000,
  }
}
