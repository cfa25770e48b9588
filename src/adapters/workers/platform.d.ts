// What is used of Cloudflare's platform, as types: its own package would bring a second set of the web's.
declare module 'cloudflare:workers' {
  // A relative import is not allowed in here, and would silently be any.
  type ObjectStorage = import('../durable-object/storage.ts').ObjectStorage
  type Bindings = import('./bindings.ts').Bindings

  export type ObjectState = {
    readonly id: { readonly name?: string }
    readonly storage: ObjectStorage
    readonly waitUntil: (work: Promise<unknown>) => void
  }

  export class DurableObject {
    constructor(ctx: ObjectState, env: Bindings)
    protected readonly ctx: ObjectState
    protected readonly env: Bindings
  }

  export const env: Bindings
}
