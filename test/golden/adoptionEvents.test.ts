// Golden files of the registry's events, the shortest and the fullest of each, and of a regulator's key.
import { expect, test } from 'vitest'
import type { EstablishmentEvent } from '../../src/domain/adoption/establishment.ts'
import type { ApiKeyEvent } from '../../src/domain/merchants/apiKey.ts'
import { at, full, supermarket, uploadId } from '../domain/adoption/samples.ts'

const key = { role: 'regulator', name: 'Sở Công Thương', secretHash: 'hash', issuedAt: at } as const
const siteId = 'sit_7K3MA9QZXW4F2'
const samples: readonly (readonly [string, EstablishmentEvent | ApiKeyEvent])[] = [
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
  ['KeyIssued.regulator', { type: 'KeyIssued', data: key }],
]

test.each(samples)('%s', async (name, event) => {
  await expect(`${JSON.stringify(event, null, 2)}\n`).toMatchFileSnapshot(`events/${name}.v1.json`)
})
