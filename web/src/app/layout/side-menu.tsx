import { Link } from 'react-router';
import { useMe } from '@api/queries';
import { useStations } from '@kit/day-line';
import { count } from '@kit/format';
import { paths } from '@kit/paths';
import { badges } from '@kit/stations';
import { MENU, type MenuEntry } from '../menu';
import { offered } from '../screens';
import { Mark } from './mark';

const within = (here: string, path: string) => here === path || here.startsWith(`${path}/`);

function Entry({ entry, here, badge }: { entry: MenuEntry; here: string; badge: { waiting: number; counts: string } | undefined }) {
  const path = paths[entry.screen];
  const active = within(here, path);
  return (
    <Link to={path} className={active ? 'k-menu-entry k-here' : 'k-menu-entry'} {...(active && { 'aria-current': 'page' })}>
      {entry.icon}
      <span>{entry.label}</span>
      {badge && badge.waiting > 0 && <b title={badge.counts}>{badge.waiting > 9999 ? '9999+' : count(badge.waiting)}</b>}
    </Link>
  );
}

/** The left menu by area, with what waits beside each entry. */
export function SideMenu({ here, onPick }: { here: string; onPick?: () => void }) {
  const mine = useMe().data?.permissions ?? [];
  const may = (wanted: string | undefined) => wanted === undefined || mine.includes(wanted) || mine.includes('*');
  const seen = useStations().data;
  const waiting = seen ? badges(seen) : {};
  return (
    <nav className="k-menu" aria-label="主菜单" onClick={onPick}>
      <Link to="/today" className="k-brand"><Mark /><strong>代发</strong></Link>
      {MENU.map((group) => {
        const entries = group.entries.filter((e) => offered(paths[e.screen]) && may(e.may));
        if (entries.length === 0) return null;
        return (
          <section key={group.title}>
            <h3>{group.title}</h3>
            {entries.map((e) => <Entry key={e.screen} entry={e} here={here} badge={waiting[e.screen]} />)}
          </section>
        );
      })}
    </nav>
  );
}
