// A body read where somebody must look into it before it is sent on.

const bodyMax = 65_536

/** As much as such a body may have, and one byte more where it is larger: the endpoint then says so. */
export async function boundedBody({ body }: Request): Promise<Uint8Array<ArrayBuffer>> {
  const kept = new Uint8Array(bodyMax + 1)
  let length = 0
  for await (const piece of body ?? []) {
    const part = piece.subarray(0, kept.length - length)
    kept.set(part, length)
    length += part.length
    if (length === kept.length) break
  }
  return kept.slice(0, length)
}
