// The three functions every aggregate is: decide a command, evolve a state, and the state before anything happened.

export type Event = { readonly type: string; readonly data: object }
export type Command = { readonly type: string; readonly data: object }

/** Events to record (none: it is already so), or one code that says why nothing was recorded. */
export type Decision<E extends Event, Rejection extends string> =
  | { readonly accepted: true; readonly events: readonly E[] }
  | { readonly accepted: false; readonly rejection: Rejection }

export type Decider<State, C extends Command, E extends Event, Rejection extends string> = {
  readonly initialState: () => State
  readonly decide: (command: C, state: State) => Decision<E, Rejection>
  readonly evolve: (state: State, event: E) => State
}

export const accept = <E extends Event>(...events: E[]): Decision<E, never> => ({ accepted: true, events })

export const reject = <R extends string>(rejection: R): Decision<never, R> => ({ accepted: false, rejection })
