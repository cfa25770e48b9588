// `thungan verify --receipt`: checks a payment's proof with nothing but the file.
import { readFileSync } from 'node:fs'
import { type InclusionProof, type ProofFault, proofFault } from '../../../domain/proof/inclusion.ts'
import { ProofView } from '../../../http/proofView.ts'
import { nodeCrypto } from '../crypto.ts'
import { checkSignature } from '../signer.ts'
import { print } from './safe.ts'

export class NotAProof extends Error {
  override name = 'NotAProof'
}

/** Whether the proof holds; `publicKey` is the one that must have signed, where the caller knows it. */
export function checkReceipt(file: string, publicKey: string | undefined, json: true | undefined): boolean {
  const proof = readProof(file)
  const fault = proofFault(proof, nodeCrypto.hash, checkSignature, publicKey)
  const result = { ok: !fault, ...(fault && { fault }), publicKey: proof.seal.publicKey }
  print(json, result, fault ? faults[fault] : describe(proof, publicKey))
  return !fault
}

function readProof(file: string): InclusionProof {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8')
  try {
    return ProofView.parse(JSON.parse(text)) as InclusionProof
  } catch {
    throw new NotAProof(`${file} is not a proof as GET /v1/payments/{id}/proof gives it`)
  }
}

function describe({ event, seal }: InclusionProof, known: string | undefined): string {
  const key = known ?? `the key in the file: compare ${seal.publicKey} with the one you know`
  return [
    `${event.type} (${event.stream}, version ${event.version}) was recorded at ${event.recordedAt}:`,
    event.data,
    `It is under the seal of ${seal.date}, signed by ${key}.`,
  ].join('\n')
}

const faults: Readonly<Record<ProofFault, string>> = {
  path_differs: 'The event is not the one that was sealed, or its path leads elsewhere.',
  signature_invalid: 'The seal is not genuine: its signature does not hold.',
  key_differs: 'Another key signed the seal.',
}
