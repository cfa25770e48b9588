// The banks and wallets that a VietQR can name, by BIN.
//
// banks.json is the State Bank's list to the end of 2023 (dispatch 1589/NHNN-TT) merged with the lists of
// subiz/vietqr and xuannghia/vietnam-qr-pay (both MIT) as read in 2026. Letter codes are left out on purpose:
// they clash between lists (BVB is two banks), so the BIN is the only key.
import list from './banks.json' with { type: 'json' }

export type Bank = {
  /** Six digits, given by the State Bank. */
  readonly bin: string
  /** What people call it: `Vietcombank`. */
  readonly shortName: string
  /** The registered name, in Vietnamese where it is known. */
  readonly name: string
  /** BIC, where one is known. */
  readonly swift?: string
}

const banks: ReadonlyMap<string, Bank> = new Map(
  Object.entries<Omit<Bank, 'bin'>>(list).map(([bin, bank]) => [bin, { bin, ...bank }]),
)

/** The BINs of the banks with a BIC; its branch does not matter. */
export const binsOfSwift = (bic: string): readonly string[] =>
  [...banks.values()]
    .filter(({ swift }) => swift !== undefined && bic.startsWith(swift.slice(0, 8)))
    .map(({ bin }) => bin)

/** The bank with this BIN. An unknown one may still be real: the list is never complete. */
export const findBank = (bin: string): Bank | undefined => banks.get(bin)
