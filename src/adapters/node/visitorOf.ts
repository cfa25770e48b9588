// Who visits a page: the address at the other end of the connection. Behind a proxy all visitors are one, which limits them together.
import type { IncomingMessage } from 'node:http'

/** `env`: what the Node server gives with each request; without one (a test without a socket) it is nobody's. */
export const visitorOf = (env: unknown): string =>
  (env as { readonly incoming?: IncomingMessage } | undefined)?.incoming?.socket.remoteAddress ?? ''
