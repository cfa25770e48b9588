// The way from a checkout to the pretend bank app, where there is a sandbox.
import { type Html, html } from './html.ts'
import type { Visit } from './visit.ts'

export const sandboxLink = (paymentId: string, { texts, to }: Visit): Html => html`<p class="sandbox-link">
<a class="button" href="${to(`/sandbox?payment=${paymentId}`)}">${texts.checkout.payInSandbox}</a>
<span class="hint">${texts.checkout.sandboxNote}</span>
</p>`
