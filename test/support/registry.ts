// The registry in tests: a file of establishments made of rows, and its upload.
import { type Answer, operatorKey, type TestGateway } from './gateway.ts'

export const header = 'licenseNumber,name,taxCode,sector,district,openedOn,closedOn'

/** A file with the usual columns. */
export const fileOf = (...rows: string[]): string => [header, ...rows].join('\n')

export const upload = (
  { call }: Pick<TestGateway, 'call'>,
  body: string | Uint8Array,
  { query = '', key = operatorKey }: { query?: string; key?: string } = {},
): Promise<Answer> =>
  call('PUT', `/v1/establishments${query}`, { key, body, headers: { 'content-type': 'text/csv' } })

let establishments = 0

/** The path of an establishment that is there since now. */
export async function openEstablishment(gateway: Pick<TestGateway, 'call'>): Promise<string> {
  establishments += 1
  const row = `one-${establishments},Siêu thị,0107654321,supermarket,Ba Đình,2015-01-01,`
  return `/v1/establishments/${(await upload(gateway, fileOf(row))).body.changes[0].id}`
}
