// What a check of the log can find wrong, and where: the first thing that is not as it was recorded.

export type Finding = {
  readonly problem: Problem
  /** The position of the event, or where the difference begins. */
  readonly position: string
  /** Where the seal alone shows it: the difference is between `position` and here. */
  readonly toPosition?: string
  readonly stream?: string
  readonly version?: number
  /** The sealed day. */
  readonly date?: string
}
type Problem =
  | 'event_changed'
  | 'event_missing'
  | 'event_out_of_order'
  | 'seal_invalid'
  | 'seal_missing'
  | 'sealed_events_differ'

export function describeFinding(finding: Finding): string {
  const { problem, date, position, toPosition } = finding
  const event = eventOf(finding)
  const texts: Readonly<Record<Problem, string>> = {
    event_changed: `The event at ${event} is not the one that was recorded: its hash is another.`,
    event_missing: `There is no event at ${event}: it was removed.`,
    event_out_of_order: `The event at ${event} stands before the one that it follows.`,
    seal_invalid: `The seal of ${date} at ${event} is not genuine: it was changed, or another key signed it.`,
    seal_missing: `The seal before that of ${date} at ${event} is not there, or is another one.`,
    sealed_events_differ: `The events of ${date} are not those that were sealed: between positions ${plain(position)} and ${plain(toPosition ?? position)} one or more were changed, removed, inserted or moved.`,
  }
  return texts[problem]
}

const eventOf = ({ position, stream, version }: Finding): string => {
  const inStream = stream === undefined ? '' : ` (${stream}, version ${version})`
  return `position ${plain(position)}${inStream}`
}

/** Positions are padded so that they sort. */
const plain = (position: string): string => position.replace(/^0+(?=.)/, '')
