export interface Change {
  name: string;
  before: string;
  after: string;
}

const NAMES: Record<string, string> = {
  name: '名称', role: '角色', active: '启用', shops: '店铺范围', suppliers: '供应商范围', permissions: '权限', scopes: '权限',
  recipient_path: '收件人来源', dial: '自动程度', external_id: '平台店铺号', settings: '设置',
  platform: '平台', province: '省份', starts_at: '开始', ends_at: '结束', source: '依据',
};

function said(value: unknown, words: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined || value === '') return '（无）';
  if (typeof value === 'boolean') return value ? '是' : '否';
  if (Array.isArray(value)) return value.length === 0 ? '（无）' : value.map((v) => said(v, words)).join('、');
  if (typeof value === 'object') return JSON.stringify(value);
  return words.get(String(value)) ?? String(value);
}

/** Before → after of an entry's data; what is no pair is shown as it is. ``words`` names permissions and settings. */
export function changesOf(data: Readonly<Record<string, unknown>>, words: ReadonlyMap<string, string>): Change[] {
  return Object.entries(data).map(([key, value]) => {
    const name = words.get(key) ?? NAMES[key] ?? key;
    if (Array.isArray(value) && value.length === 2) return { name, before: said(value[0], words), after: said(value[1], words) };
    return { name, before: '', after: said(value, words) };
  });
}
