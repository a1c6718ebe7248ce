import { CloseOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import type { Target } from '@api/shapes';
import { useMe } from '@api/queries';
import { useAct } from '../act';
import { count } from '../format';
import { MAIN_KEY, MORE_KEYS, useKeys } from '../keys';
import { howMany, type Selection } from './selection';
import type { BatchAction } from './types';

export interface BatchBarProps {
  selection: Selection;
  /** All rows the filter finds; null when not counted. */
  total: number | null;
  actions: readonly BatchAction[];
  target: Target;
  chooseAll: () => void;
  clear: () => void;
}

/** The key of each action that stands on the bar, the same for everybody: one that a person may not do keeps its key. */
export function keysOf(actions: readonly BatchAction[]): ReadonlyMap<string, string> {
  const front = actions.filter((a) => !a.more);
  const others = front.filter((a) => !a.primary);
  return new Map(front.flatMap((a) => {
    const key = a.primary ? MAIN_KEY : MORE_KEYS[others.indexOf(a)];
    return key ? [[a.key, key] as const] : [];
  }));
}

/** Zone three: what can be done with the chosen rows. */
export function BatchBar({ selection, total, actions, target, chooseAll, clear }: BatchBarProps) {
  const { modal } = App.useApp();
  const { act, busy } = useAct();
  const may = useMe().data?.permissions ?? [];
  const n = howMany(selection);
  const allowed = actions.filter((a) => !a.may || may.includes(a.may) || may.includes('*'));
  const start = (action: BatchAction) => {
    const run = action.run;
    if (!run) return action.ask?.(target, n);
    const go = () => act((key) => run(target, key), { done: `已${action.label} ${count(n)} 条`, after: clear });
    if (!action.confirm) return void go();
    modal.confirm({ title: `${action.label} ${count(n)} 条？`, content: action.confirm(n), okText: action.label, cancelText: '不了', onOk: () => go().then(() => undefined) });
  };
  const keys = keysOf(actions);
  useKeys(allowed.flatMap((a) => {
    const key = keys.get(a.key);
    return key ? [{ key, label: `${a.label}选中的`, run: () => { if (!busy) start(a); } }] : [];
  }));
  const rare = allowed.filter((a) => a.more);
  return (
    <div className="k-batch" role="toolbar" aria-label="批量操作">
      <span title="右边的操作只对选中的做；换了筛选条件，选择就清空">已选 <b>{count(n)}</b></span>
      {selection.kind === 'some' && total !== null && total > n && (
        <Button type="link" size="small" onClick={chooseAll}>选中全部 {count(total)} 条（跨页）</Button>
      )}
      <span className="k-batch-line" />
      {allowed.filter((a) => !a.more).map((a) => (
        <Button key={a.key} size="small" type={a.primary ? 'primary' : 'default'} disabled={busy} title={a.hint} aria-keyshortcuts={keys.get(a.key)} onClick={() => start(a)}>
          {a.label}{keys.has(a.key) && <kbd aria-hidden>{keys.get(a.key)}</kbd>}
        </Button>
      ))}
      {rare.length > 0 && (
        <Dropdown menu={{ items: rare.map((a) => ({ key: a.key, label: a.label, title: a.hint ?? '', onClick: () => start(a) })) }}>
          <Button size="small" disabled={busy} title={`对选中的：${rare.map((a) => a.label).join('、')}`}>更多操作</Button>
        </Dropdown>
      )}
      <Button size="small" type="text" icon={<CloseOutlined />} aria-label="取消选择" onClick={clear} />
    </div>
  );
}
