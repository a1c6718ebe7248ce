import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface KeyBinding {
  /** As ``nameOf`` calls it: letters in lower case, ``ArrowDown``, ``F8``, ``Ctrl f``. */
  key: string;
  /** Other keys that do the same. */
  also?: readonly string[];
  /** What it does, for the help sheet. */
  label: string;
  run: () => void;
}

/** The key that stands for a screen's one primary action, and those of a list's batch actions in their order. Left out are
 * those a browser keeps for itself. */
export const MAIN_KEY = 'F8';
export const MORE_KEYS: readonly string[] = ['F2', 'F4', 'F9', 'F10'];

type Layer = { current: readonly KeyBinding[] };

let layers: readonly Layer[] = [];
let shown: readonly KeyBinding[] = [];
const watchers = new Set<() => void>();

function changed(next: readonly Layer[]): void {
  layers = next;
  const seen = new Map<string, KeyBinding>();
  for (const layer of layers) for (const binding of layer.current) seen.set(binding.key, binding);
  shown = [...seen.values()];
  watchers.forEach((tell) => tell());
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** What a key press is called in a binding; '' for what is never bound. */
export function nameOf({ key, ctrlKey, metaKey, altKey }: Pressed): string {
  if (altKey) return '';
  const name = key.length === 1 ? key.toLowerCase() : key;
  return ctrlKey || metaKey ? `Ctrl ${name}` : name;
}

const SHOWN: Readonly<Record<string, string>> = { ArrowDown: '↓', ArrowUp: '↑', ' ': '空格', Escape: 'Esc' };

/** How a key is written for a person. */
export const shownAs = (name: string): string =>
  SHOWN[name] ?? (name.length === 1 ? name.toUpperCase() : name.replace(/^Ctrl (.)$/, (_, letter: string) => `Ctrl ${letter.toUpperCase()}`));

/** The binding that a key runs: those of later layers win. */
export function bindingOf(stack: readonly (readonly KeyBinding[])[], name: string): KeyBinding | undefined {
  for (const layer of [...stack].reverse()) {
    const found = layer.find((b) => b.key === name || b.also?.includes(name));
    if (found) return found;
  }
  return undefined;
}

/** Where a person writes: no key is taken from there. */
const TYPING = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true], .ant-select';
/** What does something of its own on Enter or Space … */
const PRESSED = 'button, a, summary, label, input, [role=button], [role=tab], [role=switch], [role=checkbox]';
/** … and on arrows; in an open drawer they and Space scroll. */
const MOVED = 'input[type=radio], [role=tab], [role=menu], [role=menuitem], [role=listbox], [role=radiogroup], [role=slider], .ant-dropdown, .ant-drawer';

/** Whether whatever has the focus needs this key itself. ``within`` asks for the nearest that fits a selector. */
export function keepsKey(name: string, within: (selector: string) => boolean): boolean {
  if (within(TYPING)) return true;
  if (name === 'Enter' || name === ' ') return within(PRESSED) || (name === ' ' && within('.ant-drawer'));
  return (name === 'ArrowDown' || name === 'ArrowUp') && within(MOVED);
}

/** Something lies over the screen and hides what the keys would act on. */
const COVERED = '.ant-modal-wrap:not([style*="none"]), .ant-drawer-open .ant-drawer-mask';

function onKeyDown(event: KeyboardEvent): void {
  const name = nameOf(event);
  if (!name || event.isComposing || event.defaultPrevented) return;
  const target = event.target instanceof Element ? event.target : null;
  // Out of the search box, so that the arrows are the list's again.
  if (name === 'Escape' && target instanceof HTMLElement && target.closest('[data-search]')) return target.blur();
  if (keepsKey(name, (selector) => target?.closest(selector) != null)) return;
  if (name !== '?' && document.querySelector(COVERED)) return;
  const found = bindingOf(layers.map((l) => l.current), name);
  if (!found) return;
  event.preventDefault();
  found.run();
}

/** Bind keys while this component is on screen; later layers win. Typing in a field never triggers them. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const layer = useRef<readonly KeyBinding[]>(bindings);
  layer.current = bindings;
  const signature = bindings.map((b) => b.key + b.label).join('|');
  useEffect(() => {
    if (layers.length === 0) window.addEventListener('keydown', onKeyDown);
    changed([...layers, layer]);
    return () => {
      changed(layers.filter((l) => l !== layer));
      if (layers.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, [signature]);
}

/** All keys that work right now, for the help sheet. */
export function useShownKeys(): readonly KeyBinding[] {
  return useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => shown,
  );
}

/** Put the cursor into the search box of the screen. */
export function focusSearch(): void {
  const box = document.querySelector<HTMLInputElement>('[data-search] input, input[data-search]');
  box?.focus();
  box?.select();
}
