/** Outlines on a grid of 16: strokes of 1.5, round ends. */
const paths = {
  campaign: 'M2.5 3.5h3v3h-3zM10.5 9.5h3v3h-3zM5.5 5h3.2a2 2 0 0 1 2 2v.8M10.5 11H7.3a2 2 0 0 1-2-2V6.5',
  overview: 'M2.5 13.5v-5M6.2 13.5v-11M9.8 13.5V6M13.5 13.5V9.5',
  inbox: 'M2 9.5 4 3h8l2 6.5V13H2V9.5Zm0 0h3.5a2.5 2.5 0 0 0 5 0H14',
  delivery: 'M2 8h10M8.5 4.5 12 8l-3.5 3.5M14.5 3v10',
  down: 'm4.5 6.5 3.5 3.5 3.5-3.5',
  right: 'm6.5 4.5 3.5 3.5-3.5 3.5',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5V2.5h-8v8H5',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  search: 'M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0ZM10.5 10.5l3.5 3.5',
  docs: 'M3 2.5h7L13 5.5v8H3zM9.5 2.5V6H13M5.5 8.5h5M5.5 11h5',
  code: 'm5 4.5-3.5 3.5L5 11.5M11 4.5 14.5 8 11 11.5M9.3 3 6.7 13',
  event: 'M8.7 1.8 3.5 9h4l-.7 5.2L12.5 7h-4z',
  import: 'M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11',
  company: 'M3 13.5V3l6-1v11.5M9 6l4 1v6.5M2 13.5h12M5.3 5.5h1.4M5.3 8h1.4M5.3 10.5h1.4',
  suppression: 'M13.8 8a5.8 5.8 0 1 1-11.6 0 5.8 5.8 0 0 1 11.6 0ZM4 4l8 8',
  person: 'M10.7 5.2a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0ZM2.8 13.5c.6-2.7 2.6-4 5.2-4s4.6 1.3 5.2 4',
  mailbox: 'M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5',
  menu: 'M2 4h12M2 8h12M2 12h12',
  settings:
    'M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M11.8 4.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0ZM7.8 11.5a1.8 1.8 0 1 1-3.6 0 1.8 1.8 0 0 1 3.6 0Z',
  project: 'M2 4.5V12.5h12V5.5H7.5L6 3.5H2z',
  segment: 'M2 3h12l-4.7 5.5V13l-2.6-1.3V8.5z',
  activity: 'M1.5 8h3l2-5 3 10 2-5h3',
  help: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM6.2 6.2A1.9 1.9 0 1 1 8 8.3v1M8 11.5v.01',
  plus: 'M8 3v10M3 8h10',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7L13 5.8M13 2.5v3.3H9.7',
  send: 'M14 2 7 9M14 2 9.5 14 7 9 2 6.5z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  clock: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM8 4.5V8l2.5 1.5',
  close: 'm4 4 8 8M12 4l-8 8',
  drag: 'M6 3.5v.01M6 8v.01M6 12.5v.01M10 3.5v.01M10 8v.01M10 12.5v.01',
  edit: 'm10.5 3 2.5 2.5L5.5 13H3v-2.5z',
  columns: 'M2 3h12v10H2zM6.5 3v10M10 3v10',
  key: 'M7.7 11a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0ZM7 9l6-6M11 5l2 2M9.3 6.7 11 8.4',
  done: 'm3 8.5 3.5 3.5L13 4.5',
  open: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4',
  filter: 'M2 4h12M4.5 8h7M6.5 12h3',
  trash: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9',
  lock: 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2',
} as const;

export type IconName = keyof typeof paths;

/** An icon beside a word. It says nothing by itself: a control without a word has an `aria-label`. */
export function Icon({ name }: { readonly name: IconName }) {
  const dots = name === 'more' || name === 'drag';
  return (
    <svg className="ic" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} strokeWidth={dots ? 2.2 : undefined} />
    </svg>
  );
}

/** The mark of the product. */
export function Mark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
    >
      <path d="M3 4.5h7.5M3 10h12M3 15.5h5" strokeWidth="1.8" opacity=".55" />
      <path d="m12.5 5.5 4.5 4.5-4.5 4.5" strokeWidth="2" strokeLinejoin="round" />
    </svg>
  );
}
