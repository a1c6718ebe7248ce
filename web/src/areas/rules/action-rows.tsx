import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, InputNumber, Select } from 'antd';
import type { Action, Vocabulary } from './shapes';

const HINTS: Record<string, string> = { hold: '挂起的原因，例如 亏损', approve: '请谁看什么，可不填', tag: '标签，例如 急单', flag: '旗的颜色，例如 红' };
const fresh = (verb: string): Action => ({ do: verb, word: verb === 'priority' ? 10 : '' });

interface WordProps {
  action: Action;
  bad: boolean;
  suppliers: Vocabulary['suppliers'];
  change: (word: string | number) => void;
}

function Word({ action, bad, suppliers, change }: WordProps) {
  const status = bad ? 'error' : '';
  if (action.do === 'route') return <Select status={status} value={action.word || null} options={suppliers} showSearch optionFilterProp="label" placeholder="选供应商" onChange={change} />;
  if (action.do === 'priority') return <InputNumber<number> status={status} min={-100} max={100} precision={0} value={Number(action.word)} aria-label="优先级" onChange={(n) => change(n ?? 0)} />;
  return <Input status={status} value={String(action.word ?? '')} maxLength={60} placeholder={HINTS[action.do] ?? ''} onChange={(e) => change(e.target.value)} />;
}

interface RowsProps {
  vocabulary: Vocabulary;
  fault: { row: number; message: string } | null;
  value?: Action[];
  onChange?: (actions: Action[]) => void;
}

/** What a rule does, one a row: verb and its word. */
export function ActionRows({ vocabulary, fault, value = [], onChange }: RowsProps) {
  const set = (at: number, action: Action) => onChange?.(value.map((a, i) => (i === at ? action : a)));
  return (
    <div className="k-stack">
      {value.map((action, at) => (
        <div key={at}>
          <div className="rules-action">
            <Select value={action.do} options={vocabulary.actions} aria-label={`第 ${at + 1} 个动作`} onChange={(verb) => set(at, fresh(verb))} />
            <Word action={action} bad={fault?.row === at} suppliers={vocabulary.suppliers} change={(word) => set(at, { ...action, word })} />
            <Button type="text" icon={<DeleteOutlined />} aria-label={`删除第 ${at + 1} 个动作`} onClick={() => onChange?.(value.filter((_, i) => i !== at))} />
          </div>
          {fault?.row === at && <div className="k-red k-small">{fault.message}</div>}
        </div>
      ))}
      {fault?.row === -1 && <div className="k-red k-small">{fault.message}</div>}
      <div><Button type="dashed" icon={<PlusOutlined />} onClick={() => onChange?.([...value, fresh('hold')])}>加一个动作</Button></div>
    </div>
  );
}
