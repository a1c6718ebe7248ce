import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, InputNumber, Select, Space } from 'antd';
import { freshCondition, freshValue, isCondition, isMany, type Condition, type FieldWord, type Part } from './shapes';

const UNITS: Record<string, string> = { percent: '%', number: '件' };
const YES = [{ value: true, label: '是' }, { value: false, label: '否' }];
const isText = (value: unknown): value is string => typeof value === 'string';

interface ValueProps {
  field: FieldWord;
  condition: Condition;
  bad: boolean;
  change: (value: unknown) => void;
}

function Hours({ value, change }: { value: unknown; change: (value: unknown) => void }) {
  const [from, until] = Array.isArray(value) ? (value as (number | null)[]) : [null, null];
  return (
    <Space.Compact>
      <InputNumber<number> min={0} max={23} precision={0} value={from ?? null} suffix="点" aria-label="从几点" onChange={(n) => change([n, until])} />
      <InputNumber<number> min={0} max={24} precision={0} value={until ?? null} suffix="点" aria-label="到几点" onChange={(n) => change([from, n])} />
    </Space.Compact>
  );
}

/** The value of a condition, as its field wants it: fen, per cent, pieces, hours, yes or no, one word, many words. */
function Value({ field, condition, bad, change }: ValueProps) {
  const { value, op } = condition;
  const status = bad ? 'error' : '';
  if (field.kind === 'yes') return <Select value={value as boolean} options={YES} onChange={change} />;
  if (field.kind === 'hour') return <Hours value={value} change={change} />;
  if (['money', 'number', 'percent'].includes(field.kind)) {
    const scale = field.kind === 'money' ? 100 : 1;
    return (
      <InputNumber<number>
        status={status}
        controls={false}
        precision={field.kind === 'number' ? 0 : 2}
        aria-label="数值"
        prefix={field.kind === 'money' ? '¥' : undefined}
        suffix={UNITS[field.kind]}
        value={value === null || value === '' ? null : Number(value) / scale}
        onChange={(n) => change(n === null ? null : field.kind === 'percent' ? String(n) : Math.round(n * scale))}
      />
    );
  }
  const options = field.choices;
  if (isMany(field, op)) {
    const words = Array.isArray(value) ? value.filter(isText) : isText(value) ? [value] : [];
    return <Select mode={options.length > 0 ? 'multiple' : 'tags'} status={status} value={words} options={options} optionFilterProp="label" tokenSeparators={[',', '，', '、']} placeholder={options.length > 0 ? '选一个或几个' : '写词，回车加下一个'} onChange={change} />;
  }
  if (options.length > 0) return <Select status={status} value={isText(value) ? value : null} options={options} showSearch optionFilterProp="label" placeholder="选一个" onChange={change} />;
  return <Select mode="tags" maxCount={1} status={status} value={isText(value) && value !== '' ? [value] : []} placeholder="例如 新疆" onChange={(words: string[]) => change(words.at(-1) ?? null)} />;
}

interface RowsProps {
  fields: readonly FieldWord[];
  fault: { row: number; message: string } | null;
  value?: Part[];
  onChange?: (parts: Part[]) => void;
}

/** The conditions of a rule, one a row: field, comparison, value. A group inside is kept as it is. */
export function ConditionRows({ fields, fault, value = [], onChange }: RowsProps) {
  const set = (at: number, part: Part) => onChange?.(value.map((p, i) => (i === at ? part : p)));
  const remove = (at: number) => onChange?.(value.filter((_, i) => i !== at));
  const first = fields.find((f) => f.key === 'margin_fen') ?? fields[0];
  const row = (part: Part, at: number) => {
    if (!isCondition(part)) return <span className="rules-inside k-faint">一组条件（{'any' in part ? '满足任一' : '全部满足'}），保存时原样保留</span>;
    const field = fields.find((f) => f.key === part.field);
    const pick = (key: string) => {
      const next = fields.find((f) => f.key === key);
      if (next) set(at, freshCondition(next));
    };
    const compare = (op: string) => field && set(at, { ...part, op, value: isMany(field, op) === isMany(field, part.op) ? part.value : freshValue(field, op) });
    return (
      <>
        <Select value={part.field} options={fields.map((f) => ({ value: f.key, label: f.label }))} showSearch optionFilterProp="label" aria-label={`第 ${at + 1} 个条件的字段`} onChange={pick} />
        <Select value={part.op} options={field?.operators ?? []} aria-label={`第 ${at + 1} 个条件的比较`} onChange={compare} />
        {field && <Value field={field} condition={part} bad={fault?.row === at} change={(v) => set(at, { ...part, value: v })} />}
      </>
    );
  };
  return (
    <div className="k-stack">
      {value.map((part, at) => (
        <div key={at}>
          <div className="rules-condition">
            {row(part, at)}
            <Button type="text" icon={<DeleteOutlined />} aria-label={`删除第 ${at + 1} 个条件`} onClick={() => remove(at)} />
          </div>
          {fault?.row === at && <div className="k-red k-small">{fault.message}</div>}
        </div>
      ))}
      {fault?.row === -1 && <div className="k-red k-small">{fault.message}</div>}
      <div><Button type="dashed" icon={<PlusOutlined />} disabled={!first} onClick={() => first && onChange?.([...value, freshCondition(first)])}>加一个条件</Button></div>
    </div>
  );
}
