// What reading the notifications again found, for people or as JSON.
import {
  type Difference,
  type DifferenceKind,
  differenceKinds,
  type Reinterpretation,
} from '../reinterpret.ts'

const meanings = {
  now_readable: 'could not be read and now can: becomes a credit',
  other_references: 'unmatched, and names other payments now: offered to them',
  settled_otherwise: 'names other payments now, but its money has its place: stays',
  other_amount: 'says another amount or account now: for a person, nothing is done',
  other_transaction: 'says another transaction now: for a person, nothing is done',
  no_longer_readable: 'was read once and cannot be now: for a developer, nothing is done',
} as const satisfies Record<DifferenceKind, string>

const shownMax = 20

export function describeReinterpretation({ notifications, erased, differences }: Reinterpretation): string {
  const count = (kind: DifferenceKind) => differences.filter((one) => one.kind === kind).length
  const kinds = differenceKinds.filter((kind) => count(kind) > 0)
  const more = differences.length - shownMax
  const toApply = differences.filter(({ apply }) => apply).length
  return [
    `${notifications} notifications read again${erased > 0 ? `, ${erased} of them erased` : ''}.`,
    ...kinds.map((kind) => `${String(count(kind)).padStart(8)}  ${meanings[kind]}`),
    ...differences.slice(0, shownMax).map(line),
    ...(more > 0 ? [`  ... and ${more} more; --json lists all`] : []),
    toApply > 0 ? `--apply does ${toApply}.` : 'There is nothing to apply.',
    '',
  ].join('\n')
}

const line = ({ kind, creditId, connectorId, references }: Difference): string =>
  `  ${kind.padEnd(18)}  ${creditId}  ${connectorId}  ${references.join(' ')}`.trimEnd()

/** `applied` is null where nothing was to be done yet. */
export const toJson = (
  { notifications, erased, differences }: Reinterpretation,
  applied: number | undefined,
): string => {
  const list = differences.map(({ apply, ...difference }) => ({
    ...difference,
    appliable: apply !== undefined,
  }))
  return `${JSON.stringify({ notifications, erased, differences: list, applied: applied ?? null }, undefined, 2)}\n`
}
