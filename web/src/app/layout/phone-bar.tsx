import { DashboardOutlined, MenuOutlined, PauseCircleOutlined } from '@ant-design/icons';
import { Drawer } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { useStations } from '@kit/day-line';
import { paths, to } from '@kit/paths';
import { SideMenu } from './side-menu';

/** On a phone: today, what holds, and everything else behind one button. */
export function PhoneBar({ here }: { here: string }) {
  const [open, setOpen] = useState(false);
  const held = useStations().data?.stations.find((s) => s.key === 'holds')?.count ?? 0;
  return (
    <nav className="k-phone-bar" aria-label="主菜单">
      <Link to={paths.today} className={here === paths.today ? 'k-here' : undefined}><DashboardOutlined />今日</Link>
      <Link to={to('orders', { tab: 'hold' })} className={here === paths.orders ? 'k-here' : undefined}>
        <PauseCircleOutlined />异常{held > 0 && <b>{held}</b>}
      </Link>
      <button type="button" onClick={() => setOpen(true)}><MenuOutlined />更多</button>
      <Drawer open={open} onClose={() => setOpen(false)} placement="left" size={220} closable={false} rootClassName="k-menu-drawer">
        <SideMenu here={here} onPick={() => setOpen(false)} />
      </Drawer>
    </nav>
  );
}
