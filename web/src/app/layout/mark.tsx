/** The product's mark. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" className="k-mark-box" />
      <path d="M7 12.5 16 8l9 4.5v8.8L16 26l-9-4.7zM7 12.5l9 4.6 9-4.6M16 17.1V26" className="k-mark-line" />
    </svg>
  );
}
