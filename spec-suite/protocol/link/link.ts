/** Bytes to and from a broker, over whatever carries them. */
export interface Link {
  write(bytes: Buffer): void
  /** Ends it without a word, as a broken network does. */
  cut(): void
  /** Ends it after everything that was written. */
  end(): void
}

/** What happens on a link, told by whoever carries the bytes. */
export interface LinkEvents {
  data(bytes: Buffer): void
  /** The broker ended it. Told once, after the last data. `orderly`: all that it sent has come; a reset may lose some. */
  closed(orderly: boolean): void
  /** The carrier itself broke a rule, for instance a WebSocket message that is not binary. */
  breach(text: string): void
}

/** A broker, or one of its listeners, that connections can be opened to. */
export interface Target {
  /** For people: the URL without its password. */
  readonly name: string
  /** Where WebSocket clients connect, if this is such a place. */
  readonly webSocket: WebSocketPlace | null
  /** Gives up when the signal is aborted. @throws Error when there is no connection */
  open(events: LinkEvents, signal?: AbortSignal): Promise<Link>
}

export interface WebSocketPlace {
  readonly url: string
  /** For ws: certificates and the like. */
  readonly options: object
}

/** What a case may do with a WebSocket: a part of that of `ws`, whose types users of this package need not have. */
export interface OpenWebSocket {
  /** The subprotocol that was agreed upon. */
  readonly protocol: string
  /** 1: open. */
  readonly readyState: number
  /** `fin` false: the message goes on in the next frame. Default: one binary message. */
  send(data: Uint8Array, options?: { binary?: boolean; fin?: boolean }): void
  close(): void
  /** Ends it without a word. */
  terminate(): void
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): unknown
  on(event: 'close', listener: (code: number) => void): unknown
}
