// What is wrong with a payload, and how much it matters.
import type { Profile } from './profile.ts'

/** A broken rule: its permanent name, the path of the object (`''`: the payload), and words for people. */
export type Issue = { readonly rule: string; readonly path: string; readonly message: string }

/** A broken rule, in one line. */
export const broken = (rule: string, path: string, message: string): Issue => ({ rule, path, message })

/** A rule that may be broken without making the payload unpayable, and the reason. */
type Tolerance = { readonly rule: RegExp; readonly path: RegExp; readonly profiles?: readonly Profile[] }

/*
 * Everything broken is an error, so that nothing unforeseen is paid. The exceptions below can change
 * neither who is paid nor how much.
 */
const tolerances: readonly Tolerance[] = [
  // Words for people. EVN Hanoi writes 31 characters of name, KHQR terminals 27 of label.
  { rule: /^(TOO_LONG|FORMAT)_/, path: /^(59|60|61|62\.\d\d)$/ },
  // Names in another language, and templates for anyone's use: not needed to pay. Old MoMo codes carry three
  // bare digits in 80.
  { rule: /^(TEMPLATE_MALFORMED$|MISSING_|TOO_LONG_|FORMAT_)/, path: /^(64|[89]\d)(\.\d\d)?$/ },
  // Members of NAPAS issue codes without a service and read them as a merchant payment.
  { rule: /^MISSING_38\.02_/, path: /^38\.02$/, profiles: ['vietqr'] },
  // VNPAY and PromptPay leave these out and their apps do not miss them.
  { rule: /^MISSING_/, path: /^(52|59|60)$/, profiles: ['vnpay-qr', 'promptpay'] },
]

/** True for a departure that a reader takes with a warning and a writer never makes. */
export const isTolerated = ({ rule, path }: Issue, profile: Profile): boolean =>
  tolerances.some(
    (each) =>
      each.rule.test(rule) && each.path.test(path) && (!each.profiles || each.profiles.includes(profile)),
  )
