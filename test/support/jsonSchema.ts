// Checks a value against the part of JSON Schema 2020-12 that the OpenAPI document uses. A keyword it does not know is an error.

export type Schema = { readonly [keyword: string]: unknown }
type Check = (expected: never, value: never, at: string, rules: Rules) => string[]
type Rules = { readonly schema: Schema; readonly root: Schema }

/** What is wrong with a value, as `place: fault`; empty when it fits. A field that the schema does not name is a fault. */
export function faultsOf(schema: Schema, value: unknown, root: Schema, at = ''): string[] {
  return Object.entries(schema).flatMap(([keyword, expected]) => {
    const check = checks[keyword]
    if (!check) return [`${at}: the checker does not know "${keyword}"`]
    return check(expected as never, value as never, at, { schema, root })
  })
}

const fault = (wrong: boolean, at: string, what: string): string[] => (wrong ? [`${at || '/'}: ${what}`] : [])
const nothing: Check = () => []

const checks: Readonly<Record<string, Check>> = {
  description: nothing,
  example: nothing,
  default: nothing,
  format: (format: string, value: unknown, at) =>
    fault(typeof value === 'string' && !formats[format]?.test(value), at, `not a ${format}: ${value}`),
  type: (types: string | string[], value: unknown, at) =>
    fault(
      ![types].flat().includes(typeOf(value)) && !isWhole(types, value),
      at,
      `${typeOf(value)}, not ${types}`,
    ),
  enum: (list: unknown[], value: unknown, at) =>
    fault(!list.includes(value), at, `${value} is not on the list`),
  const: (expected: unknown, value: unknown, at) =>
    fault(expected !== value, at, `${value}, not ${expected}`),
  pattern: (pattern: string, value: unknown, at) =>
    fault(typeof value === 'string' && !new RegExp(pattern, 'u').test(value), at, `not ${pattern}: ${value}`),
  minLength: (least: number, value: string, at) => fault(value.length < least, at, 'too short'),
  maxLength: (most: number, value: string, at) => fault(value.length > most, at, 'too long'),
  minItems: (least: number, value: unknown[], at) => fault(value.length < least, at, 'too few'),
  maxItems: (most: number, value: unknown[], at) => fault(value.length > most, at, 'too many'),
  minimum: (least: number, value: number, at) => fault(value < least, at, 'too small'),
  maximum: (most: number, value: number, at) => fault(value > most, at, 'too large'),
  required: (names: string[], value: object | null, at) =>
    value === null
      ? []
      : // "type" says whether it may be null
        names.flatMap((name) => fault(!(name in value), `${at}/${name}`, 'is missing')),
  properties: (properties: Record<string, Schema>, value: Record<string, unknown>, at, { schema, root }) =>
    Object.entries(value ?? {}).flatMap(([name, own]) => {
      const known = properties[name]
      if (known) return faultsOf(known, own, root, `${at}/${name}`)
      return fault(schema.additionalProperties === undefined, `${at}/${name}`, 'is not documented')
    }),
  additionalProperties: (rest: Schema | boolean, value: Record<string, unknown>, at, { schema, root }) => {
    const named = (schema.properties ?? {}) as object
    const others = Object.entries(value ?? {}).filter(([name]) => !(name in named))
    if (typeof rest === 'boolean')
      return others.flatMap(([name]) => fault(!rest, `${at}/${name}`, 'is not allowed'))
    return others.flatMap(([name, own]) => faultsOf(rest, own, root, `${at}/${name}`))
  },
  propertyNames: (names: Schema, value: object, at, { root }) =>
    Object.keys(value ?? {}).flatMap((name) => faultsOf(names, name, root, `${at}/${name}`)),
  items: (item: Schema, value: unknown[], at, { root }) =>
    (Array.isArray(value) ? value : []).flatMap((own, index) => faultsOf(item, own, root, `${at}/${index}`)),
  allOf: (all: Schema[], value: unknown, at, { root }) => {
    const merged = all.map((one) => resolved(one, root))
    const properties = Object.assign({}, ...merged.map((one) => one.properties))
    const required = merged.flatMap((one) => (one.required as string[] | undefined) ?? [])
    return faultsOf({ type: 'object', properties, required }, value, root, at)
  },
  anyOf: (any: Schema[], value: unknown, at, { root }) => choice(any, value, at, root),
  oneOf: (any: Schema[], value: unknown, at, { root }) => choice(any, value, at, root),
  discriminator: nothing,
  $ref: (pointer: string, value: unknown, at, { root }) =>
    faultsOf(resolved({ $ref: pointer }, root), value, root, at),
}

const choice = (any: Schema[], value: unknown, at: string, root: Schema): string[] =>
  fault(!any.some((one) => faultsOf(one, value, root, at).length === 0), at, 'fits none of the choices')

/** The schema that a local reference leads to. */
export function resolved(schema: Schema, root: Schema): Schema {
  if (typeof schema.$ref !== 'string') return schema
  const path = schema.$ref.replace('#/', '').split('/')
  const found = path.reduce<unknown>((node, name) => (node as Schema | undefined)?.[name], root)
  if (!found) throw new Error(`${schema.$ref} leads nowhere`)
  return found as Schema
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

const isWhole = (types: string | string[], value: unknown): boolean =>
  [types].flat().includes('integer') && Number.isInteger(value)

const formats: Readonly<Record<string, RegExp>> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uri: /^https?:\/\/\S+$/,
}
