// The tables of the webhook queue, the statements over them, and rows as the domain knows them.
import { type EndpointLane, type Lane, live } from '../../domain/webhooks/delivery.ts'
import type { Counter, WebhookMessage } from '../../domain/webhooks/numbering.ts'
import type { StatementsOf } from './setAside.ts'

export const webhookMigrations = [
  `create table endpoints (
    id text primary key, merchant_id text not null, events text not null, sequence integer not null, last_id text
  ) strict;
  create index endpoints_of_merchant on endpoints (merchant_id);
  create table messages (
    endpoint text not null, sequence integer not null, id text not null, previous_id text, type text not null,
    timestamp text not null, ids text not null, stream text not null, version integer not null,
    position text not null, primary key (endpoint, sequence)
  ) strict, without rowid;
  create table lanes (
    endpoint text not null, name text not null, next integer not null, failed integer not null,
    not_before integer not null, last integer, last_failure text, primary key (endpoint, name)
  ) strict, without rowid;
  create table checkpoint (id integer primary key check (id = 1), position text not null) strict;`,
  `alter table lanes add column revived text not null default '';`,
]

type Value = string | number | null
type Row = Readonly<Record<string, Value>>

export function prepareWebhookStatements(database: StatementsOf) {
  const all = (text: string) => {
    const statement = database.prepare(text)
    return (...values: Value[]) => statement.all(...values) as Row[]
  }
  const run = (text: string) => {
    const statement = database.prepare(text)
    return (...values: Value[]) => void statement.run(...values)
  }
  const counters = all('select * from endpoints')
  const ofMerchant = all('select id from endpoints where merchant_id = ? order by rowid')
  const sequence = all('select sequence from endpoints where id = ?')
  const checkpoint = all('select position from checkpoint')
  const messages = all(
    'select * from messages where endpoint = ? and sequence >= ? order by sequence limit ?',
  )
  const lanes = all('select * from lanes where endpoint = ? order by name')
  const lanesAfter = all(
    'select * from lanes where (endpoint, name) > (?, ?) order by endpoint, name limit ?',
  )
  const liveLane = all(`select * from lanes where endpoint = ? and name = '${live}'`)
  const waiting = all(`select id from endpoints where exists
    (select 1 from lanes where endpoint = id and next <= coalesce(last, endpoints.sequence)) order by rowid`)
  const saveCheckpoint = run(
    'insert into checkpoint values (1, ?) on conflict (id) do update set position = excluded.position',
  )
  const saveCounter = run(
    `insert into endpoints values (?, ?, ?, ?, ?) on conflict (id)
     do update set events = excluded.events, sequence = excluded.sequence, last_id = excluded.last_id`,
  )
  const addMessage = run('insert into messages values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const saveLane = run('insert or replace into lanes values (?, ?, ?, ?, ?, ?, ?, ?)')
  const removeReplaysBefore = run(`delete from lanes where endpoint = ? and name > '${live}' and name < ?`)
  return {
    counters: (): Counter[] => counters().map(counterOf),
    endpointsOf: (merchantId: string) => ofMerchant(merchantId).map(({ id }) => String(id)),
    lastSequence: (endpointId: string) => Number(sequence(endpointId)[0]?.sequence ?? 0),
    checkpoint: () => String(checkpoint()[0]?.position ?? ''),
    messages: (...range: [endpointId: string, from: number, limit: number]) =>
      messages(...range).map(messageOf),
    lanes: (endpointId: string) => lanes(endpointId).map(laneOf),
    lanesAfter: (after: EndpointLane | undefined, limit: number): EndpointLane[] =>
      lanesAfter(after?.endpointId ?? '', after?.name ?? '', limit).map((row) => ({
        ...laneOf(row),
        endpointId: String(row.endpoint),
      })),
    liveLane: (endpointId: string) => liveLane(endpointId).map(laneOf)[0],
    waiting: () => waiting().map(({ id }) => String(id)),
    saveCheckpoint,
    saveCounter: ({ endpointId, merchantId, events, sequence, lastId }: Counter) =>
      saveCounter(endpointId, merchantId, JSON.stringify(events), sequence, lastId),
    addMessage: (message: WebhookMessage) => {
      const { endpointId, sequence, id, previousId, type, timestamp, ids, stream, version, position } =
        message
      const what = [type, timestamp, JSON.stringify(ids), stream, version, position]
      addMessage(endpointId, sequence, id, previousId, ...what)
    },
    saveLane: (lane: EndpointLane) => {
      const { endpointId, name, next, failed, notBefore, last, lastFailure, revived } = lane
      saveLane(endpointId, name, next, failed, notBefore, last, lastFailure, revived)
    },
    removeReplaysBefore,
  }
}

const counterOf = (row: Row): Counter => ({
  endpointId: String(row.id),
  merchantId: String(row.merchant_id),
  events: JSON.parse(String(row.events)) as string[],
  sequence: Number(row.sequence),
  lastId: row.last_id as string | null,
})

const messageOf = (row: Row): WebhookMessage => ({
  endpointId: String(row.endpoint),
  sequence: Number(row.sequence),
  id: String(row.id),
  previousId: row.previous_id as string | null,
  type: String(row.type),
  timestamp: String(row.timestamp),
  ids: JSON.parse(String(row.ids)) as Record<string, string>,
  stream: String(row.stream),
  version: Number(row.version),
  position: String(row.position),
})

const laneOf = (row: Row): Lane => ({
  name: String(row.name),
  next: Number(row.next),
  failed: Number(row.failed),
  notBefore: Number(row.not_before),
  last: row.last as number | null,
  lastFailure: row.last_failure as string | null,
  revived: String(row.revived),
})
