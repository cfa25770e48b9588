// Golden files of what a regulator sends: the registry's events, the shortest and the fullest, targets, observations, and its key.
import { expect, test } from 'vitest'
import type { EstablishmentEvent } from '../../src/domain/adoption/establishment.ts'
import type { ObservationEvent } from '../../src/domain/adoption/observation.ts'
import type { OwnTargetsEvent } from '../../src/domain/adoption/ownTargets.ts'
import type { ApiKeyEvent } from '../../src/domain/merchants/apiKey.ts'
import { at, full, supermarket, uploadId } from '../domain/adoption/samples.ts'

const key = { role: 'regulator', name: 'Sở Công Thương', secretHash: 'hash', issuedAt: at } as const
const siteId = 'sit_7K3MA9QZXW4F2'
const observation: ObservationEvent = {
  type: 'ObservationRecorded',
  data: {
    indicator: 'online-retail-share',
    observedOn: '2017-12-31',
    value: 7.25,
    source: 'Tổng cục Thống kê',
    revision: 2,
    recordedAt: at,
  },
}
const share = {
  indicator: 'metro-stations',
  year: 2026,
  label: { vi: 'Ga tàu điện', en: 'Metro stations' },
  sectors: ['other'],
  unit: 'percent',
  target: 50,
  source: 'plan-2026',
} as const
const rank = { ...share, indicator: 'rank', sectors: [], unit: 'rank', target: 2 } as const
const targets: OwnTargetsEvent = { type: 'TargetsSet', data: { targets: [share, rank], setAt: at } }
type Sample = EstablishmentEvent | ObservationEvent | OwnTargetsEvent | ApiKeyEvent
const samples: readonly (readonly [string, Sample])[] = [
  [
    'EstablishmentRegistered',
    { type: 'EstablishmentRegistered', data: { ...supermarket, uploadId, registeredAt: at } },
  ],
  [
    'EstablishmentRegistered.full',
    { type: 'EstablishmentRegistered', data: { ...full, uploadId, registeredAt: at } },
  ],
  [
    'EstablishmentChanged',
    { type: 'EstablishmentChanged', data: { ...supermarket, uploadId, changedAt: at } },
  ],
  ['EstablishmentChanged.full', { type: 'EstablishmentChanged', data: { ...full, uploadId, changedAt: at } }],
  [
    'EstablishmentClosed',
    { type: 'EstablishmentClosed', data: { closedOn: '2018-06-30', uploadId, changedAt: at } },
  ],
  ['EstablishmentLinked', { type: 'EstablishmentLinked', data: { siteId, reason: 'visited', linkedAt: at } }],
  ['EstablishmentLinkRefused', { type: 'EstablishmentLinkRefused', data: { siteId, refusedAt: at } }],
  ['ObservationRecorded', observation],
  ['TargetsSet', targets],
  ['KeyIssued.regulator', { type: 'KeyIssued', data: key }],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
