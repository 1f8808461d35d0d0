/** A shop's awning over an open door. */
export function Logo() {
  return (
    <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" focusable="false">
      <path
        d="M5 14v8.2c0 1 .8 1.8 1.8 1.8h14.4c1 0 1.8-.8 1.8-1.8V14"
        fill="none"
        stroke="var(--ink)"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <path
        d="M14.5 24v-5.2c0-.7.6-1.3 1.3-1.3h1.9c.7 0 1.3.6 1.3 1.3V24"
        fill="none"
        stroke="var(--ink)"
        strokeWidth="2"
      />
      <path d="M5.2 4h4.6L8.7 11.4a3.2 3.2 0 0 1-6.3-1.1Z" fill="var(--accent)" />
      <path d="M9.8 4h8.4l1.1 7a2.7 2.7 0 0 1-5.3 0 2.7 2.7 0 0 1-5.3 0Z" fill="var(--sun)" />
      <path d="M18.2 4h4.6l2.8 6.3a3.2 3.2 0 0 1-6.3 1.1Z" fill="var(--accent)" />
    </svg>
  );
}
