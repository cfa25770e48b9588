// Which object a stream lives in: ids name their merchant, and what is everybody's lies in the network object.

/** A merchant's five characters, or the network; undefined: wherever the question is asked. */
export type Home = string

export const network = 'network'

const noMerchant = '00000' // in the ids of operators' and regulators' keys
const ofMerchant = /^[a-z]+-(?:mer|sit|pay|key|whe|man)_([0-9A-Z]{5})/i
const ofNetwork = /^(?:connector|establishment|observation|targets|feeplan)-/

/** A merchant's own fee plans are its own; the default's and a sector's are everybody's. */
export function homeOf(stream: string): Home | undefined {
  const code = ofMerchant.exec(stream)?.[1]
  if (code !== undefined) return code === noMerchant ? network : code
  return ofNetwork.test(stream) ? network : undefined
}

/** The object that a key's text names: `tn_` and the key's id. */
export function homeOfKey(authorization: string | null): Home | undefined {
  const code = /^Bearer tn_([0-9A-Z]{5})/i.exec(authorization ?? '')?.[1]
  return code === undefined || code === noMerchant ? undefined : code
}

/** The object that an id in an address names. */
export function homeOfPath(path: string): Home | undefined {
  const code = /\/(?:mer|sit|pay|key|whe|man|ref|cpl|dsp)_([0-9A-Z]{5})/.exec(path)?.[1]
  return code === noMerchant ? undefined : code
}

/** The credit that a stream is of. */
export const creditIn = (stream: string): string | undefined =>
  stream.startsWith('credit-crd_') ? stream.slice('credit-'.length) : undefined
