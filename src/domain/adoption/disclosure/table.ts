// Tables that are published side by side, as one system: every cell of every view, and which cells add up to which.

/** What one contributor adds to a finest cell of each view of which it has all the dimensions. */
export type Contribution = {
  readonly values: Readonly<Record<string, string>>
  readonly contributor: string
  /** Whole numbers, none below zero; the last one is what dominance is looked at by. */
  readonly measures: readonly bigint[]
}

export type Cell = {
  readonly id: string
  readonly values: Readonly<Record<string, string>>
  readonly measures: readonly bigint[]
  /** By contributor, of the last measure; the largest first. */
  readonly shares: readonly bigint[]
}

/** `parent` is the sum of `children`: anybody can add. */
export type Relation = { readonly parent: string; readonly children: readonly string[] }
export type Table = { readonly cells: ReadonlyMap<string, Cell>; readonly relations: readonly Relation[] }

/** A list of dimensions by which a table is shown. */
export type View = readonly string[]

/** Names a cell by its values, in the order of their dimensions. */
export const cellId = (values: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)))

/** Every view with all that can be summed from it: `[a, b]` gives `[a, b]`, `[a]`, `[b]` and the total. */
export const withTotals = (views: readonly View[]): readonly View[] => {
  const all = views.flatMap(subsets)
  return [...new Map(all.map((view) => [view.toSorted().join(), view])).values()]
}

const subsets = ([first, ...rest]: View): readonly View[] =>
  first === undefined ? [[]] : subsets(rest).flatMap((subset) => [subset, [first, ...subset]])

export function tabulate(contributions: readonly Contribution[], views: readonly View[]): Table {
  const all = withTotals(views)
  const cells = new Map<string, Cell>()
  for (const view of all) for (const cell of cellsOf(view, contributions)) cells.set(cell.id, cell)
  return { cells, relations: all.flatMap((view) => relationsOf(view, [...cells.values()])) }
}

type Growing = { values: Record<string, string>; measures: bigint[]; shares: Map<string, bigint> }

function cellsOf(view: View, contributions: readonly Contribution[]): readonly Cell[] {
  const growing = new Map<string, Growing>()
  for (const { values, contributor, measures } of contributions) {
    if (view.some((name) => values[name] === undefined)) continue
    const key = view.map((name) => values[name]).join('\0') // cellId costs too much for each of a city's
    let cell = growing.get(key)
    if (!cell) {
      cell = { values: pick(values, view), measures: measures.map(() => 0n), shares: new Map() }
      growing.set(key, cell)
    }
    for (const [index, measure] of measures.entries()) cell.measures[index]! += measure
    cell.shares.set(contributor, (cell.shares.get(contributor) ?? 0n) + measures.at(-1)!)
  }
  return [...growing.values()].map(({ shares, ...cell }) => ({
    id: cellId(cell.values),
    ...cell,
    shares: [...shares.values()].toSorted((a, b) => (a > b ? -1 : a < b ? 1 : 0)),
  }))
}

/** For each dimension of a view: the sums over it. */
function relationsOf(view: View, cells: readonly Cell[]): readonly Relation[] {
  const own = cells.filter(
    ({ values }) => Object.keys(values).length === view.length && view.every((name) => name in values),
  )
  return view.flatMap((name) => {
    const rest = view.filter((other) => other !== name)
    const sums = Map.groupBy(own, ({ values }) => cellId(pick(values, rest)))
    return [...sums].map(([parent, children]) => ({ parent, children: children.map(({ id }) => id) }))
  })
}

const pick = (values: Readonly<Record<string, string>>, names: View): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, values[name]!]))
