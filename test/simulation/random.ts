// Chance that a seed makes, as the seeded city has it.
export { type Random, seeded } from '../../src/adapters/node/city/random.ts'
