// Line icons drawn for Caravan on a 24-unit grid.
const shapes = {
  back: <path d="M14.5 5.5 8 12l6.5 6.5" />,
  compose: <><path d="M12.5 5H7a2.5 2.5 0 0 0-2.5 2.5V17A2.5 2.5 0 0 0 7 19.5h9.5A2.5 2.5 0 0 0 19 17v-5.5" /><path d="m10 14 .6-2.8 7.7-7.7a1.56 1.56 0 0 1 2.2 2.2l-7.7 7.7z" /></>,
  search: <><circle cx="10.75" cy="10.75" r="6.25" /><path d="m15.5 15.5 4.5 4.5" /></>,
  settings: <><path d="M4.5 7.5h8M17.5 7.5h2M4.5 16.5h2M11.5 16.5h8" /><circle cx="15" cy="7.5" r="2.5" /><circle cx="9" cy="16.5" r="2.5" /></>,
  send: <path d="M5 12.2V5.4c0-.8.8-1.3 1.5-1l13.2 6.7c.7.400.7 1.4 0 1.8L6.5 19.6c-.7.3-1.5-.2-1.5-1zm0 0h7" />,
  down: <path d="m6 9.5 6 6 6-6" />,
  info: <><circle cx="12" cy="12" r="8" /><path d="M12 11.2V16M12 8.1v.1" /></>,
  people: <><circle cx="9" cy="8.5" r="3.25" /><path d="M3.5 19c.3-3.2 2.5-5 5.5-5s5.2 1.8 5.5 5M15.5 5.6a3.25 3.25 0 0 1 0 5.8M17 14.4c2 .7 3.2 2.3 3.5 4.6" /></>,
  close: <path d="m6.5 6.5 11 11M17.5 6.5l-11 11" />,
  check: <path d="m5.5 12.5 4.3 4.3 8.7-9.3" />,
  bell: <><path d="M6.5 10.5a5.5 5.5 0 0 1 11 0c0 4.5 1.7 6 1.7 6H4.8s1.7-1.5 1.7-6" /><path d="M10.2 19.5a2 2 0 0 0 3.6 0" /></>,
  eye: <><path d="M3.5 12S6.5 6.5 12 6.5 20.5 12 20.5 12 17.5 17.5 12 17.5 3.5 12 3.5 12" /><circle cx="12" cy="12" r="2.5" /></>,
  eyeOff: <><path d="M9.8 6.8A8 8 0 0 1 12 6.5c5.5 0 8.5 5.5 8.5 5.5a14 14 0 0 1-2.3 2.9M6.4 8.3A14 14 0 0 0 3.5 12s3 5.5 8.5 5.5c1.6 0 3-.5 4.2-1.2M4.5 4.5l15 15" /></>,
  offline: <><path d="M4.5 4.5l15 15M8.3 8.4A5 5 0 0 0 7.5 18h9.6M11 6.6a5 5 0 0 1 5.6 4.4 3.5 3.5 0 0 1 3 5.2" /></>,
  alert: <><circle cx="12" cy="12" r="8" /><path d="M12 8v4.8M12 15.9v.1" /></>,
  logout: <><path d="M13.5 4.5H7A2.5 2.5 0 0 0 4.5 7v10A2.5 2.5 0 0 0 7 19.5h6.5" /><path d="M10 12h10m-3.5-3.5L20 12l-3.5 3.5" /></>,
  enter: <path d="M19 6v5.5a2.5 2.5 0 0 1-2.5 2.5H5.5m4-4-4 4 4 4" />,
} as const;

export type IconName = keyof typeof shapes;

/** Decoration only: whatever holds it carries the name. */
export function Icon({ name, size = 22 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {shapes[name]}
    </svg>
  );
}
