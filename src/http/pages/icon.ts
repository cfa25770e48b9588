// The mark of Thu Ngân: the corner of a QR code that ends in a tick.

export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="#0b4a3f"/>
<rect x="6.5" y="6.5" width="12" height="12" rx="2.5" fill="none" stroke="#bfe9d6" stroke-width="3"/>
<rect x="10.75" y="10.75" width="3.5" height="3.5" rx=".75" fill="#bfe9d6"/>
<path d="M12 22.5l4.5 4L26 13.5" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/>
</svg>
`
