// A provider's account as its connector has it: the credentials are opened here, used, and never shown.
import type { RegisteredConnector } from '../domain/connectors/connector.ts'
import type { Account, Credentials } from '../domain/connectors/provider.ts'
import type { Vault } from './services.ts'

/** The name of the key that seals a connector's credentials: dropping it takes them back for good. */
export const credentialsKey = (connectorId: string): string => `credentials ${connectorId}`

/** Undefined where the key of the credentials has been dropped. */
export function accountOf(
  { sealed = '', baseUrl = '' }: RegisteredConnector,
  { open }: Vault,
): Account<Credentials> | undefined {
  const credentials = open(sealed)
  return credentials === undefined
    ? undefined
    : { credentials: JSON.parse(credentials) as Credentials, baseUrl }
}
