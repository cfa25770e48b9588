// New event ids: UUIDv7, so that they come in the order of their making.
import { V7Generator } from 'uuidv7'
import { random } from './crypto.ts'

const generator = new V7Generator({ nextUint32: () => random(4).readUInt32BE() })

export const newEventId = (): string => generator.generate().toString()
