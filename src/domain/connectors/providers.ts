// Every payment provider by its kind of connector.
import { momo } from './momo.ts'
import { payos } from './payos.ts'
import type { Provider } from './provider.ts'
import { vnpay } from './vnpay.ts'
import { zalopay } from './zalopay.ts'

export const providers = { vnpay, momo, zalopay, payos } as const satisfies Record<string, Provider>

export type ProviderKind = keyof typeof providers
export const providerKinds = Object.keys(providers) as ProviderKind[]

export const isProviderKind = (kind: string): kind is ProviderKind => Object.hasOwn(providers, kind)
