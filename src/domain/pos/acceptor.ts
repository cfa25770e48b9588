// A payment's point of sale as the card network knows it.
import type { Acceptor } from './cardNetwork.ts'

/** DE41 is the terminal's id, or, where no terminal sold it, that of its site; DE42 is the site. */
export const acceptorOf = ({
  siteId,
  terminalId,
}: {
  readonly siteId: string
  readonly terminalId?: string
}): Acceptor => ({
  terminalId: (terminalId ?? siteId).slice(-de41Length),
  cardAcceptorId: cardAcceptorIdOf(siteId),
})

const de41Length = 8

/** DE42. */
export const cardAcceptorIdOf = (siteId: string): string => `TN${siteId.slice('sit_'.length)}`
