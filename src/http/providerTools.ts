// What the rules of a provider need from here: hashing, and JSON with one meaning.
import type { Tools } from '../domain/connectors/provider.ts'
import { readObject } from './readNotification.ts'
import type { Crypto } from './services.ts'

const utf8 = new TextEncoder()

export const providerTools = ({ hmacHex, equal }: Crypto): Tools => ({
  hmac: hmacHex,
  equal,
  object: (json) => readObject(utf8.encode(json)),
})
