import { PauseCircleOutlined } from '@ant-design/icons';
import { Button, Popover } from 'antd';
import { useAct, type Run } from './act';

export interface Hold {
  id: string;
  kind: string;
  label: string;
  reason: string;
}

export interface HoldRemedy {
  label: string;
  /** Acts at once … */
  run?: Run;
  /** … or leads to where a person decides. */
  open?: () => void;
  /** It only opens the drawer, so that it is no button inside of it. */
  drawer?: boolean;
}

export interface HoldChipsProps {
  holds: readonly Hold[];
  /** What can be done about one of them, first the best. */
  remedies: (hold: Hold) => readonly HoldRemedy[];
  most?: number;
}

function Remedy({ remedy, first }: { remedy: HoldRemedy; first: boolean }) {
  const { act, busy } = useAct();
  const run = remedy.run;
  return (
    <Button size="small" type={first ? 'primary' : 'default'} loading={busy} onClick={() => (run ? void act(run) : remedy.open?.())}>
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
              <div className="k-row">{remedies(hold).map((r, i) => <Remedy key={r.label} remedy={r} first={i === 0} />)}</div>
            </div>
          }
        >
          <button type="button" className="k-hold"><PauseCircleOutlined /> {hold.label}</button>
        </Popover>
      ))}
      {rest > 0 && <span className="k-faint" title={holds.slice(most).map((h) => h.label).join('、')}>+{rest}</span>}
    </span>
  );
}
