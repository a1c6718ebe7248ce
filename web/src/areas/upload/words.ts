import type { components } from '@api/schema';
import { count } from '@kit/index';

type Card = Pick<components['schemas']['ShopCard'], 'in_files' | 'uploaded' | 'at_suppliers' | 'left_count'>;

/** Why a shop has nothing to download, and what it waits for. */
export function nothingNew({ in_files: made, uploaded, at_suppliers: away, left_count: left }: Card): string {
  const waits = [
    left > 0 && `${count(left)} 个不能放进文件`,
    made > 0 && `${count(made)} 个在文件里，还没标记上传`,
    uploaded > 0 && `${count(uploaded)} 个等平台确认`,
    away > 0 && `等供应商回单 ${count(away)} 单`,
  ].filter(Boolean);
  return waits.length > 0 ? `没有新的单号：${waits.join('，')}` : '没有新的单号，也没有在等的订单';
}

/** The head of what is under way: what a person has downloaded is told apart from what the platform has. */
export function openWords(reports: readonly { state: string }[]): string {
  const home = reports.filter((r) => r.state === 'in_file').length;
  const told = reports.length - home;
  const parts = [home > 0 && `${count(home)} 个已下载，还没标记上传`, told > 0 && `${count(told)} 个已交给平台，等下一次订单导出确认`];
  return parts.filter(Boolean).join('；');
}
