// ISO 20022 messages in tests: checked against the published schema by libxml2, looked into, and status reports as a bank makes them.
import { readFileSync } from 'node:fs'
import { create } from 'xmlbuilder2'
import { validateXML } from 'xmllint-wasm'

const schema = (message: string) =>
  readFileSync(new URL(`../vectors/iso20022/${message}.xsd`, import.meta.url), 'utf8')

/** What the schema of a message says against a document: nothing, when it is valid. */
export async function schemaFaults(xml: string, message: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'message.xml', contents: xml }],
    schema: [{ fileName: `${message}.xsd`, contents: schema(message) }],
  })
  return errors.map((fault) => fault.message)
}

/** The texts of every element of a name, in order. */
export const textsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))].map(([, text]) => text!)

type Status = { readonly id: string; readonly code: string; readonly reason?: string }

/** A pain.002 with these statuses of payouts; `group`: of the message they were in. */
export function pain002(statuses: readonly Status[], group?: { messageId: string; code: string }): string {
  const content = {
    CstmrPmtStsRpt: {
      GrpHdr: { MsgId: 'BANK-1', CreDtTm: '2026-11-24T03:00:00Z' },
      OrgnlGrpInfAndSts: {
        OrgnlMsgId: group?.messageId ?? 'TN',
        OrgnlMsgNmId: 'pain.001.001.09',
        ...(group && { GrpSts: group.code }),
      },
      ...(statuses.length > 0 && {
        OrgnlPmtInfAndSts: {
          OrgnlPmtInfId: 'TN-1',
          TxInfAndSts: statuses.map(({ id, code, reason }) => ({
            OrgnlEndToEndId: id,
            TxSts: code,
            ...(reason && { StsRsnInf: { Rsn: { Cd: reason } } }),
          })),
        },
      }),
    },
  }
  return create({ version: '1.0', encoding: 'UTF-8' })
    .ele('urn:iso:std:iso:20022:tech:xsd:pain.002.001.12', 'Document')
    .ele(content)
    .end()
}
