// Asking a bank for what it has told, or meant to tell, in a stretch of time: how a gateway catches up after an outage.

/** The notifications of a connector from an instant (included) to another (not included), each as it would have come. */
export type Statement = (connectorId: string, from: string, to: string) => Promise<readonly string[]>
