/**
 * The page's policy is ``style-src 'self' 'nonce-…'``. The server writes the nonce into a meta tag; components that build
 * style elements by themselves (scroll lock, scroll bar measuring) know nothing of it, so each new style element gets it here.
 */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';

if (nonce) {
  const create = document.createElement.bind(document);
  document.createElement = ((tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (tag.toLowerCase() === 'style') element.setAttribute('nonce', nonce);
    return element;
  }) as typeof document.createElement;
}
