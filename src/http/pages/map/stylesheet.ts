// The look of the shopping map: a list of places, and the map above it.

export const mapStyles = `
/* Shopping map */
#places-map { height: min(60vh, 28rem); margin-top: 1.25rem; border: 1px solid var(--line); border-radius: 1rem; background: color-mix(in srgb, var(--link) 9%, var(--paper)); z-index: 0 }
#map-note { margin-top: .5rem }
#places-map path.place { fill: #0b6b57; fill-opacity: .85; stroke: #fff; stroke-width: 2 }
.map main > section { margin-top: 2rem }
.map section > * + * { margin-top: 1rem }
.places { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: .75rem }
.places .place { background: var(--paper); border: 1px solid var(--line); border-radius: .875rem; padding: 1rem 1.125rem; overflow-wrap: anywhere }
.show-place { margin-top: .5rem; min-height: 2.25rem; padding: .25rem .75rem; border: 1px solid currentColor; border-radius: .5rem; background: transparent; color: var(--link); font: 600 .875rem/1.3 var(--sans); cursor: pointer }
.map .pages { display: flex; flex-wrap: wrap; gap: .75rem }
@media print {
  #places-map, .show-place { display: none }
}
`
