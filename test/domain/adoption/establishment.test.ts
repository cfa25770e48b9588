// The registry: what each upload says of an establishment is recorded where it is news, and is then what it is.
import { describe, expect, test } from 'vitest'
import * as establishment from '../../../src/domain/adoption/establishment.ts'
import { licenseKey, taxKey } from '../../../src/domain/adoption/establishment.ts'
import { districtOf, inVietnam } from '../../../src/domain/adoption/places.ts'
import { scenarios } from '../../support/given.ts'
import { at, full, record, supermarket, uploadId } from './samples.ts'

type EstablishmentEvent = establishment.EstablishmentEvent
const given = scenarios(establishment)
const registered = (data = supermarket): EstablishmentEvent => ({
  type: 'EstablishmentRegistered',
  data: { ...data, uploadId, registeredAt: at },
})
const changed = (data: typeof supermarket): EstablishmentEvent => ({
  type: 'EstablishmentChanged',
  data: { ...data, uploadId, changedAt: at },
})
const closed: EstablishmentEvent = {
  type: 'EstablishmentClosed',
  data: { closedOn: '2018-06-30', uploadId, changedAt: at },
}

describe('an establishment', () => {
  test('that is not known is registered', () => {
    given().when(record(full)).thenEvents(registered(full))
  })

  test.each([
    ['as it was', [registered()], supermarket],
    ['with all that can be said', [registered(full)], full],
    ['as it was changed', [registered(), changed(full)], full],
    ['as it was closed', [registered(), closed], { ...supermarket, closedOn: '2018-06-30' }],
  ] as const)('said again %s is nothing new', (_what, events, data) => {
    given(...events)
      .when(record({ ...data }))
      .thenNothing()
  })

  test.each([
    ['another name', { ...supermarket, name: 'Siêu thị Sen Hồng' }],
    ['another sector', { ...supermarket, sector: 'convenience' as const }],
    ['a ward', { ...supermarket, ward: 'Tràng Tiền' }],
    ['a place', { ...supermarket, location: { lat: 21, lng: 105.8 } }],
    ['another first day and a last one', { ...supermarket, openedOn: '2015-03-02', closedOn: '2018-06-30' }],
  ])('with %s is changed, as a whole', (_what, data) => {
    given(registered()).when(record(data)).thenEvents(changed(data))
  })

  test('without what was known of it is changed: an empty cell is an answer', () => {
    given(registered(full)).when(record(supermarket)).thenEvents(changed(supermarket))
  })

  test('with a last day and nothing else new is closed', () => {
    given(registered())
      .when(record({ ...supermarket, closedOn: '2018-06-30' }))
      .thenEvents(closed)
  })

  test('that was closed by mistake is open again after a change', () => {
    given(registered(), closed).when(record(supermarket)).thenEvents(changed(supermarket))
  })

  test('with another last day is changed', () => {
    const later = { ...supermarket, closedOn: '2019-01-01' }
    given(registered(), closed).when(record(later)).thenEvents(changed(later))
  })
})

describe('a link to a site', () => {
  const siteId = 'sit_7K3MA9QZXW4F2'
  const decide = (same: boolean) => ({ type: 'DecideLink', data: { siteId, same, at } }) as const
  const linked: EstablishmentEvent = { type: 'EstablishmentLinked', data: { siteId, linkedAt: at } }
  const refused: EstablishmentEvent = { type: 'EstablishmentLinkRefused', data: { siteId, refusedAt: at } }

  test('is made or refused by a person, and a second time is nothing new', () => {
    given(registered()).when(decide(true)).thenEvents(linked)
    given(registered()).when(decide(false)).thenEvents(refused)
    given(registered(), linked).when(decide(true)).thenNothing()
    given(registered(), refused).when(decide(false)).thenNothing()
  })

  test('may be decided otherwise later', () => {
    given(registered(), linked).when(decide(false)).thenEvents(refused)
    given(registered(), refused).when(decide(true)).thenEvents(linked)
  })

  test('outlives what a file says of the establishment', () => {
    given(registered(), linked, changed(full)).when(decide(true)).thenNothing()
    given(registered(), linked).when(record(supermarket)).thenNothing()
  })

  test('needs an establishment', () => {
    given().when(decide(true)).thenRejected('establishment_not_found')
  })
})

test('license numbers are the same in other letters and spaces, tax codes without their hyphen', () => {
  expect(licenseKey('  01a-123 ')).toBe('01A-123')
  expect(licenseKey('01A \t  123')).toBe('01A 123')
  expect(licenseKey('Đ1'.normalize('NFD'))).toBe(licenseKey('đ1'))
  expect(taxKey('0101234567-001')).toBe('0101234567001')
})

test.each([
  ['Hoàn Kiếm', 'Hoàn Kiếm'],
  ['Quận Hoàn Kiếm', 'Hoàn Kiếm'],
  ['HOAN  KIEM', 'Hoàn Kiếm'],
  ['huyện Đông Anh', 'Đông Anh'],
  ['Dong Anh', 'Đông Anh'],
  ['Thị xã Sơn Tây', 'Sơn Tây'],
  ['Ứng Hoà', 'Ứng Hòa'],
  ['Hà Đông'.normalize('NFD'), 'Hà Đông'],
  ['Quận 1', undefined],
  ['Quận', undefined],
  ['', undefined],
])('the district "%s" is %s', (written, name) => {
  expect(districtOf(written)).toBe(name)
})

test.each([
  ['Hanoi', { lat: 21.0285, lng: 105.8542 }, true],
  ['Lũng Cú, far in the north', { lat: 23.36, lng: 105.32 }, true],
  ['Cà Mau, far in the south', { lat: 8.6, lng: 104.7 }, true],
  ['Bangkok', { lat: 13.75, lng: 100.5 }, false],
  ['nowhere', { lat: 0, lng: 0 }, false],
  ['Hanoi, swapped', { lat: 105.8542, lng: 21.0285 }, false],
])('%s is in Vietnam or not', (_where, place, inside) => {
  expect(inVietnam(place)).toBe(inside)
})
