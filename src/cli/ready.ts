/** Told over IPC to whoever started this process with a channel. */
export interface Ready {
  readonly kind: 'ready';
  readonly url: string;
}
