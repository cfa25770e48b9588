// What every refusal must look like: problem+json with a stable code, and a pointer where input was at fault.
import { expect } from 'vitest'
import { type ProblemCode, problems } from '../../src/http/problem.ts'
import type { Answer } from './gateway.ts'

/** Asserts that an answer is the problem of that code, at that pointer where one is named. */
export function expectRefused(answer: Answer, code: ProblemCode, pointer?: string): void {
  expect(answer.body, answer.text).toMatchObject({
    code,
    status: problems[code].status,
    type: `/problems#${code}`,
    title: problems[code].title,
  })
  expect(answer.status).toBe(problems[code].status)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.body.detail).toMatch(/\S/)
  if (pointer !== undefined) expect(pointersOf(answer)).toContain(pointer)
}

const pointersOf = ({ body }: Answer): string[] =>
  (body.errors ?? []).map((error: { pointer: string }) => error.pointer)
