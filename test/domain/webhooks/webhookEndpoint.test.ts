// The rules of a webhook endpoint: registered once, changed, disabled, enabled, its secret rotated with an overlap.
import { describe, expect, test } from 'vitest'
import * as webhookEndpoint from '../../../src/domain/webhooks/webhookEndpoint.ts'
import { scenarios } from '../../support/given.ts'

const given = scenarios(webhookEndpoint)

const at = '2026-11-22T03:00:00.000Z'
const inDays = (days: number) => new Date(Date.parse(at) + days * 86_400_000).toISOString()
const target = { url: 'https://shop.example/hooks', events: ['payment.paid', 'payment.expired'] }
const details = {
  ...target,
  merchantId: 'mer_7K3MA',
  payload: 'thin',
  signature: 'v1',
  registeredAt: at,
} as const

const register = { type: 'RegisterWebhookEndpoint', data: details } as const
const registered = { type: 'WebhookEndpointRegistered', data: details } as const
const change = (to: object) =>
  ({ type: 'ChangeWebhookEndpoint', data: { ...target, changedAt: at, ...to } }) as const
const changed = (to: object) =>
  ({ type: 'WebhookEndpointChanged', data: { ...target, changedAt: at, ...to } }) as const
const disable = (reason: 'requested' | 'gone' | 'failing') =>
  ({ type: 'DisableWebhookEndpoint', data: { reason, disabledAt: at } }) as const
const disabled = (reason: 'requested' | 'gone' | 'failing') =>
  ({ type: 'WebhookEndpointDisabled', data: { reason, disabledAt: at } }) as const
const enable = { type: 'EnableWebhookEndpoint', data: { enabledAt: at } } as const
const enabled = { type: 'WebhookEndpointEnabled', data: { enabledAt: at } } as const
const rotate = (rotatedAt: string) => ({ type: 'RotateWebhookSecret', data: { rotatedAt } }) as const
const rotated = (generation: number, rotatedAt: string, previousUntil: string) =>
  ({ type: 'WebhookSecretRotated', data: { generation, rotatedAt, previousUntil } }) as const
const replay = { type: 'RequestWebhookReplay', data: { from: 2, to: 4, requestedAt: at } } as const
const replayed = { type: 'WebhookReplayRequested', data: { from: 2, to: 4, requestedAt: at } } as const

test('register: once', () => {
  given().when(register).thenEvents(registered)
  given(registered).when(register).thenRejected('webhook_endpoint_exists')
})

test('everything else needs an endpoint', () => {
  for (const command of [change({}), disable('requested'), enable, rotate(at), replay])
    given().when(command).thenRejected('webhook_endpoint_not_found')
})

test('change: to another url or other events; the same again is nothing, in any order', () => {
  const url = 'https://shop.example/b'
  given(registered).when(change({ url })).thenEvents(changed({ url }))
  given(registered, changed({ url })).when(change({ url })).thenNothing()
  given(registered)
    .when(change({ events: ['payment.paid'] }))
    .thenEvents(changed({ events: ['payment.paid'] }))
  given(registered)
    .when(change({ events: target.events.toReversed() }))
    .thenNothing()
})

test('disable: once; the first reason stands', () => {
  given(registered).when(disable('gone')).thenEvents(disabled('gone'))
  given(registered, disabled('gone')).when(disable('failing')).thenNothing()
})

test('enable: only what is disabled', () => {
  given(registered, disabled('failing')).when(enable).thenEvents(enabled)
  given(registered).when(enable).thenNothing()
  given(registered, disabled('failing'), enabled).when(disable('failing')).thenEvents(disabled('failing'))
})

test('replay: of an enabled endpoint, as often as asked', () => {
  given(registered).when(replay).thenEvents(replayed)
  given(registered, replayed).when(replay).thenEvents(replayed)
  given(registered, disabled('gone')).when(replay).thenRejected('webhook_endpoint_disabled')
})

describe('rotate', () => {
  const state = (...events: webhookEndpoint.WebhookEndpointEvent[]) =>
    events.reduce(
      webhookEndpoint.evolve,
      webhookEndpoint.initialState(),
    ) as webhookEndpoint.RegisteredWebhookEndpoint
  const second = rotated(2, at, inDays(1))
  const third = rotated(3, inDays(0.1), inDays(1.1))
  const fourth = rotated(4, inDays(0.2), inDays(1.2))

  test('a new generation, the one before for a day more', () => {
    given(registered).when(rotate(at)).thenEvents(second)
    given(registered, second)
      .when(rotate(inDays(0.1)))
      .thenEvents(third)
  })

  test('is refused while three older ones sign, and allowed again once one has ended', () => {
    const three = [registered, second, third, fourth] as const
    given(...three)
      .when(rotate(inDays(0.9)))
      .thenRejected('webhook_secrets_exceeded')
    given(...three)
      .when(rotate(inDays(1)))
      .thenEvents(rotated(5, inDays(1), inDays(2)))
  })

  test('the older ones sign until their time and not a moment longer, newest first', () => {
    const rotatedTwice = state(registered, second, third)
    const generations = (days: number) =>
      webhookEndpoint.stillSigning(rotatedTwice, inDays(days)).map(({ generation }) => generation)
    expect(rotatedTwice.generation).toBe(3)
    expect(generations(0.5)).toEqual([2, 1])
    expect(generations(1)).toEqual([2])
    expect(generations(1.1)).toEqual([])
  })

  test('forgets those that have ended, so that the state does not grow', () => {
    const much = state(registered, second, rotated(3, inDays(2), inDays(3)), rotated(4, inDays(4), inDays(5)))
    expect(much.retiring).toEqual([{ generation: 3, until: inDays(5) }])
  })
})
