import { expect, it } from 'vitest';
import { nothingNew, openWords } from './words';

it('says what a shop with nothing to download waits for', () => {
  expect(nothingNew({ in_files: 0, uploaded: 0, at_suppliers: 3, left_count: 0 })).toBe('没有新的单号：等供应商回单 3 单');
  expect(nothingNew({ in_files: 4, uploaded: 2, at_suppliers: 0, left_count: 1 })).toBe('没有新的单号：1 个不能放进文件，4 个在文件里，还没标记上传，2 个等平台确认');
  expect(nothingNew({ in_files: 0, uploaded: 0, at_suppliers: 0, left_count: 0 })).toBe('没有新的单号，也没有在等的订单');
});

it('does not say that the platform has what was only downloaded', () => {
  const [home, told] = [{ state: 'in_file' }, { state: 'uploaded' }];
  expect(openWords([home, home])).toBe('2 个已下载，还没标记上传');
  expect(openWords([home, told])).toBe('1 个已下载，还没标记上传；1 个已交给平台，等下一次订单导出确认');
});
