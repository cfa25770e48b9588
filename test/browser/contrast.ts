// Which texts of a page are too faint to read: below 4.5 to 1, as WCAG 2 AA has it. Runs inside the page.
import type { Page } from 'playwright-core'

export const faintTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    type Color = readonly [number, number, number, number]
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
    const pen = canvas.getContext('2d', { willReadFrequently: true })!
    const colorOf = (css: string): Color => {
      pen.clearRect(0, 0, 1, 1)
      pen.fillStyle = css
      pen.fillRect(0, 0, 1, 1)
      const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data
      return [red!, green!, blue!, alpha! / 255]
    }
    const over = (top: Color, below: Color): Color => {
      const mix = (at: 0 | 1 | 2) => top[at] * top[3] + below[at] * (1 - top[3])
      return [mix(0), mix(1), mix(2), 1]
    }
    const luminance = ([red, green, blue]: Color): number => {
      const linear = (part: number) => (part <= 10 ? part / 3294 : ((part / 255 + 0.055) / 1.055) ** 2.4)
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
    /** Of a gradient its first, lighter color. */
    const backgroundOf = (element: Element): Color => {
      const { backgroundColor, backgroundImage } = getComputedStyle(element)
      const color = colorOf(/gradient\([^,]*, (rgb\([^)]*\))/.exec(backgroundImage)?.[1] ?? backgroundColor)
      if (color[3] === 1) return color
      return over(color, element.parentElement ? backgroundOf(element.parentElement) : [255, 255, 255, 1])
    }
    const hasText = (element: Element) =>
      [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim() !== '',
      )
    const shown = [...document.querySelectorAll<HTMLElement>('body *')].filter(
      (element) => element.offsetParent !== null && hasText(element),
    )
    return shown.flatMap((element) => {
      const background = backgroundOf(element)
      const text = over(colorOf(getComputedStyle(element).color), background)
      const [dark, light] = [luminance(text), luminance(background)].sort((a, b) => a - b)
      const ratio = (light! + 0.05) / (dark! + 0.05)
      return ratio < 4.5 ? [`${ratio.toFixed(2)}: ${element.textContent!.trim().slice(0, 60)}`] : []
    })
  })
