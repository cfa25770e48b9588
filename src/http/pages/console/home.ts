// /console: what this role wants to know first.
import type { ConsolePage } from './consolePage.ts'
import { merchantHome } from './merchantHome.ts'
import { operatorHome } from './operatorHome.ts'
import { regulatorHome } from './regulatorHome.ts'
import { terminalHome } from './terminalHome.ts'

const homes = {
  merchant: merchantHome,
  operator: operatorHome,
  terminal: terminalHome,
  regulator: regulatorHome,
}

export const consoleHome: ConsolePage = {
  method: 'get',
  path: '',
  run: (visit) => homes[visit.caller.role](visit),
}
