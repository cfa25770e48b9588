// What an element says, taken apart and named: the microscope's finest lens.
import { currencies } from '../../../domain/core/money.ts'
import { meaningOfResponse } from '../../../domain/pos/responseCodes.ts'
import { cardDataTags, readIccData, type TlvObject, tagNames } from '../../iso8583/iccData.ts'
import {
  readAdditionalAmounts,
  readEntryMode,
  readOriginalData,
  readProcessingCode,
  readReplacementAmounts,
} from '../../iso8583/subelements.ts'

export type NamedPart = { readonly name: string; readonly value: string }

/** The parts of a value; none for an element that has none. What is wrong with them is said in their place. */
export function partsOf(de: number, value: string, showCardData: boolean): readonly NamedPart[] {
  switch (de) {
    case 3:
      return named(readProcessingCode(value))
    case 22:
      return named(readEntryMode(value))
    case 39: {
      const { class: kind, cashier } = meaningOfResponse(value)
      return named({ class: kind, meaning: cashier.en })
    }
    case 49:
    case 50:
    case 51:
      return named({ currency: currencyNames[value] ?? 'not one of ours' })
    case 54:
      return each(readAdditionalAmounts(value))
    case 55:
      return iccParts(value, showCardData)
    case 66:
      return named({ meaning: settlementCodes[value] ?? 'unknown' })
    case 90:
      return named(readOriginalData(value))
    case 95:
      return named(readReplacementAmounts(value))
    default:
      return []
  }
}

const currencyNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(currencies).map(([code, { numeric }]) => [numeric, code]),
)
const settlementCodes: Readonly<Record<string, string>> = {
  '1': 'in balance',
  '2': 'out of balance',
  '3': 'error',
}

const named = (parts: object): NamedPart[] =>
  Object.entries(parts).map(([name, value]) => ({ name, value: String(value) }))

const each = (list: readonly object[] | object): NamedPart[] =>
  Array.isArray(list)
    ? list.flatMap((parts, index) =>
        named(parts).map(({ name, value }) => ({ name: `${index + 1}. ${name}`, value })),
      )
    : named(list)

/** Tags and how long their values are; the values themselves only where card data may be shown. */
function iccParts(value: string, showCardData: boolean): NamedPart[] {
  const objects = readIccData(value)
  return 'code' in objects ? named(objects) : objects.flatMap((object) => tlvParts(object, showCardData, ''))
}

function tlvParts({ tag, value }: TlvObject, showCardData: boolean, path: string): NamedPart[] {
  const name = [path + tag, tagNames[tag]].filter((text) => text !== undefined).join(' ')
  if (typeof value !== 'string')
    return [
      { name, value: '' },
      ...value.flatMap((object) => tlvParts(object, showCardData, `${path}${tag}.`)),
    ]
  const shown = showCardData ? value : hiddenValue(tag, value)
  return [{ name, value: shown }]
}

const hiddenValue = (tag: string, value: string): string =>
  cardDataTags.has(tag) ? 'hidden' : value.length === 2 ? '1 byte' : `${value.length / 2} bytes`
