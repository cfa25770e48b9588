// given events, when a command, then events or a rejection: rules read as sentences.
import { expect } from 'vitest'
import type { Command, Decider, Event } from '../../src/domain/core/decider.ts'

export function scenarios<State, C extends Command, E extends Event, R extends string>(
  decider: Decider<State, C, E, R>,
) {
  return (...events: E[]) => ({
    when: (command: C) => {
      const state = events.reduce<State>(decider.evolve, decider.initialState())
      const decision = decider.decide(command, state)
      return {
        thenEvents: (...expected: E[]) => expect(decision).toEqual({ accepted: true, events: expected }),
        thenNothing: () => expect(decision).toEqual({ accepted: true, events: [] }),
        thenRejected: (rejection: R) => expect(decision).toEqual({ accepted: false, rejection }),
      }
    },
  })
}
