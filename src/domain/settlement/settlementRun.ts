// The process settlementRun: closes each business date once it is over, and sees that what came back is paid again.
import { type ClosingPorts, closePassedCutOffs } from './closeDay.ts'
import { type PayUnpaidPorts, payUnpaid } from './payAgain.ts'

/**
 * Does what is due now. Its only memory is the log: the last cut says where to go on, each settlement's stream that it is
 * closed. So it may be cut off anywhere, run in several gateways, and be done by hand as well.
 */
export async function settlementRun(
  ports: ClosingPorts & PayUnpaidPorts,
  signal: AbortSignal,
): Promise<void> {
  await ports.alone(() => closePassedCutOffs(ports, signal))
  await payUnpaid(ports, signal)
}
