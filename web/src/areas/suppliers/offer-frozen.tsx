import { Select } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, StateTag } from '@kit/index';
import { compared, successor, type OfferLink, type Opened, type Results } from './offer-words';

const REFRESH = ['/api/suppliers', '/api/goods'];

interface Props {
  supplier: string;
  offer: Opened;
  link: OfferLink;
}

/** One SKU whose option changed: old and new side by side, and what a person may say about it. */
export function FrozenLink({ supplier, offer, link }: Props) {
  const may = useMay('purchasing.edit');
  const [spec, setSpec] = useState<string | null>(() => successor(link, offer.options));
  const now = link.gone ? null : (offer.options.find((o) => o.spec_id === link.spec_id) ?? null);
  const picture = now?.image_url || offer.image_url;
  const change = async (key: string) => {
    const done = await post<Results>(`/api/suppliers/${supplier}/offers/link`, { ref: offer.ref, items: [{ sku_id: link.sku.id, spec_id: spec ?? '' }] }, { key });
    return { message: done.items[0]?.ok ? `${link.sku.code} 已换成新规格` : (done.items[0]?.message ?? done.message) };
  };
  return (
    <div className="s-frozen">
      <div className="k-row"><b className="k-digits">{link.sku.code}</b><span>{link.sku.title} {link.sku.spec}</span><StateTag tone="warn" label={link.gone ? '规格没有了' : '规格变了'} /></div>
      <table className="s-table s-compare">
        <thead><tr><th /><th>关联时{link.was.image_url && <img src={link.was.image_url} alt="" referrerPolicy="no-referrer" />}</th><th>现在{now && picture && <img src={picture} alt="" referrerPolicy="no-referrer" />}</th></tr></thead>
        <tbody>
          {compared(link, offer.title, now).map((row) => (
            <tr key={row.label}><th>{row.label}</th><td>{row.before || '—'}</td><td className={row.differs ? 'k-amber k-strong' : undefined}>{row.after || '没有了'}{row.differs && ' ≠'}</td></tr>
          ))}
        </tbody>
      </table>
      {may && (
        <div className="k-row">
          {!link.gone && <ActionButton label="解除冻结" confirm={`${link.sku.code} 还是同一种货：以后按现在的规格和价格下单，等着的采购单会继续。`} run={(key) => post<ActionAnswer>(`/api/suppliers/${supplier}/offers/thaw`, { ref: offer.ref, link_ids: [link.id] }, { key })} refresh={REFRESH} />}
          <Select className="s-spec" placeholder="选新规格" aria-label="新规格" value={spec} options={offer.options.map((o) => ({ value: o.spec_id, label: o.words }))} onChange={setSpec} />
          <ActionButton label="换成新规格" why={spec === null && '先选一个新规格'} run={change} refresh={REFRESH} />
          <ActionButton label="停用" look="link" confirm={`以后派单不再向他买 ${link.sku.code}；已经下的采购单不变。`} run={(key) => post<ActionAnswer>(`/api/supply-links/${link.id}/end`, {}, { key })} refresh={REFRESH} />
        </div>
      )}
    </div>
  );
}
