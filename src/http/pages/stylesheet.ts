// The look of every page: a payment terminal's jade screen over receipt paper, by day and by night, from 320 px up.

import { mapStyles } from './map/stylesheet.ts'
import { statisticsStyles } from './statistics/stylesheet.ts'

export const stylesheet = `:root {
  --ground: #edf2f0;
  --paper: #ffffff;
  --ink: #11231e;
  --soft: #4c5f58;
  --line: #d3deda;
  --screen: #0b4a3f;
  --screen-deep: #073830;
  --on-screen: #f1faf6;
  --mint: #b9e6d1;
  --link: #0a6150;
  --press: #0c5c4c;
  --on-press: #ffffff;
  --good: #0a7347;
  --good-soft: #e2f4ea;
  --warn: #855500;
  --warn-soft: #fdf1d6;
  --bad: #a02f18;
  --bad-soft: #fce9e3;
  --shadow: 0 1px 2px rgb(9 40 33 / .08), 0 12px 32px -12px rgb(9 40 33 / .22);
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'Roboto Mono', 'Noto Sans Mono', 'DejaVu Sans Mono', monospace;
  color-scheme: light dark;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0a1311;
    --paper: #13201c;
    --ink: #e4eeea;
    --soft: #9fb4ac;
    --line: #293a34;
    --screen: #0c4439;
    --screen-deep: #08332b;
    --link: #74d8b6;
    --press: #2f9c7e;
    --on-press: #04110d;
    --good: #5fd39b;
    --good-soft: #10301f;
    --warn: #f0bf5c;
    --warn-soft: #33270c;
    --bad: #ff9a80;
    --bad-soft: #3a1a12;
    --shadow: 0 1px 2px rgb(0 0 0 / .4), 0 12px 32px -12px rgb(0 0 0 / .6);
  }
}

*, *::before, *::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  display: flex;
  flex-direction: column;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.6 var(--sans);
  overflow-wrap: break-word;
}
h1, h2, h3, p, dl, dd, ol, ul, pre, fieldset { margin: 0; padding: 0 }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; letter-spacing: -.01em }
h1 { font-size: clamp(1.75rem, 1.3rem + 2vw, 2.5rem) }
h2 { font-size: 1.25rem }
h3 { font-size: 1.0625rem }
a { color: var(--link); text-underline-offset: .2em }
img, svg { display: block; max-width: 100% }
code, pre { font-family: var(--mono); font-size: .875em }
:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 4px }
main:focus { outline: none }
[hidden] { display: none !important }
.unseen {
  position: absolute; width: 1px; height: 1px; margin: -1px;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--paper); z-index: 1 }
.skip:focus { top: 1rem }
.hint { color: var(--soft); font-size: .875rem }
.hint.bad { color: var(--bad) }
.lead { color: var(--soft); max-width: 44rem; margin-top: .5rem }

/* Header, main, footer */
header.site, footer.site, main { width: 100%; max-width: 70rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem) }
header.site { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.25rem; padding-block: .875rem }
header.site nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem }
header.site a { color: var(--ink); text-decoration: none; padding-block: .5rem }
header.site nav a, .language { color: var(--soft); font-size: .9375rem }
header.site a:hover { text-decoration: underline }
.brand { display: inline-flex; align-items: center; gap: .6rem; font-weight: 700; font-size: 1.0625rem; letter-spacing: -.01em }
.language { margin-left: auto }
@media (max-width: 27rem) {
  header.site nav { order: 1; width: 100% }
}
main { flex: 1; padding-block: clamp(1rem, 4vw, 2.5rem) clamp(2rem, 6vw, 4rem) }
main > section { margin-top: clamp(2.5rem, 6vw, 4rem) }
footer.site { padding-block: 1.25rem 2rem; color: var(--soft); font-size: .875rem; display: flex; flex-wrap: wrap; gap: .25rem 2rem; justify-content: space-between }
footer.site a { display: inline-block; padding-block: .25rem }

/* Things to press */
.button {
  display: inline-block;
  min-height: 2.875rem;
  padding: .65rem 1.25rem;
  border: 1px solid transparent;
  border-radius: .625rem;
  background: var(--press);
  color: var(--on-press);
  font: 600 1rem/1.4 var(--sans);
  text-align: center;
  text-decoration: none;
  cursor: pointer;
}
.button:hover { filter: brightness(1.1) }
.button.quiet { background: transparent; color: var(--link); border-color: currentColor }
.button.quiet:hover { background: var(--good-soft); filter: none }

/* Lists of facts, on every receipt */
.facts > div { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding-block: .55rem; border-bottom: 1px dashed var(--line) }
.facts > div:last-child { border-bottom: 0 }
.facts dt { color: var(--soft); font-size: .9375rem }
.facts dd { font-weight: 600; font-size: .9375rem; text-align: right; margin-left: auto; min-width: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; display: flex; align-items: center; gap: .6rem }
.facts dd em { font-weight: 400; color: var(--soft) }
.notice { padding: .75rem 1rem; border-radius: .625rem; font-size: .9375rem }
.notice ul { padding-left: 1.1rem }
.notice.bad { background: var(--bad-soft); color: var(--bad) }
.notice.warn { background: var(--warn-soft); color: var(--warn) }

/* Checkout: a terminal's screen, and the receipt that comes out of it */
.checkout main { max-width: 29rem; padding-top: .25rem }
.checkout header.site, .checkout footer.site { max-width: 29rem }
.checkout footer.site { justify-content: center; text-align: center; padding-top: 0 }
.receipt { filter: drop-shadow(0 1px 1px rgb(9 40 33 / .1)) drop-shadow(0 14px 24px rgb(9 40 33 / .14)) }
.screen {
  background: linear-gradient(160deg, var(--screen), var(--screen-deep));
  color: var(--on-screen);
  padding: 1.375rem 1.5rem 1.25rem;
  border-radius: 1rem 1rem 0 0;
  text-align: center;
}
.payee span { color: var(--mint); font-size: .9375rem }
.payee strong { display: block; font-size: 1.125rem; line-height: 1.35; color: var(--on-screen) }
.payee .site-name { display: block }
.amount { font-size: clamp(2.25rem, 11vw, 3.25rem); font-weight: 700; line-height: 1.15; margin-block: .35rem .5rem; font-variant-numeric: tabular-nums; letter-spacing: -.02em }
.amount.long { font-size: clamp(1.5rem, 8vw, 2.5rem) }
.status { display: inline-flex; align-items: center; gap: .55rem; padding: .2rem .85rem; border-radius: 99px; background: rgb(0 0 0 / .24); font-size: .9375rem; font-weight: 600 }
.lamp { width: .6rem; height: .6rem; border-radius: 50%; background: var(--mint) }
.waiting .lamp, .partial .lamp { background: #ffd166 }
.expired .lamp, .canceled .lamp { background: #ff9a80 }
.paid .lamp { background: #6ee7a8 }
@media (prefers-reduced-motion: no-preference) {
  .waiting .lamp, .partial .lamp { animation: breathe 1.8s ease-in-out infinite }
  .stamp { animation: land .35s ease-out }
}
@keyframes breathe { 50% { opacity: .3 } }
@keyframes land { from { transform: scale(1.25); opacity: 0 } }
.paper { background: var(--paper) }
.receipt .paper, .tape .paper {
  padding: 1.5rem clamp(1.125rem, 6vw, 1.75rem) 2.25rem;
  --teeth: conic-gradient(from -45deg at bottom, #0000, #000 1deg 89deg, #0000 90deg) 50% / 1rem 100%;
  -webkit-mask: var(--teeth);
  mask: var(--teeth);
}
.receipt .paper > * + * { margin-top: 1.125rem }
.receipt h2 { font-size: 1.0625rem; margin-bottom: .4rem }
.qr { width: min(100%, 20rem); height: auto; aspect-ratio: 1; margin-inline: auto; background: #fff; border-radius: .75rem; border: 1px solid var(--line) }
.expiry { text-align: center; color: var(--soft); font-size: .9375rem }
.expiry strong { color: var(--ink); font-size: 1.125rem; font-variant-numeric: tabular-nums }
.expiry time { display: block; font-size: .875rem }
.steps { padding-left: 0; list-style: none; counter-reset: step }
.steps li { counter-increment: step; display: flex; gap: .75rem; padding-block: .25rem }
.steps li::before { content: counter(step); flex: none; width: 1.6rem; height: 1.6rem; border-radius: 50%; background: var(--good-soft); color: var(--good); font: 700 .875rem/1.6rem var(--sans); text-align: center }
.transfer { border-top: 1px dashed var(--line); padding-top: 1.125rem }
.transfer > * + * { margin-top: .75rem }
.transfer h2 { margin-bottom: 0 }
.transfer .button { display: block }
.transfer dd > span { user-select: all }
.copy { flex: none; min-height: 2rem; padding: .25rem .75rem; border: 1px solid var(--line); border-radius: .5rem; background: transparent; color: var(--link); font: 600 .875rem/1.3 var(--sans); cursor: pointer }
.copy:hover { border-color: currentColor }
.partial-note { background: var(--warn-soft); border-radius: .75rem; padding: .875rem 1rem; text-align: center }
.partial-note p { font-size: .9375rem; color: var(--warn); margin-top: .35rem }
.sums { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .5rem 1rem }
.sums dt { font-size: .875rem; color: var(--warn) }
.sums dd { font-size: 1.125rem; font-weight: 700; font-variant-numeric: tabular-nums }
.sandbox-link { display: grid; gap: .35rem; text-align: center }
.ended { text-align: center }
.ended .facts { text-align: left; border-top: 1px dashed var(--line); padding-top: .375rem }
.stamp { width: 5rem; height: 5rem; margin-inline: auto; fill: none; stroke: var(--bad); stroke-width: 4; stroke-linecap: round; stroke-linejoin: round }
.paid .stamp { stroke: var(--good) }
.paid .stamp circle { fill: var(--good-soft) }
.expired .stamp circle, .canceled .stamp circle { fill: var(--bad-soft) }
.outcome { font-size: 1.5rem; font-weight: 700; line-height: 1.3 }
.paid .outcome { color: var(--good) }
.ended .outcome + p { margin-top: .25rem }

/* Front page */
.hero { display: grid; gap: 2.5rem; align-items: center }
.pitch p { margin-top: 1rem; max-width: 38rem }
.pitch .actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.75rem }
.pitch h1 { font-size: clamp(2rem, 1.4rem + 2.4vw, 2.875rem); letter-spacing: -.025em; line-height: 1.15 }
.tape { border-radius: 1rem; padding: 1.25rem clamp(1rem, 5vw, 2rem) 0; background: linear-gradient(160deg, var(--screen), var(--screen-deep)); box-shadow: var(--shadow); padding-bottom: 1.5rem }
.tape .paper { border-radius: .25rem .25rem 0 0; max-width: 24rem; margin-inline: auto }
.tape h2 { font-size: 1.0625rem; padding-bottom: .75rem; border-bottom: 1px dashed var(--line) }
.tape dl > div { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 1rem; padding-block: .5rem }
.tape dt { color: var(--soft); font-size: .9375rem }
.tape dd { font-size: 1.25rem; font-weight: 700; font-variant-numeric: tabular-nums; margin-left: auto }
.tape .hint { padding-top: .75rem; border-top: 1px dashed var(--line) }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: 1rem; margin-top: 1rem }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: .875rem; padding: 1.25rem 1.375rem 1.375rem }
.card h3 { color: var(--link) }
.card p { margin-top: .4rem; color: var(--soft); font-size: .9375rem }
.quick-start p { margin-top: .5rem }
.quick-start pre { margin-top: 1rem; padding: 1.125rem 1.25rem; background: var(--screen-deep); color: var(--on-screen); border-radius: .75rem; overflow-x: auto; line-height: 1.7 }
.links { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin-top: .5rem }
.links a { display: inline-block; padding-block: .375rem }
@media (min-width: 56rem) {
  .hero { grid-template-columns: 1.25fr 1fr; gap: 4rem }
}

/* Sandbox */
.sandbox { display: grid; gap: 1.5rem; margin-top: 1.75rem; align-items: start }
.till, .bank-app { background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; padding: clamp(1.125rem, 4vw, 1.75rem); min-width: 0 }
.till { border-top: .5rem solid var(--screen) }
.bank-app { border-top: .5rem solid var(--mint) }
.sandbox form { display: grid; gap: 1rem; margin-top: 1rem }
.sandbox h3 { margin-bottom: .25rem }
.bank-app > * + * { margin-top: 1.25rem }
.sandbox label { display: grid; gap: .35rem; font-weight: 600; font-size: .9375rem }
.sandbox .hint { margin-top: -.5rem }
.sandbox .pay .hint { margin-top: 0 }
input, select, textarea {
  width: 100%; min-height: 2.875rem; padding: .6rem .8rem; color: var(--ink); background: var(--ground);
  border: 1px solid color-mix(in srgb, var(--soft) 65%, transparent); border-radius: .625rem; font: 1rem/1.5 var(--sans);
}
textarea { font-family: var(--mono); font-size: .875rem; resize: vertical; overflow-wrap: anywhere }
.price { font-size: 1.5rem; font-weight: 700; font-variant-numeric: tabular-nums }
fieldset { border: 0; min-width: 0 }
legend { padding: 0; font-weight: 600; font-size: .9375rem }
.sandbox .choice { display: flex; align-items: center; gap: .6rem; font-weight: 400; padding-block: .3rem }
.choice input { width: 1.2rem; min-height: 1.2rem; height: 1.2rem; flex: none; accent-color: var(--press) }
.ways { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 11rem), 1fr)); gap: .625rem }
.ways button { display: grid; align-content: start; gap: .1rem; padding: .7rem .9rem; text-align: left; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: .625rem; font: .875rem/1.45 var(--sans); cursor: pointer }
.ways button:hover { border-color: var(--link) }
.ways button:first-child { background: var(--press); border-color: transparent; color: var(--on-press) }
.ways strong { font-size: 1rem }
.answers { background: var(--good-soft); border-radius: .75rem; padding: 1rem 1.125rem; display: grid; gap: .6rem }
.answers ol { padding-left: 1.1rem }
.answers li { padding-block: .15rem }
.answers li span { font-variant-numeric: tabular-nums }
.state.paid { color: var(--good) }
.state.pending { color: var(--warn) }
.state.expired, .state.canceled { color: var(--bad) }
@media (min-width: 56rem) {
  .sandbox { grid-template-columns: 1fr 1.4fr }
  .sandbox .till { grid-area: 1 / 1 }
  .sandbox .bank-app { grid-area: 1 / 2 }
  .sandbox > :only-child { grid-column: 1 / -1 }
}
.sandbox.machines { grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)) }
.sandbox.machines .till { grid-area: auto }
.machines .till > * + * { margin-top: 1rem }
.sandbox.machines.one { max-width: 40rem }

/* Bills */
main > .bills { max-width: 40rem; margin: 0 auto }
.bills > * + * { margin-top: 1.25rem }
.bills form { display: grid; gap: 1rem }
.bills .find { background: var(--paper); border: 1px solid var(--line); border-top: .5rem solid var(--screen); border-radius: 1rem; padding: clamp(1.125rem, 4vw, 1.75rem) }
.bills .find label { display: grid; gap: .35rem; font-weight: 600; font-size: .9375rem }
.bills .find .hint { margin-top: -.5rem }
.bills .button { justify-self: start }
.owed { background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; padding: .25rem clamp(1rem, 4vw, 1.5rem) }
.owed legend { padding-inline: .35rem }
.bill { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; padding-block: .9rem; border-bottom: 1px dashed var(--line); cursor: pointer }
.bill:last-child { border-bottom: 0 }
.bill input { width: 1.2rem; min-height: 1.2rem; height: 1.2rem; flex: none; accent-color: var(--press); align-self: center }
.bill .what { display: grid; flex: 1 1 12rem; min-width: 0; overflow-wrap: anywhere }
.bill .what > span { color: var(--soft); font-size: .9375rem }
.bill em { font-style: normal; font-weight: 600; color: var(--warn) }
.bill em.late { color: var(--bad) }
.bill .sum { margin-left: auto; font-weight: 700; font-variant-numeric: tabular-nums }
.bills .total { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding-inline: clamp(1rem, 4vw, 1.5rem) }
.bills .total strong { font-size: 1.5rem; font-variant-numeric: tabular-nums }
.notice.good { background: var(--good-soft); color: var(--good) }

/* Problem codes */
.problems { margin-top: 1.5rem; background: var(--paper); border: 1px solid var(--line); border-radius: .875rem; overflow: hidden }
.problems > div { padding: .875rem 1.25rem; border-bottom: 1px solid var(--line) }
.problems > div:last-child { border-bottom: 0 }
.problems > div:target { background: var(--warn-soft) }
.problems dt { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; justify-content: space-between }
.problems dd { color: var(--soft) }
.problems dd strong { color: var(--ink) }
.http { font: 600 .8125rem/1.5 var(--mono); padding-inline: .5rem; border-radius: .375rem; background: var(--ground) }

/* One message */
.message { max-width: 34rem; margin-inline: auto !important; text-align: center; padding-block: 2rem }
.message > * + * { margin-top: .875rem }
.code { font: 700 3.5rem/1 var(--mono); color: var(--line) }

/* API reference: swagger-ui brings its own look */
.docs main, .docs header.site, .docs footer.site { max-width: 90rem }
#reference { margin-top: 1rem; overflow-x: auto; background: #fff; border-radius: .875rem }
.dark-mode #reference { background: transparent }

.proof-qr { display: block; width: 9rem; margin-inline: auto }

@media print {
  header.site, footer.site, .sandbox-link { display: none }
  body { background: #fff }
}
${statisticsStyles}${mapStyles}`
