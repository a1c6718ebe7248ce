import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface KeyBinding {
  /** As in KeyboardEvent.key; letters in lower case. */
  key: string;
  /** What it does, for the help sheet. */
  label: string;
  run: () => void;
}

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

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable=true], .ant-select') !== null;
}

const onControl = (target: EventTarget | null, key: string): boolean =>
  (key === 'Enter' || key === ' ') && target instanceof HTMLElement && target.closest('button, a, [role=button]') !== null;

function onKeyDown(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (isTyping(event.target) || onControl(event.target, event.key)) return;
  if (document.querySelector('.ant-modal-wrap:not([style*="none"])')) return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  for (const layer of [...layers].reverse()) {
    const found = layer.current.find((b) => b.key === pressed);
    if (found) {
      event.preventDefault();
      found.run();
      return;
    }
  }
}

/** Bind single keys while this component is on screen; later layers win. Typing in a field never triggers them. */
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
