// A session of the console: the browser holds chance and nothing else; whose it is stands here, and ends with the key.
import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import { serialize } from 'hono/utils/cookie'
import { authenticate, type Caller, callerOfKey } from '../../auth.ts'
import { Problem } from '../../problem.ts'
import type { Services } from '../../services.ts'

const lifetimeMs = 12 * 3_600_000

/** A secure address gets a name that no other host of the domain can set. */
const isSecure = ({ settings }: Services): boolean => settings.publicUrl.startsWith('https:')
const cookieName = (services: Services): string => (isSecure(services) ? '__Host-console' : 'thungan-console')

/** The cookie lives as long as the browser is open, the session 12 hours at most. */
const cookie = (token: string, services: Services, more: { maxAge?: number } = {}): string =>
  serialize(cookieName(services), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Strict',
    secure: isSecure(services),
    ...more,
  })

export const noCookie = (services: Services): string => cookie('', services, { maxAge: 0 })

/** The cookie of a new session, or undefined where there is no such key. */
export async function openSession(key: string, services: Services): Promise<string | undefined> {
  const { crypto, sessions, now } = services
  const caller = await authenticate(`Bearer ${key}`, services)
  if (!caller) return undefined
  const token = crypto.hash(crypto.random(32))
  const session = {
    keyId: caller.keyId,
    fingerprint: fingerprintOf(crypto.hash(key), services),
    expiresAt: new Date(now().getTime() + lifetimeMs).toISOString(),
  }
  sessions.open(crypto.hash(token), session, now().toISOString())
  return cookie(token, services)
}

/** Who has signed in: undefined from the moment that the key is no longer valid. */
export async function callerOfSession(c: Context, services: Services): Promise<Caller | undefined> {
  const { crypto, sessions, now } = services
  const token = getCookie(c, cookieName(services))
  const session = token === undefined ? undefined : sessions.find(crypto.hash(token))
  if (!session || session.expiresAt <= now().toISOString()) return undefined
  const isHash = (secretHash: string) =>
    crypto.equal(fingerprintOf(secretHash, services), session.fingerprint)
  try {
    return await callerOfKey(session.keyId, isHash, services)
  } catch (error) {
    if (error instanceof Problem) return undefined // a terminal that was blocked meanwhile
    throw error
  }
}

export function endSession(c: Context, services: Services): void {
  const token = getCookie(c, cookieName(services))
  if (token !== undefined) services.sessions.end(services.crypto.hash(token))
}

/** Nobody who reads the sessions can try keys on it: that takes the master key. */
const fingerprintOf = (secretHash: string, { crypto, settings }: Services): string =>
  crypto.hash(crypto.hmac(settings.masterKey, 'console session\0', secretHash))
