// What comes from outside: own targets and observations, their revisions, and when a target is met.
import { describe, expect, test } from 'vitest'
import { hanoiTargets, measure, observed, type Target } from '../../../src/domain/adoption/indicators.ts'
import * as observation from '../../../src/domain/adoption/observation.ts'
import * as ownTargets from '../../../src/domain/adoption/ownTargets.ts'
import { scenarios } from '../../support/given.ts'
import { at } from './samples.ts'

const figure = { indicator: 'online-retail-share', observedOn: '2017-12-31', value: 7.25, source: 'GSO' }
const record = (data = figure) => ({ type: 'RecordObservation', data: { ...data, at } }) as const
const recorded = (revision: number, data = figure) =>
  ({ type: 'ObservationRecorded', data: { ...data, revision, recordedAt: at } }) as const

describe('an observation', () => {
  const given = scenarios(observation)

  test('is recorded, and said again is nothing new', () => {
    given().when(record()).thenEvents(recorded(1))
    given(recorded(1)).when(record()).thenNothing()
  })

  test('with another value or source is the next revision, also when it goes back', () => {
    const corrected = { ...figure, value: 7.5 }
    given(recorded(1)).when(record(corrected)).thenEvents(recorded(2, corrected))
    given(recorded(1))
      .when(record({ ...figure, source: 'HSO' }))
      .thenEvents(recorded(2, { ...figure, source: 'HSO' }))
    given(recorded(1), recorded(2, corrected)).when(record()).thenEvents(recorded(3))
  })
})

describe('own targets', () => {
  const given = scenarios(ownTargets)
  const [one, two] = hanoiTargets as [Target, Target, ...Target[]]
  const set = (...targets: Target[]) => ({ type: 'SetTargets', data: { targets, at } }) as const
  const isSet = (...targets: Target[]) => ({ type: 'TargetsSet', data: { targets, setAt: at } }) as const

  test('are replaced as a whole', () => {
    given().when(set(one, two)).thenEvents(isSet(one, two))
    given(isSet(one, two)).when(set(two)).thenEvents(isSet(two))
    given(isSet(one)).when(set()).thenEvents(isSet())
    given(isSet(one))
      .when(set({ ...one, target: 81 }))
      .thenEvents(isSet({ ...one, target: 81 }))
  })

  test('sent again, in any order, are nothing new', () => {
    given().when(set()).thenNothing()
    given(isSet(one, two)).when(set(two, one)).thenNothing()
    given(isSet(one))
      .when(set({ ...one, sectors: one.sectors.toReversed() }))
      .thenNothing()
  })
})

describe('a target is met', () => {
  const share = { ...hanoiTargets[0]!, sectors: ['supermarket'], target: 80 } as Target
  const count = (registered: number, active: number) => [{ sector: 'supermarket', registered, active }]

  test.each([
    [10, 8, true, 80],
    [1_000, 799, false, 79.9],
    [10_000, 7_999, false, 80], // rounded in what is shown, not in what is decided
    [3, 3, true, 100],
  ])('of %i by %i: %s', (registered, active, met, percent) => {
    expect(measure(share, count(registered, active), [])).toMatchObject({ met, percent })
  })

  test('by a percentage that is high enough, and a rank that is low enough', () => {
    expect(observed(share, 80)).toMatchObject({ met: true, percent: 80, numerator: null })
    expect(observed(share, 79.99)).toMatchObject({ met: false, percent: 79.99 })
    const rank = { ...share, unit: 'rank', target: 2 } as const
    expect(observed(rank, 2)).toMatchObject({ met: true, percent: null })
    expect(observed(rank, 3)).toMatchObject({ met: false, percent: null })
  })
})
