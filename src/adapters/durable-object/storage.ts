// What is used of a Durable Object's storage, as types: the platform's own would bring a second set of the web's.

/** A number comes back as a double: whole only up to 2^53. */
export type StoredValue = string | number | null | ArrayBuffer

type Cursor = {
  readonly toArray: () => Record<string, StoredValue>[]
  readonly raw: () => IterableIterator<StoredValue[]>
}

export type SqlStorage = {
  readonly exec: (text: string, ...values: unknown[]) => Cursor
}

/** What is written without waiting in between is kept together or not at all, and no answer leaves before it is durable. */
export type ObjectStorage = {
  readonly sql: SqlStorage
  readonly transactionSync: <T>(work: () => T) => T
  readonly getAlarm: () => Promise<number | null>
  readonly setAlarm: (instant: number) => Promise<void>
}
