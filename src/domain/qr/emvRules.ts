// The rules of EMVCo merchant-presented QR, each reported under its own name.

import { crc16 } from './crc.ts'
import { currencyOf } from './currency.ts'
import { type EmvObject, emvObjects, languageObjects } from './emvObjects.ts'
import { broken, type Issue } from './issue.ts'
import { isAccountTemplate, isUnreservedTemplate } from './templates.ts'
import { countCharacters, type Field, textAt, valueAt } from './tlv.ts'

const guidFormat = /^[\x20-\x7e]+$/
const guidMax = 32

/** Every EMVCo rule that the payload breaks; `optional`: root objects that its scheme does not ask for. */
export function checkEmv(payload: string, fields: readonly Field[], optional: readonly string[]): Issue[] {
  return [
    ...checkOrder(fields),
    ...checkCrc(payload, fields),
    ...checkRepeats(fields, ''),
    ...checkAccounts(fields),
    ...emvObjects.flatMap((object) => checkObject(object, fields, optional)),
    ...checkDecimals(fields),
    ...checkFees(fields),
    ...checkGuids(fields),
    ...checkLanguage(fields),
  ]
}

function checkOrder(fields: readonly Field[]): Issue[] {
  const issues: Issue[] = []
  const has = (id: string) => fields.some((field) => field.id === id)
  if (has('00') && fields[0]?.id !== '00')
    issues.push(broken('FIRST_NOT_00', '00', 'the payload format (00) is not first'))
  if (has('63') && fields.at(-1)?.id !== '63')
    issues.push(broken('LAST_NOT_63', '63', 'the CRC (63) is not last'))
  return issues
}

function checkCrc(payload: string, fields: readonly Field[]): Issue[] {
  const written = /6304([0-9A-Fa-f]{4})$/.exec(payload)?.[1]
  if (written === undefined || fields.at(-1)?.id !== '63') return [] // reported as missing or malformed
  const expected = crc16(payload.slice(0, -4))
  if (written.toUpperCase() === expected) return []
  return [broken('CRC_MISMATCH', '63', `the CRC is ${written}, expected ${expected}`)]
}

/** An id twice at one level leaves open which value an app takes. */
function checkRepeats(fields: readonly Field[], prefix: string): Issue[] {
  const seen = new Set<string>()
  return fields.flatMap(({ id, value }) => {
    const path = prefix + id
    const inside = typeof value === 'string' ? [] : checkRepeats(value, `${path}.`)
    if (seen.has(id)) return [broken(`DUPLICATE_${path}`, path, `object ${path} is there again`), ...inside]
    seen.add(id)
    return inside
  })
}

function checkAccounts(fields: readonly Field[]): Issue[] {
  if (fields.some(({ id }) => id >= '02' && id <= '51')) return []
  return [broken('NO_MERCHANT_ACCOUNT_INFORMATION', '', 'no merchant account information (02-51)')]
}

function checkObject(object: EmvObject, fields: readonly Field[], optional: readonly string[] = []): Issue[] {
  const { path, name, format, max = Number.POSITIVE_INFINITY, missing } = object
  const value = textAt(fields, path)
  if (value === undefined)
    return missing && !optional.includes(path) ? [broken(missing, path, `${name} (${path}) is missing`)] : []
  const length = countCharacters(value)
  if (length > max)
    return [broken(`TOO_LONG_${path}`, path, `${name} has ${length} characters, at most ${max} fit`)]
  if (format.test(value)) return []
  return [broken(`FORMAT_${path}`, path, `${name} ${JSON.stringify(value)} is not well formed`)]
}

/** An amount with more decimals than its currency has could be read as a hundred times as much. */
function checkDecimals(fields: readonly Field[]): Issue[] {
  const currency = currencyOf(textAt(fields, '53'))
  if (!currency) return []
  const { code, exponent } = currency
  return ['54', '56'].flatMap((path) => {
    const decimals = textAt(fields, path)?.split('.')[1]?.length ?? 0
    if (decimals <= exponent) return []
    return [broken(`DECIMALS_${path}`, path, `${decimals} decimals, ${code} has ${exponent}`)]
  })
}

/** 55 says which fee follows: 01 none (the app asks for a tip), 02 the fixed one, 03 the percentage. */
function checkFees(fields: readonly Field[]): Issue[] {
  const issue = (rule: string, message: string): Issue[] => [broken(rule, '55', message)]
  const fixed = textAt(fields, '56') !== undefined
  const percentage = textAt(fields, '57') !== undefined
  const indicator = textAt(fields, '55')
  if (indicator === undefined && (fixed || percentage))
    return issue('FEE_WITHOUT_55', 'a fee (56 or 57) without its indicator (55)')
  if (indicator === '01' && (fixed || percentage))
    return issue('TIP_PROMPT_WITH_FEE', 'the payer is asked for a tip (55 = 01) and charged a fee')
  if (indicator === '02' && (!fixed || percentage))
    return issue('FIXED_FEE_RULE_55_02_needs_56_only', '55 = 02 needs the fixed fee (56) and no other')
  if (indicator === '03' && (fixed || !percentage))
    return issue('PERCENT_FEE_RULE_55_03_needs_57_only', '55 = 03 needs the percentage (57) and no other')
  return []
}

/** Templates of many owners name theirs in sub-object 00. */
function checkGuids(fields: readonly Field[]): Issue[] {
  return fields.flatMap(({ id, value }) => {
    if (typeof value === 'string' || !(isAccountTemplate(id) || isUnreservedTemplate(id))) return []
    const path = `${id}.00`
    const guid = { path, name: 'GUID', format: guidFormat, max: guidMax, missing: `MISSING_${path}_GUID` }
    return checkObject(guid, fields)
  })
}

const checkLanguage = (fields: readonly Field[]): Issue[] =>
  Array.isArray(valueAt(fields, '64')) ? languageObjects.flatMap((object) => checkObject(object, fields)) : []
