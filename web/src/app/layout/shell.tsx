import { useCallback } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { DropEverywhere } from '@kit/drop';
import { GuideBar } from '@kit/guide-bar';
import { paths } from '@kit/paths';
import { usePhone } from '@kit/phone';
import { BrokenBar } from './broken-bar';
import { Header } from './header';
import { PhoneBar } from './phone-bar';
import { SideMenu } from './side-menu';

/** The frame of every screen: menu by area at the left, header above, content; on a phone a bar at the bottom. */
export function Shell() {
  const phone = usePhone();
  const go = useNavigate();
  const { pathname } = useLocation();
  const toImport = useCallback(() => void go(paths.import), [go]);
  return (
    <div className={phone ? 'k-shell k-shell-phone' : 'k-shell'}>
      {!phone && <SideMenu here={pathname} />}
      <div className="k-main">
        <Header phone={phone} />
        <BrokenBar here={pathname} />
        <GuideBar here={pathname} />
        <main className="k-content"><Outlet /></main>
      </div>
      {phone && <PhoneBar here={pathname} />}
      <DropEverywhere onUntaken={toImport} />
    </div>
  );
}
