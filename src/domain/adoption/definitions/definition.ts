// What is said of a figure where it is shown: its name, and exactly what counts.
export type Text = { readonly vi: string; readonly en: string }

export type Definition = {
  /** Published; for ever. */
  readonly id: string
  readonly label: Text
  readonly text: Text
  /** `gateway`: counted from this log. `observation`: as somebody else says. `both`: one over the other. */
  readonly measuredBy: 'gateway' | 'observation' | 'both'
}
