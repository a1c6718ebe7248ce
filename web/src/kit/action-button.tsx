import { App, Button, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useAct, type ActOptions, type Run } from './act';
import { useKeys } from './keys';

export interface ActionButtonProps extends ActOptions {
  /** A verb: 派单, 重发, 撤销. */
  label: string;
  run: Run;
  /** Only for what cannot be undone: the sentence that says what will be so afterwards. */
  confirm?: string;
  /** Why it cannot be pressed now; disables it and says so on hover. */
  why?: string | null | false;
  look?: 'primary' | 'default' | 'link' | 'danger';
  icon?: ReactNode;
  block?: boolean;
  /** The key that presses it, shown on it. */
  hotkey?: string;
}

/** One verb: acts at once, says what happened, offers the way back. */
export function ActionButton({ label, run, confirm, why, look = 'default', icon, block, hotkey, ...options }: ActionButtonProps) {
  const { modal } = App.useApp();
  const { act, busy } = useAct();
  const start = () => {
    if (!confirm) return void act(run, options);
    modal.confirm({
      title: `${label}？`,
      content: confirm,
      okText: label,
      cancelText: '不了',
      okButtonProps: { danger: look === 'danger' },
      onOk: () => act(run, options).then(() => undefined),
    });
  };
  useKeys(hotkey && !why ? [{ key: hotkey, label, run: () => { if (!busy) start(); } }] : []);
  const button = (
    <Button
      type={look === 'danger' ? 'default' : look}
      danger={look === 'danger'}
      icon={icon}
      loading={busy}
      disabled={Boolean(why)}
      block={block ?? false}
      onClick={start}
      {...(hotkey && { 'aria-keyshortcuts': hotkey })}
    >
      {label}{hotkey && <kbd aria-hidden>{hotkey}</kbd>}
    </Button>
  );
  return why ? <Tooltip title={why}>{button}</Tooltip> : button;
}
