import { Alert, Button, Drawer, Input, Skeleton, Tag } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import { ActionButton, count, EmptyTeach, Failed, Money, SkuSelect, StateTag, Time } from '@kit/index';
import { FrozenLink } from './offer-frozen';
import { firstDraft, pairsOf, priceWords, tierWords, type Choice, type Draft, type Fits, type Opened, type Results } from './offer-words';
import { useReadOffer } from './use-read-offer';

function Head({ offer }: { offer: Opened }) {
  const tiers = tierWords(offer);
  return (
    <div className="s-offer">
      {offer.image_url && <img src={offer.image_url} alt="" referrerPolicy="no-referrer" />}
      <div className="k-cell">
        <b>{offer.title}</b>
        <span className="k-faint">货源 <span className="k-digits">{offer.ref}</span>{offer.seller && ` · 卖家 ${offer.seller}`} · 读于 <Time at={offer.read_at} /></span>
        <span>{tiers || '按规格定价'}{offer.minimum > 1 && `，${count(offer.minimum)} 件起批`} {!offer.on_sale && <StateTag tone="bad" label="已下架" />}</span>
      </div>
    </div>
  );
}

function OptionRow({ option, offer, draft, put, said }: { option: Choice; offer: Opened; draft: Draft; put: (spec: string, sku: Draft[string]) => void; said: string | undefined }) {
  const here = offer.links.filter((l) => l.spec_id === option.spec_id && !l.frozen);
  const chosen = draft[option.spec_id];
  const { guess } = option;
  return (
    <tr>
      <td>{option.image_url && <img src={option.image_url} alt="" referrerPolicy="no-referrer" />}</td>
      <td><div className="k-cell"><span>{option.words}</span>{option.code && <span className="k-faint k-small">货号 {option.code}</span>}</div></td>
      <td className="k-right"><Money fen={option.price_fen} missing="—" /></td>
      <td className="k-right k-digits">{option.stock === null ? <span className="k-faint">没有说</span> : count(option.stock)}</td>
      <td>
        {here.map((l) => <Tag key={l.id} color="blue">{l.sku.code} {l.sku.spec}</Tag>)}
        <SkuSelect value={chosen} onChange={(sku) => put(option.spec_id, sku)} />
        {said && <div className="k-small k-amber">{said}</div>}
        {guess && chosen?.id === guess.sku.id && <div className="k-small k-faint">{guess.reason}</div>}
        {guess && !chosen && here.length === 0 && <div className="k-small"><span className="k-faint">可能是 {guess.sku.code} {guess.sku.spec}：{guess.reason}</span> <Button type="link" size="small" onClick={() => put(option.spec_id, guess.sku)}>用它</Button></div>}
      </td>
    </tr>
  );
}

/** The offer's options, our SKUs beside them; nothing is linked before the button is pressed. */
function Options({ supplier, offer, wanted }: { supplier: string; offer: Opened; wanted: readonly string[] }) {
  const may = useMay('purchasing.edit');
  const [draft, setDraft] = useState<Draft>(() => firstDraft(offer.options, wanted));
  const [said, setSaid] = useState<Readonly<Record<string, string>>>({});
  const pairs = pairsOf(draft);
  const put = (spec: string, sku: Draft[string]) => setDraft((before) => ({ ...before, [spec]: sku }));
  const save = async (key: string) => {
    const done = await post<Results>(`/api/suppliers/${supplier}/offers/link`, { ref: offer.ref, items: pairs }, { key });
    setSaid(Object.fromEntries(done.items.filter((r) => !r.ok).map((r) => [r.spec_id ?? '', r.message])));
    setDraft((before) => Object.fromEntries(Object.entries(before).filter(([spec]) => done.items.some((r) => (r.spec_id ?? '') === spec && !r.ok))));
    return { message: done.message };
  };
  return (
    <>
      <table className="s-table s-options">
        <thead><tr><th /><th>平台规格</th><th className="k-right">单价</th><th className="k-right">库存</th><th>我们的商品</th></tr></thead>
        <tbody>{offer.options.map((o) => <OptionRow key={o.spec_id} option={o} offer={offer} draft={draft} put={put} said={said[o.spec_id]} />)}</tbody>
      </table>
      {may && (
        <div className="k-row k-end s-save">
          <span className="k-faint">建议只是预填，关联前请核对规格</span>
          <ActionButton label={`关联 ${count(pairs.length)} 个`} look="primary" why={pairs.length === 0 ? '先给规格选好我们的商品' : !offer.on_sale && '这个货源已经下架'} run={save} refresh={['/api/suppliers', '/api/goods']} />
        </div>
      )}
    </>
  );
}

function Open({ supplier, offer, wanted }: { supplier: string; offer: Opened; wanted: readonly string[] }) {
  const frozen = offer.links.filter((l) => l.frozen);
  return (
    <div className="k-stack">
      <Head offer={offer} />
      {frozen.length > 0 && <Alert type="warning" showIcon title={`${count(frozen.length)} 个规格和关联时不一样，已停止自动下单。核对后解除冻结，或换成新规格。`} />}
      {frozen.map((l) => <FrozenLink key={`${l.id}${offer.read_at}`} supplier={supplier} offer={offer} link={l} />)}
      <Options key={offer.read_at} supplier={supplier} offer={offer} wanted={wanted} />
    </div>
  );
}

/** Offers of this supplier that were read before and are not wholly linked: one of them may be what is looked for. */
function ReadBefore({ supplier, wanted, read }: { supplier: string; wanted: readonly string[]; read: (ref: string) => void }) {
  const { data } = useApi<Fits>(`/api/suppliers/${supplier}/offers/free`, { codes: wanted.join(',') });
  if (!data) return <Skeleton active paragraph={{ rows: 3 }} />;
  if (data.items.length === 0) return <EmptyTeach title="还没有读" steps={['在平台上打开这家的商品页，复制地址', '粘贴到上面，点“读取”', '给每个规格选好我们的商品，一次关联']} />;
  return (
    <>
      <span className="k-faint">没有链接？下面是这家读过、还有规格没关联的货源（{count(data.items.length)}），选一个看它的规格：</span>
      <table className="s-table">
        <tbody>
          {data.items.map((f) => (
            <tr key={f.ref}>
              <td><div className="s-offer">{f.image_url && <img src={f.image_url} alt="" referrerPolicy="no-referrer" />}<div className="k-cell"><span>{f.title}</span><span className="k-faint k-small k-digits">{f.ref}</span></div></div></td>
              <td className="k-digits">{priceWords(f)}</td>
              <td>{f.code && <div className="k-cell"><span>可能有 <b className="k-digits">{f.code}</b></span><span className="k-faint k-small">{f.reason}</span></div>}</td>
              <td className="k-right"><Button size="small" type={f.code ? 'primary' : 'default'} onClick={() => read(f.ref)}>看规格</Button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

export interface OfferDrawerProps {
  supplier: { id: string; name: string };
  /** The offer to open; null: a person pastes one. */
  of: string | null;
  /** The codes of the SKUs they came for. */
  wanted: readonly string[];
  onClose: () => void;
}

/** An offer of the supplier's platform: paste it, see what it is, link our SKUs to its options. */
export function OfferDrawer({ supplier, of, wanted, onClose }: OfferDrawerProps) {
  const may = useMay('purchasing.edit');
  const [text, setText] = useState('');
  const reading = useReadOffer(supplier.id);
  const ref = reading.ref ?? of;
  const { data: offer, error, refetch } = useApi<Opened>(ref && !reading.busy ? `/api/suppliers/${supplier.id}/offer` : null, { ref: ref ?? '', codes: wanted.join(',') });
  return (
    <Drawer open title={of ? '货源' : `给 ${supplier.name} 关联货源`} size="min(920px, 100vw)" rootClassName="k-drawer" onClose={onClose} extra={may && ref && <Button loading={reading.busy} onClick={() => void reading.read(ref)}>重新读取</Button>}>
      <div className="k-stack">
        {!of && (
          <div className="k-row">
            <Input autoFocus allowClear className="k-grow" placeholder="粘贴商品页链接，或货源号" value={text} onChange={(e) => setText(e.target.value)} onPressEnter={() => text.trim() && void reading.read(text)} />
            <Button type={offer ? 'default' : 'primary'} loading={reading.busy} disabled={!text.trim()} onClick={() => void reading.read(text)}>读取</Button>
          </div>
        )}
        {wanted.length > 0 && <span className="k-faint">在给 <b className="k-digits">{wanted.join('、')}</b> 找货源：选一个货源看规格，把它选到对应的规格上，再按“关联”。</span>}
        {reading.problem && <Alert type="error" showIcon title={reading.problem} />}
        {reading.busy && <Skeleton active paragraph={{ rows: 6 }} />}
        {error && !reading.busy && <Failed error={error} retry={() => void refetch()} />}
        {!ref && !reading.busy && <ReadBefore supplier={supplier.id} wanted={wanted} read={(found) => void reading.read(found)} />}
        {offer && ref && !reading.busy && <Open supplier={supplier.id} offer={offer} wanted={wanted} />}
      </div>
    </Drawer>
  );
}
