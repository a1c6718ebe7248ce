import { Money, StateTag } from '@kit/index';
import { Marked } from './marked';
import type { Suggestion } from './types';

const TONE = { 确定: 'done', 较可能: 'todo', 请确认: 'warn' } as const;

/** Up to five of our SKUs a listing may be; a press or its number accepts. */
export function Suggestions({ items, accept, busy }: { items: readonly Suggestion[]; accept: (s: Suggestion) => void; busy: boolean }) {
  return items.map((s, i) => (
    <button key={s.parts.map((p) => `${p.sku.id}×${p.quantity}`).join('+')} type="button" className="m-suggestion" disabled={busy} onClick={() => accept(s)}>
      <kbd>{i + 1}</kbd>
      {s.parts[0]?.sku.image_url ? <img src={s.parts[0].sku.image_url} alt="" referrerPolicy="no-referrer" /> : <i className="m-nopicture" />}
      <span className="k-grow">
        {s.parts.map((p) => (
          <span key={p.sku.id} className="m-part">
            <b className="k-digits">{p.sku.code}</b>{' '}
            <Marked text={`${p.sku.title} ${p.sku.spec}`} agree={s.agree} differ={s.differ.map(([, ours]) => String(ours))} />
            {p.quantity > 1 && <b className="k-amber"> ×{p.quantity}</b>}
          </span>
        ))}
        <span className="k-small k-faint m-reason">{s.reason}</span>
      </span>
      <span className="m-side">
        <StateTag tone={TONE[s.word as keyof typeof TONE] ?? 'warn'} label={s.word} />
        <span className="k-small k-faint"><Money fen={s.parts[0]?.sku.cost_fen ?? null} missing="无成本" /> · {s.parts[0]?.sku.suppliers ?? 0} 家供货</span>
      </span>
    </button>
  ));
}
