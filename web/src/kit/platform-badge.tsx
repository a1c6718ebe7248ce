import { usePlatforms } from '@api/queries';

export interface PlatformBadgeProps {
  /** Key of the platform; letter and colour come from its card. */
  platform: string;
  shop?: string;
}

/** The platform's letter in its usual colour, with the shop's name beside it. */
export function PlatformBadge({ platform, shop }: PlatformBadgeProps) {
  const card = usePlatforms().find((c) => c.key === platform);
  const name = card?.name ?? platform;
  return (
    <span className="k-platform" title={shop ? `${name} · ${shop}` : name}>
      <b style={{ background: card?.colour ?? 'var(--ink-3)' }}>{card?.letter ?? '·'}</b>
      {shop && <span className="k-cut">{shop}</span>}
    </span>
  );
}
