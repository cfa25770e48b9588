// Targets and figures in tests, as a regulator sends them.
export const metroTarget = {
  indicator: 'metro-stations-cashless',
  year: 2026,
  label: {
    vi: 'Ga tàu điện nhận thanh toán không dùng tiền mặt',
    en: 'Metro stations that accept cashless payment',
  },
  sectors: ['supermarket'],
  unit: 'percent',
  target: 50,
  source: 'plan-2026',
}

export const accountsTarget = {
  indicator: 'adults-with-an-account',
  year: 2025,
  label: { vi: 'Người trưởng thành có tài khoản', en: 'Adults with an account' },
  unit: 'percent',
  target: 80,
  source: 'Decision 1813/QD-TTg',
}

export const online = (changes: object = {}) => ({
  indicator: 'online-retail-share',
  date: '2017-12-31',
  value: 7.25,
  source: 'Tổng cục Thống kê, 2018',
  ...changes,
})
