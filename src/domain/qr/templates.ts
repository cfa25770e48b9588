// Which objects are templates, and reading them into their own objects.
import { broken, type Issue } from './issue.ts'
import { napasGuid } from './profile.ts'
import { type Field, readFields, type TextField } from './tlv.ts'

/** 26-51: account information of schemes without a number of their own; sub-object 00 names the scheme. */
export const isAccountTemplate = (id: string): boolean => id >= '26' && id <= '51'

/** 80-99: for anyone's use; sub-object 00 names whose. */
export const isUnreservedTemplate = (id: string): boolean => id >= '80'

const isTemplate = (id: string): boolean =>
  isAccountTemplate(id) || id === '62' || id === '64' || isUnreservedTemplate(id)

type Templates = { readonly fields: readonly Field[]; readonly issues: readonly Issue[] }

/** The same objects with templates opened; what cannot be read stays text and is reported. */
export function openTemplates(root: readonly TextField[]): Templates {
  const issues: Issue[] = []
  const open = (text: string, path: string): Field['value'] => {
    const { fields, fault } = readFields(text)
    if (!fault) return fields
    issues.push(broken('TEMPLATE_MALFORMED', path, `template ${path}: ${fault.message}`))
    return text
  }
  const fields = root.map(({ id, value }): Field => {
    if (!isTemplate(id)) return { id, value }
    const opened = open(value, id)
    return { id, value: id === '38' && isNapas(opened) ? opened.map(openBeneficiary) : opened }
  })
  return { fields, issues }

  function openBeneficiary({ id, value }: Field): Field {
    return { id, value: id === '01' && typeof value === 'string' ? open(value, '38.01') : value }
  }
}

/** Only NAPAS nests a template in a template: 38.01 is the bank and the account. */
const isNapas = (value: Field['value']): value is readonly Field[] =>
  typeof value !== 'string' && value.some((field) => field.id === '00' && field.value === napasGuid)
