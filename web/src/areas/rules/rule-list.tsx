import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { Button, Switch } from 'antd';
import { useState } from 'react';
import { del, post } from '@api/http';
import { useMay } from '@api/queries';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, EmptyTeach, useAct } from '@kit/index';
import { ReplayResult } from './replay';
import { moved, type Replay, type Rule } from './shapes';

const REFRESH = ['/api/rules', '/api/orders'];

interface CardProps {
  rules: readonly Rule[];
  at: number;
  rule: Rule;
  edit: (rule: Rule) => void;
}

function RuleCard({ rules, at, rule, edit }: CardProps) {
  const may = useMay('rules.edit');
  const { act, busy } = useAct();
  const [replayed, setReplayed] = useState<Replay | null>(null);
  const ids = rules.map((r) => r.id);
  const move = (step: -1 | 1) => act((key) => post<ActionAnswer>('/api/rules/order', { ids: moved(ids, at, step) }, { key }), { refresh: REFRESH });
  const flip = (on: boolean) => act((key) => post<ActionAnswer>(`/api/rules/${rule.id}/switch`, { on, version: rule.version }, { key }), { refresh: REFRESH });
  const replay = () => post<Replay[]>('/api/rules/replay', { rule_id: rule.id, days: 30 }).then((found) => setReplayed(found[0] ?? null));
  return (
    <li className={rule.enabled ? 'rules-one' : 'rules-one off'}>
      <div className="rules-order">
        <Button type="text" size="small" icon={<ArrowUpOutlined />} aria-label={`${rule.name} 上移`} disabled={!may || busy || at === 0} onClick={() => void move(-1)} />
        <span className="k-digits k-faint">{at + 1}</span>
        <Button type="text" size="small" icon={<ArrowDownOutlined />} aria-label={`${rule.name} 下移`} disabled={!may || busy || at === rules.length - 1} onClick={() => void move(1)} />
      </div>
      <div className="k-grow">
        <div className="k-strong rules-name">{rule.name}</div>
        <div className="rules-sentence">{rule.sentence}</div>
        {replayed && <ReplayResult found={replayed} />}
      </div>
      <div className="k-row rules-deeds">
        <Switch checked={rule.enabled} checkedChildren="启用" unCheckedChildren="停用" disabled={!may} loading={busy} aria-label={`${rule.name} 开关`} onChange={(on) => void flip(on)} />
        <ActionButton label="回放近 30 天" run={replay} refresh={[]} />
        {may && <Button onClick={() => edit(rule)}>修改</Button>}
        {may && <ActionButton label="删除" look="danger" confirm={`规则“${rule.name}”会被删除，不能恢复；它挂起的订单会重新判断。`} run={() => del<ActionAnswer>(`/api/rules/${rule.id}`)} refresh={REFRESH} />}
      </div>
    </li>
  );
}

/** Rules as sentences, in the order in which they are read. */
export function RuleList({ rules, loading, edit }: { rules: readonly Rule[]; loading: boolean; edit: (rule: Rule) => void }) {
  if (!loading && rules.length === 0) return <EmptyTeach title="还没有规则" steps={['点“新规则”，写“如果……那么……”', '点“回放近 30 天”，看会碰到哪些订单', '打开开关，之后的订单照此办理']} />;
  return <ol className="rules-list">{rules.map((rule, at) => <RuleCard key={rule.id} rules={rules} at={at} rule={rule} edit={edit} />)}</ol>;
}
