import { Button, Checkbox, Form, Input, Segmented, type FormInstance } from 'antd';
import { useState } from 'react';
import { ApiError } from '@api/errors';
import { post, put } from '@api/http';
import { useApi } from '@api/queries';
import { FormDrawer, useAct } from '@kit/index';
import { ActionRows } from './action-rows';
import { ConditionRows } from './condition-rows';
import { ReplayResult } from './replay';
import { definitionOf, draftOf, placeOf, type Draft, type Replay, type Rule, type Vocabulary } from './shapes';

type Fault = { part: 'conditions' | 'actions'; row: number; message: string } | null;

const BLANK: Partial<Draft> = {
  way: 'all',
  parts: [{ field: 'margin_fen', op: 'lt', value: 0 }],
  actions: [{ do: 'hold', word: '' }],
  stop: false,
};
const WAYS = [{ value: 'all', label: '全部满足' }, { value: 'any', label: '满足任一' }];

/** A refusal that names a place goes to its row, or to the name. */
function placed(error: unknown): { fault: Fault; error: unknown } {
  const path = error instanceof ApiError && typeof error.data['field'] === 'string' ? error.data['field'] : null;
  if (!(error instanceof ApiError) || path === null) return { fault: null, error };
  if (path === 'name') return { fault: null, error: new ApiError(error.status, error.code, error.message, { fields: { name: error.message } }) };
  const place = placeOf(path);
  return { fault: place && { ...place, message: error.message }, error };
}

/** A new rule, or changes to one; what it would have done is seen before it acts. */
export function RuleForm({ rule, onClose }: { rule: Rule | null; onClose: () => void }) {
  const { data: vocabulary } = useApi<Vocabulary>('/api/rules/vocabulary');
  const [fault, setFault] = useState<Fault>(null);
  const [replayed, setReplayed] = useState<Replay | null>(null);
  const { act, busy } = useAct();
  const guarded = <T,>(run: Promise<T>) =>
    run.catch((thrown: unknown) => {
      const found = placed(thrown);
      setFault(found.fault);
      throw found.error;
    });
  const save = async (draft: Draft, key: string) => {
    setFault(null);
    const body = { name: draft.name, definition: definitionOf(draft) };
    if (rule) await guarded(put(`/api/rules/${rule.id}`, { ...body, version: rule.version }, { key }));
    else await guarded(post('/api/rules', body, { key }));
    return { message: rule ? `规则“${draft.name}”已保存` : `规则“${draft.name}”已新建，先回放看看，再打开开关` };
  };
  const replay = (form: FormInstance<Draft>) => {
    setFault(null);
    const definition = definitionOf(form.getFieldsValue(true) as Draft);
    return act(() => guarded(post<Replay[]>('/api/rules/replay', { definition, days: 30 })).then((found) => setReplayed(found[0] ?? null)), { refresh: [] });
  };
  const at = (part: 'conditions' | 'actions') => (fault?.part === part ? fault : null);
  return (
    <FormDrawer<Draft> title={rule ? `修改规则“${rule.name}”` : '新规则'} verb={rule ? '保存' : '新建'} width={680} initial={rule ? draftOf(rule.name, rule.definition) : BLANK} save={save} refresh={['/api/rules']} onClose={onClose}>
      {(form) => (
        <>
          <Form.Item label="名称" name="name" rules={[{ required: true, whitespace: true, message: '请给规则起个名字' }]}><Input maxLength={40} placeholder="例如 亏损先看" autoFocus={!rule} /></Form.Item>
          <Form.Item label="如果" name="way"><Segmented options={WAYS} /></Form.Item>
          <Form.Item name="parts"><ConditionRows fields={vocabulary?.fields ?? []} fault={at('conditions')} /></Form.Item>
          {vocabulary && <Form.Item label="那么" name="actions"><ActionRows vocabulary={vocabulary} fault={at('actions')} /></Form.Item>}
          <Form.Item name="stop" valuePropName="checked"><Checkbox>命中后不再看后面的规则</Checkbox></Form.Item>
          <Button loading={busy} onClick={() => void replay(form)}>回放近 30 天</Button>
          {replayed && <ReplayResult found={replayed} />}
        </>
      )}
    </FormDrawer>
  );
}
