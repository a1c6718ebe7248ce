import type { components } from '@api/schema';

export type Shop = components['schemas']['ShopListRow'];
export type Platform = components['schemas']['PlatformCardOut'];

/** Where the receivers come from, in plain words. */
export const PATHS: Record<string, { label: string; text: string }> = {
  file: { label: '导出文件里有，或另给一份', text: '订单导出带收件人；没有或脱敏时，再拖一份“单号 + 姓名 + 电话 + 地址”进来合并。缺的会挂起等您。' },
  handover: { label: '在平台后台交给厂家代打', text: '收件人不经过我们：在平台的厂家代打后台分给供应商，这里只按单号跟踪，发给供应商的表里没有地址。' },
};

/** How much happens by itself, in plain words. */
export const DIALS: Record<string, { label: string; text: string }> = {
  manual: { label: '手动', text: '每一批都由您点“派单”。' },
  suggest: { label: '建议', text: '系统备好方案，您看过再点“派单”。' },
  automatic: { label: '自动', text: '没有异常的订单自动派单；接口供应商自动下单，其余供应商仍由您点“发给供应商”。' },
};

/** How files call a shop; ``*`` stands for files that name none. */
export const aliasWords = (alias: string): string => (alias === '*' ? '没写店名的文件' : alias);
