// The example of the README for who writes a till, pasted into a shell against a gateway that really runs.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { startGateway } from '../support/gatewayProcess.ts'
import { node } from '../support/node.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [doc] = /## For the one who writes a till[\s\S]*?(?=\n## )/.exec(
  readFileSync(`${root}/README.md`, 'utf8'),
)!
const [example] = /(?<=```sh\n)[\s\S]*?(?=```)/.exec(doc)!
const [answers] = /(?<=```\n)08108[\s\S]*?(?=```)/.exec(doc)!

const gateway = startGateway({ ISO8583_PORT: '0', EVENT_STORE: 'memory' })
afterAll(() => gateway.kill())

const run = promisify(execFile)
/** DE37 and DE38 are derived from a key that every machine draws for itself. */
const withoutReferences = (text: string): string =>
  text.replace(/(?<=^0210.{52})[0-9A-Z]{18}/gm, '<37, 38>').replace(/(?<=^0430.{50})[0-9A-Z]{12}/gm, '<37>')

async function paste(): Promise<string> {
  const welcome = await gateway.printed(/port \d+\n.*DEM0T111.*\n/)
  const port = /port (\d+)/.exec(welcome)![1]!
  const shell = example.replace("' 8583 ", `' ${port} `)
  expect(shell).not.toBe(example)
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` }
  return (await run('sh', ['-c', shell], { cwd: root, env })).stdout
}

test('signs on, sells, sells nothing twice and takes it back, as the README says', async () => {
  const first = await paste()
  expect(withoutReferences(first)).toBe(withoutReferences(answers))
  const [signOn, sale, repeated] = (await paste()).split('\n')
  expect(signOn).toBe(first.split('\n')[0])
  expect(repeated).toBe(sale)
  expect(sale).toContain('12DEM0T111') // it has been taken back
})
