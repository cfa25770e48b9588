// The message type: four digits for version, class, function and origin, and what they mean.
import { type Broken, broken } from './fault.ts'
import type { Digits } from './profile.ts'

const classes: Readonly<Record<string, string>> = {
  '1': 'authorization',
  '2': 'financial',
  '3': 'file action',
  '4': 'reversal',
  '5': 'reconciliation',
  '6': 'administrative',
  '7': 'fee collection',
  '8': 'network management',
}
const functions: Readonly<Record<string, string>> = {
  '0': 'request',
  '1': 'response',
  '2': 'advice',
  '3': 'advice response',
}
const origins: Readonly<Record<string, string>> = {
  '0': 'acquirer',
  '1': 'acquirer, repeat',
  '2': 'issuer',
  '3': 'issuer, repeat',
  '4': 'other',
  '5': 'other, repeat',
}

const meanings: ReadonlyMap<string, string> = new Map(
  Object.entries(classes).flatMap(([kind, className]) =>
    Object.entries(functions).flatMap(([use, functionName]) =>
      Object.entries(origins).map(
        ([origin, from]) => [`0${kind}${use}${origin}`, `${className} ${functionName} (${from})`] as const,
      ),
    ),
  ),
)

/** `financial request (acquirer)`; undefined for what ISO 8583:1987 does not have. */
export const mtiMeaning = (mti: string): string | undefined => meanings.get(mti)

export const isMti = (mti: string): boolean => meanings.has(mti)

export const mtiWidth = (form: Digits): number => (form === 'ascii' ? 4 : 2)

const versions: Readonly<Record<string, string>> = { '1': '1993', '2': '2003' }

/** Why this is no message type of ISO 8583:1987. */
export function unknownMti(mti: string): Broken {
  if (!/^\d{4}$/.test(mti)) return broken('mti_not_digits', 'the message type is not four digits')
  const version = versions[mti[0]!]
  return broken(
    'mti_unknown',
    version ? `a message of ISO 8583:${version}` : 'ISO 8583:1987 has no such message type',
  )
}

/** The type that answers a request or an advice, also a repeated one (`0201` → `0210`, `0421` → `0430`); undefined for an answer. */
export function answerMti(mti: string): string | undefined {
  const answering = mti[2] === '0' ? '1' : mti[2] === '2' ? '3' : undefined
  return answering && `${mti.slice(0, 2)}${answering}0`
}
