import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { paths } from '@kit/index';

/** The two sides of matching: what waits, and what was taken for what; then the answer of the one that is open. */
export function Sides({ here, children }: { here: 'waiting' | 'matched'; children?: ReactNode }) {
  const side = (key: typeof here, name: string, path: string) => (
    <Link to={path} className={key === here ? 'k-tab k-here' : 'k-tab'} {...(key === here && { 'aria-current': 'page' })}>{name}</Link>
  );
  return (
    <div className="m-sides">
      <nav aria-label="匹配的两面">{side('waiting', '待匹配', paths.match)}{side('matched', '已匹配', paths.matched)}</nav>
      <span>{children}</span>
    </div>
  );
}
