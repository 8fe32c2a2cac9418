/** Three travellers on a dune; the one in front carries the lamp. */
export function Logo({ size = 40 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <rect width="64" height="64" rx="16" fill="#0f766e" />
      <circle cx="17" cy="31" r="5" fill="#fff" />
      <circle cx="32" cy="25" r="6" fill="#fff" />
      <circle cx="48.5" cy="17.5" r="7" fill="#f4c67a" />
      <path d="M8 46c9 0 14-3.5 21-7.5S44 31 56 31" fill="none" stroke="#fff" strokeWidth="5" strokeLinecap="round" />
    </svg>
  );
}
