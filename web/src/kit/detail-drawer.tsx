import { Drawer, Skeleton, Tabs } from 'antd';
import type { ReactNode } from 'react';

export interface DetailTab {
  key: string;
  label: ReactNode;
  children: ReactNode;
}

export interface DetailDrawerProps {
  title: ReactNode;
  /** State, badges, clock: the line under the title. */
  sub?: ReactNode;
  actions?: ReactNode;
  tabs?: readonly DetailTab[];
  /** The tab that is shown, where the screen chooses it. */
  tab?: string;
  onTab?: (key: string) => void;
  children?: ReactNode;
  loading?: boolean;
  width?: number;
  onClose: () => void;
}

/** The detail of one row at the right; the list beside it stays usable (J/K go on to the next row). */
export function DetailDrawer({ title, sub, actions, tabs, tab, onTab, children, loading = false, width = 760, onClose }: DetailDrawerProps) {
  return (
    <Drawer
      open
      mask={false}
      keyboard
      size={`min(${width}px, 100vw)`}
      onClose={onClose}
      title={title}
      extra={actions}
      rootClassName="k-drawer"
    >
      {sub && <div className="k-drawer-sub">{sub}</div>}
      {loading ? <Skeleton active paragraph={{ rows: 8 }} /> : children}
      {!loading && tabs && <Tabs size="small" items={[...tabs]} {...(tab && { activeKey: tab })} {...(onTab && { onChange: onTab })} />}
    </Drawer>
  );
}
