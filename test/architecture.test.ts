// Who may import whom: the layout of the README, held by a test.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const files = globSync(['src/**/*.ts', 'projections/**/*.ts'], { cwd: root })

/** What each folder may import besides itself; a package by its name. The longest matching folder rules. */
const rules: Readonly<Record<string, readonly string[]>> = {
  'src/domain': ['decimal.js'],
  projections: ['src/domain'],
  'src/http': ['src/domain', 'projections', 'hono', '@hono/zod-openapi', 'csv-parse', 'sax', 'xmlbuilder2'],
  'src/http/pages/statistics': ['src/domain', 'src/http', 'hono', 'd3-array', 'd3-shape'],
  'src/adapters/memory': ['src/domain', 'src/adapters/node/crypto.ts'],
  'src/adapters/pdf': ['src/http/pages/receipt/receipt.ts', 'pdfkit', 'node:'],
  'src/adapters/parquet': ['src/domain', 'hyparquet-writer'],
  'src/adapters/qrcode': ['src/domain', 'qrcode', 'lru-cache', 'node:'],
  'src/adapters/iso8583': ['src/domain', 'node:'],
  'src/adapters/sql': ['src/domain', 'projections', 'kysely'],
  'src/adapters/sqlite': [
    'src/domain',
    'src/http/services.ts',
    'src/adapters/sql',
    'src/adapters/node/crypto.ts',
    'src/adapters/node/aesGcm.ts',
    'projections',
    'kysely',
    'lru-cache',
    'node:',
  ],
  'src/adapters/durable-object': [
    'src/domain',
    'projections',
    'src/adapters/sql',
    'src/adapters/sqlite',
    'kysely',
    'lru-cache',
  ],
  'src/adapters/workers': [
    'src',
    'projections',
    'cloudflare:workers',
    'node:',
    'zod',
    'lru-cache',
    'package.json',
  ],
  'src/adapters/postgres': ['src/domain', 'src/adapters/sql', 'projections', 'kysely', 'pg', 'node:'],
  'src/adapters/eventstoredb': [
    'src/domain',
    'src/adapters/node/crypto.ts',
    '@eventstore/db-client',
    'lru-cache',
    'node:',
  ],
  'src/adapters/webhooks': [
    'src/domain',
    'src/http/services.ts',
    'src/http/webhookMessage.ts',
    'src/http/standardWebhooks.ts',
    'src/http/connectorSecret.ts',
    'ipaddr.js',
    'lru-cache',
    'node:',
  ],
  'src/adapters/node': [
    'src',
    'projections',
    '@hono/node-server',
    '@fastify/busboy',
    'node:',
    'zod',
    'pino',
    'prom-client',
    'lru-cache',
    'uuidv7',
    'commander',
    '@clack/prompts',
    'package.json',
  ],
}

const folders = Object.keys(rules).sort((a, b) => b.length - a.length)
const folderOf = (file: string): string => {
  const folder = folders.find((name) => file.startsWith(`${name}/`))
  if (!folder) throw new Error(`no rule for ${file}: say in test/architecture.test.ts what it may import`)
  return folder
}

const importsOf = (file: string): string[] => {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(
    /^(?:import|export)\b[^'"]*?from '([^']+)'|^import '([^']+)'|import\('([^']+)'\)/gm,
  )
  return [...found].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')
}

const target = (file: string, specifier: string): string =>
  specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier

test('every file imports only what its folder may', () => {
  const forbidden = files.flatMap((file) => {
    const folder = folderOf(file)
    const allowed = [folder, ...rules[folder]!]
    return importsOf(file)
      .map((specifier) => target(file, specifier))
      .filter(
        (name) =>
          !allowed.some((one) => name === one || name.startsWith(one.endsWith(':') ? one : `${one}/`)),
      )
      .map((name) => `${file} imports ${name}`)
  })
  expect(forbidden).toEqual([])
})

describe('one vendor, one folder', () => {
  test.each([
    ['node:sqlite', 'src/adapters/sqlite'],
    ['@eventstore/db-client', 'src/adapters/eventstoredb'],
    ['pg', 'src/adapters/postgres'],
    ['qrcode', 'src/adapters/qrcode'],
    ['pdfkit', 'src/adapters/pdf'],
    ['hyparquet-writer', 'src/adapters/parquet'],
    ['pino', 'src/adapters/node'],
    ['prom-client', 'src/adapters/node'],
    ['ipaddr.js', 'src/adapters/webhooks'],
    ['sax', 'src/http/statements'],
    ['xmlbuilder2', 'src/http/iso20022'],
  ])('%s in %s', (vendor, folder) => {
    const users = files.filter((file) => importsOf(file).includes(vendor))
    expect(users.length).toBeGreaterThan(0)
    expect(users.filter((file) => !file.startsWith(`${folder}/`))).toEqual([])
  })
})

/** The file without its comments. */
const codeOf = (file: string): string =>
  readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')

test('the domain has no clock, no chance and no floats of its own', () => {
  const impure = /\bnew Date\(\)|\bDate\.now\(|\bMath\.random\(|\bparseFloat\(|\bprocess\.|\bconsole\./
  const found = files.filter((file) => file.startsWith('src/domain/') && impure.test(codeOf(file)))
  expect(found).toEqual([])
})

test('every file says in its first line what it is', () => {
  const silent = files.filter((file) => !/^\/\/ \S/.test(readFileSync(join(root, file), 'utf8')))
  expect(silent).toEqual([])
})
