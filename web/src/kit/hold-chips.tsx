import { ClockCircleOutlined, PauseCircleOutlined } from '@ant-design/icons';
import { Button, Popover } from 'antd';
import { useAct, type Run } from './act';

export interface Hold {
  id: string;
  kind: string;
  label: string;
  reason: string;
  /** What ends it where nobody here can do anything about it. */
  waits_for?: string;
}

/** It acts at once, or leads to where a person decides. ``drawer``: it only opens the drawer, so that it is no button inside of it. */
export type HoldRemedy = { label: string } & ({ run: Run } | { open: () => void; drawer?: boolean });

export interface HoldChipsProps {
  holds: readonly Hold[];
  /** What can be done about one of them, first the best. */
  remedies: (hold: Hold) => readonly HoldRemedy[];
  most?: number;
}

/** The button of one remedy. */
export function Remedy({ remedy, first = false }: { remedy: HoldRemedy; first?: boolean }) {
  const { act, busy } = useAct();
  return (
    <Button size="small" type={first ? 'primary' : 'default'} loading={busy} onClick={() => ('run' in remedy ? void act(remedy.run) : remedy.open())}>
      {remedy.label}
    </Button>
  );
}

/** What holds an order, as chips; each says why and offers its remedy in one click. */
export function HoldChips({ holds, remedies, most = 3 }: HoldChipsProps) {
  const rest = holds.length - most;
  return (
    <span className="k-holds" data-no-open>
      {holds.slice(0, most).map((hold) => (
        <Popover
          key={hold.id}
          title={hold.label}
          trigger={['hover', 'click']}
          content={
            <div className="k-hold-card">
              <p>{hold.reason}</p>
              {hold.waits_for && <p className="k-faint">在等{hold.waits_for}，现在不用处理</p>}
              <div className="k-row">{remedies(hold).map((r, i) => <Remedy key={r.label} remedy={r} first={i === 0} />)}</div>
            </div>
          }
        >
          <button type="button" className={hold.waits_for ? 'k-hold k-hold-waits' : 'k-hold'}>{hold.waits_for ? <ClockCircleOutlined /> : <PauseCircleOutlined />} {hold.label}</button>
        </Popover>
      ))}
      {rest > 0 && <span className="k-faint" title={holds.slice(most).map((h) => h.label).join('、')}>+{rest}</span>}
    </span>
  );
}
