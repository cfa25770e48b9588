// Terminal uptime: how much of the last thirty days the terminals were there.
import { type PresenceEvent, uptimePercent } from '../../pos/uptime.ts'
import type { Definition } from './definition.ts'

export const uptimeDays = 30

/** The mean over the terminals that were ever seen, to two decimals; null where none was. */
export function meanUptime(
  terminals: readonly (readonly PresenceEvent[])[],
  until: Date,
): { readonly terminals: number; readonly percent: number | null } {
  const from = new Date(until.getTime() - uptimeDays * 86_400_000)
  const each = terminals
    .filter((events) => !events.some((event) => isRevoked(event, until)))
    .map((events) => uptimePercent(events, from, until))
    .filter((percent) => percent !== null)
  const hundredths = each.reduce((sum, percent) => sum + Math.round(percent * 100), 0)
  const percent = each.length === 0 ? null : Math.round(hundredths / each.length) / 100
  return { terminals: each.length, percent }
}

const isRevoked = ({ type, data }: PresenceEvent, until: Date): boolean =>
  type === 'TerminalRevoked' && Date.parse(data.revokedAt) <= until.getTime()

export const terminalUptime: Definition = {
  id: 'terminal-uptime',
  label: { vi: 'Thời gian hoạt động của thiết bị', en: 'Terminal uptime' },
  text: {
    vi: `Trung bình, trên các thiết bị đã từng kết nối và chưa bị thu hồi, của phần trăm thời gian thiết bị có mặt trong ${uptimeDays} ngày đến hết ngày đó (hoặc đến lúc hỏi), tính từ khi kết nối lần đầu. Thiết bị mất liên lạc tính là vắng từ lúc được thấy lần cuối.`,
    en: `The mean, over terminals that were ever seen and are not revoked, of the percentage of the ${uptimeDays} days up to the end of the day (or to the time of asking) in which the terminal was there, from when it was first seen. One that is lost counts as absent since it was last seen.`,
  },
  measuredBy: 'gateway',
}
