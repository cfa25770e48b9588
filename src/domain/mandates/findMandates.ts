// Which active mandates a customer has, asked for each of a million bills: nothing where the biller has no mandate, else together.
export type MandateLists = {
  /** Waits until the lists have counted the log up to a position, or, without one, to where it ends now; answers how far they are. */
  readonly counted: (position?: string) => Promise<string>
  /** Billers that anybody ever gave a mandate for. */
  readonly mandateBillers: () => Promise<readonly string[]>
  /** Ids of active mandates by customer code, the oldest first; a customer without one is not there. */
  readonly activeMandates: (
    billerId: string,
    customerCodes: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly string[]>>
}

export function findMandates({ counted, mandateBillers, activeMandates }: MandateLists) {
  const billers = new Set<string>()
  let upTo = ''
  /** What is requested from now on is seen; what was before is listed. */
  const listed = once(async () => {
    upTo = await counted()
    for (const billerId of await mandateBillers()) billers.add(billerId)
  })
  let counting: Promise<string> | undefined

  /** The events of one turn wait together. */
  async function countUpTo(position: string): Promise<void> {
    while (upTo < position) {
      counting ??= counted(position).finally(() => {
        counting = undefined
      })
      upTo = await counting
    }
  }

  const lookUp = together(activeMandates)

  return {
    /** An event of the log says that there is a mandate of a biller; what comes after it must find it. */
    seen: (billerId: string): void => {
      billers.add(billerId)
    },
    /** Ids of a customer's mandates that were active at a position of the log, the oldest first. */
    of: async (billerId: string, customerCode: string, position: string): Promise<readonly string[]> => {
      await listed()
      if (!billers.has(billerId)) return []
      await countUpTo(position)
      return lookUp(billerId, customerCode)
    },
  }
}

/** Does it at the first call; again only if it failed. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work().catch((error) => {
      done = undefined
      throw error
    })
    return done
  }
}

/** Look-ups of one turn, by biller, as one. */
function together(lookUp: MandateLists['activeMandates']) {
  type Group = { readonly codes: Set<string>; readonly found: ReturnType<typeof lookUp> }
  const groups = new Map<string, Group>()

  function groupOf(billerId: string): Group {
    const begun = groups.get(billerId)
    if (begun) return begun
    const codes = new Set<string>()
    const found = Promise.resolve().then(() => {
      groups.delete(billerId)
      return lookUp(billerId, [...codes])
    })
    groups.set(billerId, { codes, found })
    return { codes, found }
  }

  return async (billerId: string, customerCode: string): Promise<readonly string[]> => {
    const { codes, found } = groupOf(billerId)
    codes.add(customerCode)
    return (await found).get(customerCode) ?? []
  }
}
