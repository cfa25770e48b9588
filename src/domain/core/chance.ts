// Where ids and secrets come from: true chance, or, under an idempotency key, the same "chance" every time it is asked.

/**
 * `size` bytes for a named purpose. The adapter draws them at random; under an Idempotency-Key it derives them from
 * HMAC(owner, key, purpose), so that the same request makes the same ids and the store itself recognizes the second one.
 */
export type Chance = (purpose: string, size: number) => Uint8Array
