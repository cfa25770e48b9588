// What is used of Cloudflare's test integration, as types.
declare module 'cloudflare:test' {
  import type { ObjectState } from 'cloudflare:workers'

  type ObjectStub = import('../../src/adapters/workers/bindings.ts').ObjectStub

  export function runInDurableObject<T>(
    stub: ObjectStub,
    work: (object: object, state: ObjectState) => T | Promise<T>,
  ): Promise<T>
  /** Runs the alarm that is set, whenever it is due; false where none is. */
  export function runDurableObjectAlarm(stub: ObjectStub): Promise<boolean>
  /** Ends the running object: its memory is lost, its storage stays. */
  export function evictDurableObject(stub: ObjectStub): Promise<void>
}
