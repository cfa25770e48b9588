// Runs on /map: draws the places of the list's filter with Leaflet, on tiles where there are any. The list works without it.

export const mapScript = `const box = document.getElementById('places-map')
const note = document.getElementById('map-note')
const { places, tiles, attribution, show, zoomIn, zoomOut, many, broken } = box.dataset
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches

void draw()

async function draw() {
  try {
    const answer = await fetch(places)
    if (!answer.ok) throw new Error(String(answer.status))
    const { features, nextCursor } = await answer.json()
    if (features.length === 0) return
    box.hidden = false
    if (nextCursor !== null) say(many)
    mark(features, ground())
  } catch {
    box.hidden = true
    say(broken)
  }
}

function say(text) {
  note.textContent = text
  note.hidden = false
}

function ground() {
  const quiet = { zoomAnimation: !reducedMotion, fadeAnimation: !reducedMotion, markerZoomAnimation: !reducedMotion }
  const map = L.map(box, { maxZoom: 19, scrollWheelZoom: false, zoomControl: false, ...quiet })
  L.control.zoom({ zoomInTitle: zoomIn, zoomOutTitle: zoomOut }).addTo(map)
  map.attributionControl.setPrefix('Leaflet')
  if (tiles === undefined) return map
  const plain = document.createElement('span') // what Leaflet takes is markup, what was configured is text
  plain.textContent = attribution
  L.tileLayer(tiles, { maxZoom: 19, attribution: plain.innerHTML, referrerPolicy: 'origin' }).addTo(map)
  return map
}

function mark(features, map) {
  const markers = new Map()
  for (const { id, geometry, properties } of features) {
    const [lng, lat] = geometry.coordinates
    const marker = L.circleMarker([lat, lng], { radius: 8, className: 'place' }).addTo(map)
    marker.bindPopup(popup(properties), { autoPanPadding: [16, 16] })
    markers.set(id, marker)
  }
  map.fitBounds(L.featureGroup([...markers.values()]).getBounds(), { padding: [24, 24], maxZoom: 16 })
  for (const item of document.querySelectorAll('[data-site]')) {
    const marker = markers.get(item.dataset.site)
    if (marker) item.append(button(marker, map, item))
  }
}

function popup({ name, address, district }) {
  const words = document.createElement('div')
  const title = document.createElement('strong')
  title.textContent = name
  words.append(title, document.createElement('br'), address + ', ' + district)
  return words
}

function button(marker, map, item) {
  const pressed = document.createElement('button')
  pressed.type = 'button'
  pressed.className = 'show-place'
  pressed.textContent = show
  pressed.setAttribute('aria-label', show + ': ' + item.querySelector('h3').textContent)
  pressed.addEventListener('click', () => {
    map.setView(marker.getLatLng(), Math.max(map.getZoom(), 15))
    marker.openPopup()
    box.focus({ preventScroll: true })
    box.scrollIntoView({ behavior: reducedMotion ? 'auto' : 'smooth', block: 'center' })
  })
  return pressed
}
`
