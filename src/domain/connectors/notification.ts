// A signed notification that made no credit: kept word for word, so that it can be read again and nothing is lost.
import { accept, type Decision } from '../core/decider.ts'

type SetAside = {
  readonly connectorId: string
  /** `unreadable`: we could not read it. `declined`: it says that no money moved. */
  readonly reason: 'unreadable' | 'declined'
  /** What was wrong with it, or the provider's own code. */
  readonly code: string
  /** The notification as it came, encrypted; bytes that are not UTF-8 are base64 inside. */
  readonly sealed: string
  readonly encoding: 'utf-8' | 'base64'
  readonly receivedAt: string
}

export type NotificationCommand = { type: 'SetNotificationAside'; data: SetAside }
export type NotificationEvent = { type: 'NotificationSetAside'; data: SetAside }
export type NotificationState = { readonly status: 'new' | 'set-aside' }

export const initialState = (): NotificationState => ({ status: 'new' })

/** The stream is named by a hash of the connector and the bytes: the same notification again is there already. */
export const decide = (
  { data }: NotificationCommand,
  state: NotificationState,
): Decision<NotificationEvent, never> =>
  state.status === 'new' ? accept({ type: 'NotificationSetAside', data }) : accept()

export const evolve = (): NotificationState => ({ status: 'set-aside' })
