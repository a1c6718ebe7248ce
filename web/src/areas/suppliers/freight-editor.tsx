import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, InputNumber, Segmented, Select } from 'antd';
import { YuanInput } from '@kit/index';
import { REGIONS } from './regions';
import type { Freight, Zone } from './types';

const BASES = [{ value: 'order', label: '按单' }, { value: 'piece', label: '按件' }, { value: 'weight', label: '按重量' }];
const UNIT: Record<string, string> = { piece: '件', weight: '克' };
const FRESH: Record<string, Zone> = {
  order: { regions: [], first: 1, first_fen: 0, step: 1, step_fen: 0 },
  piece: { regions: [], first: 1, first_fen: 0, step: 1, step_fen: 0 },
  weight: { regions: [], first: 1000, first_fen: 0, step: 1000, step_fen: 0 },
};
const fresh = (basis: string): Zone => ({ ...(FRESH[basis] ?? { regions: [], first: 1, first_fen: 0, step: 1, step_fen: 0 }) });

function Count({ value, change, unit }: { value: number; change: (n: number) => void; unit: string }) {
  return <InputNumber<number> min={1} precision={0} controls={false} value={value} suffix={unit} style={{ width: 84 }} onChange={(n) => n !== null && change(n)} />;
}

function ZoneRow({ zone, basis, change, remove }: { zone: Zone; basis: string; change: (zone: Zone) => void; remove: (() => void) | null }) {
  const unit = UNIT[basis];
  return (
    <div className="s-zone">
      <Select
        mode="tags"
        maxTagCount="responsive"
        tokenSeparators={[',', '，', '、', ' ']}
        options={REGIONS}
        placeholder="其余地区"
        aria-label="地区"
        value={zone.regions ?? []}
        onChange={(regions: string[]) => change({ ...zone, regions })}
      />
      <div className="k-row">
        {unit ? <><span>首</span><Count value={zone.first ?? 1} unit={unit} change={(first) => change({ ...zone, first })} /></> : <span>每单</span>}
        <YuanInput width={92} value={zone.first_fen} onChange={(fen) => change({ ...zone, first_fen: fen ?? 0 })} />
        {unit && <><span>续每</span><Count value={zone.step ?? 1} unit={unit} change={(step) => change({ ...zone, step })} /><YuanInput width={92} value={zone.step_fen ?? 0} onChange={(fen) => change({ ...zone, step_fen: fen ?? 0 })} /></>}
        {remove && <Button type="text" icon={<DeleteOutlined />} aria-label="删除这一行" onClick={remove} />}
      </div>
    </div>
  );
}

/** A freight table as sentences: where, for how much; 0 is free, and no table is not the same as free. */
export function FreightEditor({ value, onChange }: { value?: Freight | null; onChange?: (freight: Freight | null) => void }) {
  if (!value) {
    return (
      <div className="k-row">
        <span className="k-amber">没有填，毛利会标“缺”</span>
        <Button onClick={() => onChange?.({ basis: 'order', zones: [fresh('order')], free_regions: [] })}>填运费</Button>
      </div>
    );
  }
  const basis = value.basis ?? 'order';
  const change = (part: Partial<Freight>) => onChange?.({ ...value, ...part });
  const zones = value.zones;
  const set = (at: number, zone: Zone) => change({ zones: zones.map((z, i) => (i === at ? zone : z)) });
  const hasRest = zones.some((z) => (z.regions ?? []).length === 0);
  return (
    <div className="s-freight">
      <div className="k-row">
        <Segmented options={BASES} value={basis} onChange={(b) => change({ basis: b as Freight['basis'], zones: zones.map((z) => ({ ...fresh(b), regions: z.regions ?? [], first_fen: z.first_fen })) })} />
        <span className="k-grow" />
        <Button type="link" size="small" onClick={() => onChange?.(null)}>清空</Button>
      </div>
      {zones.map((zone, at) => (
        <ZoneRow key={at} zone={zone} basis={basis} change={(z) => set(at, z)} remove={zones.length > 1 ? () => change({ zones: zones.filter((_, i) => i !== at) }) : null} />
      ))}
      <div className="k-row">
        <Button type="dashed" icon={<PlusOutlined />} onClick={() => change({ zones: [...zones, fresh(basis)] })}>加一个地区</Button>
        {!hasRest && <span className="k-amber k-small">没写的地区按“不发”算；要发就再加一行不选地区</span>}
      </div>
      <div className="k-row">
        <span>满</span><YuanInput width={104} value={value.free_over_fen ?? null} placeholder="金额" onChange={(free_over_fen) => change({ free_over_fen })} />
        <span>或</span><InputNumber<number> min={1} precision={0} controls={false} placeholder="件数" suffix="件" style={{ width: 84 }} value={value.free_over_pieces ?? null} onChange={(free_over_pieces) => change({ free_over_pieces })} />
        <span>包邮，限</span>
        <Select mode="tags" maxTagCount="responsive" className="k-grow" options={REGIONS} placeholder="所有能发的地区" aria-label="包邮地区" value={value.free_regions ?? []} onChange={(free_regions: string[]) => change({ free_regions })} />
      </div>
    </div>
  );
}
