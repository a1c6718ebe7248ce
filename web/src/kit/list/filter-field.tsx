import { DatePicker, Input, InputNumber, Select, Space } from 'antd';
import dayjs from 'dayjs';
import { itemsOf, useApi } from '@api/queries';
import { isRecord } from '@api/errors';
import { NumbersField } from './numbers-field';
import { PrivateField } from './private-field';
import type { FilterField, Option } from './types';

export interface FieldProps {
  field: FilterField;
  values: Readonly<Record<string, string>>;
  /** Change the draft; ``search`` also runs it at once. */
  change: (values: Record<string, string>, search: boolean) => void;
  /** Run the draft. */
  search: () => void;
}

const split = (text: string | undefined) => (text ? text.split(',') : []);

function Choice({ label, name, many, options, values, change, loading }: {
  label: string; name: string; many: boolean; options: Option[]; values: FieldProps['values']; change: FieldProps['change']; loading: boolean;
}) {
  const shared = {
    prefix: label,
    options,
    loading,
    allowClear: true,
    placeholder: '全部',
    showSearch: { optionFilterProp: 'label' },
    popupMatchSelectWidth: false,
    className: 'k-field',
  } as const;
  if (!many) {
    return <Select {...shared} value={values[name] ?? null} onChange={(v: string | null) => change({ [name]: v ?? '' }, true)} />;
  }
  return (
    // A single one shows its name, cut where it is long; counted away it would say nothing.
    <Select {...shared} mode="multiple" maxTagCount={split(values[name]).length > 1 ? 'responsive' : 1} value={split(values[name])} onChange={(v: string[]) => change({ [name]: v.join(',') }, true)} />
  );
}

function SourceChoice({ field, values, change }: FieldProps & { field: Extract<FilterField, { kind: 'source' }> }) {
  const { data, isLoading } = useApi<{ items: unknown[] } | unknown[]>(field.path, undefined, { staleTime: 60_000 });
  const options = itemsOf(data).filter(isRecord).map((item) => ({
    value: String(item[field.value ?? 'id']),
    label: String(item[field.text ?? 'name']),
  }));
  return <Choice label={field.label} name={field.name} many={field.many ?? false} options={options} values={values} change={change} loading={isLoading} />;
}

function Dates({ field, values, change }: FieldProps) {
  const from = values[`${field.name}_from`];
  const until = values[`${field.name}_to`];
  return (
    <DatePicker.RangePicker
      className="k-field"
      prefix={field.label}
      allowEmpty={[true, true]}
      format="MM-DD"
      placeholder={['起', '止']}
      value={[from ? dayjs(from) : null, until ? dayjs(until) : null]}
      onChange={(days) =>
        change({ [`${field.name}_from`]: days?.[0]?.format('YYYY-MM-DD') ?? '', [`${field.name}_to`]: days?.[1]?.format('YYYY-MM-DD') ?? '' }, true)
      }
    />
  );
}

const asYuan = (fen: string | undefined) => (fen ? Number(fen) / 100 : null);
const asFen = (yuan: number | null) => (yuan === null ? '' : String(Math.round(yuan * 100)));

function MoneyRange({ field, values, change, search }: FieldProps) {
  const low = `${field.name}_min_fen`;
  const high = `${field.name}_max_fen`;
  const shared = { controls: false, precision: 2, onPressEnter: search } as const;
  return (
    <Space.Compact className="k-field">
      <InputNumber<number> {...shared} prefix={field.label} placeholder="最低" value={asYuan(values[low])} onChange={(v) => change({ [low]: asFen(v) }, false)} />
      <InputNumber<number> {...shared} placeholder="最高" value={asYuan(values[high])} onChange={(v) => change({ [high]: asFen(v) }, false)} />
    </Space.Compact>
  );
}

/** One field of the search bar; its label stands inside the control so that the bar stays one line high. */
export function Field(props: FieldProps) {
  const { field, values, change, search } = props;
  switch (field.kind) {
    case 'text':
      return (
        <Input
          className="k-field"
          data-search
          prefix={<span className="k-faint">{field.label}</span>}
          placeholder={field.hint ?? ''}
          allowClear
          value={values[field.name] ?? ''}
          onChange={(e) => change({ [field.name]: e.target.value }, false)}
          onPressEnter={search}
          onClear={() => change({ [field.name]: '' }, true)}
        />
      );
    case 'select':
      return <Choice label={field.label} name={field.name} many={field.many ?? false} options={[...field.options]} values={values} change={change} loading={false} />;
    case 'source':
      return <SourceChoice {...props} field={field} />;
    case 'numbers':
      return <NumbersField field={field} value={values[field.name] ?? ''} change={(v, now) => change({ [field.name]: v }, now)} search={search} />;
    case 'private':
      return <PrivateField field={field} token={values[field.name] ?? ''} change={(v) => change({ [field.name]: v }, true)} />;
    case 'dates':
      return <Dates {...props} />;
    case 'money':
      return <MoneyRange {...props} />;
  }
}
