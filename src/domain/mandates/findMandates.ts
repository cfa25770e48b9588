// Which active mandates a customer has, asked for each of a million bills: nothing where the biller has no mandate, else together.
import { MatchingBusy } from '../payments/matchCredit.ts'

export type MandateLists = {
  /** Where the log ended when this was asked, once the lists have come that far; throws where they do not in time. */
  readonly caughtUp: () => Promise<string>
  /** Billers that anybody ever gave a mandate for. */
  readonly mandateBillers: () => Promise<readonly string[]>
  /** Ids of active mandates by customer code, the oldest first; a customer without one is not there. */
  readonly activeMandates: (
    billerId: string,
    customerCodes: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly string[]>>
}

export function findMandates({ caughtUp, mandateBillers, activeMandates }: MandateLists) {
  const billers = new Set<string>()
  const listed = once(async () => {
    await countUpTo('')
    for (const billerId of await mandateBillers()) billers.add(billerId)
  })
  let counted = ''
  let counting: Promise<string> | undefined

  /** Waits until the lists have counted an event; the events of one turn wait together. */
  async function countUpTo(position: string): Promise<void> {
    while (counted === '' || counted < position) {
      counting ??= caughtUp().finally(() => {
        counting = undefined
      })
      counted = await counting.catch((error) => {
        throw new MatchingBusy('the read models are behind', { cause: error })
      })
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
