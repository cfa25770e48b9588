// The codec of one profile: bytes to messages and back. Never throws on what it is given; what is wrong comes back as a value.
import { elementCodec } from './elementCodec.ts'
import {
  type Decoded,
  type Elements,
  type Encoded,
  elementMax,
  type Inspection,
  type Message,
} from './message.ts'
import type { Profile } from './profile.ts'
import { reader } from './reading.ts'
import { writer } from './writing.ts'

export type MessageCodec = {
  readonly profile: Profile
  readonly decode: (bytes: Uint8Array) => Decoded
  readonly encode: (message: Message) => Encoded
  /** As `decode`, with where everything lies, and what was right before something was wrong. */
  readonly inspect: (bytes: Uint8Array) => Inspection
}

export function messageCodec(profile: Profile): MessageCodec {
  const elements: Elements = Array.from({ length: elementMax + 1 }, (_, de) => {
    const element = profile.elements[de]
    return element && elementCodec(element, profile)
  })
  return { profile, ...reader(profile, elements), encode: writer(profile, elements) }
}
