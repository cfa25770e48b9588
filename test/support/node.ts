// The Node that runs the project: the one that runs the tests where it can, else the one that npm installed.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const canRun = Number(process.versions.node.split('.')[0]) >= 24

export const node = canRun ? process.execPath : join(root, 'node_modules', '.bin', 'node')
