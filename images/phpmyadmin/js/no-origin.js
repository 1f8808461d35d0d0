/*
 * The page is shown without an origin of its own (Content-Security-Policy: sandbox), so that nothing in it reaches the
 * panel. Such a page has no cookies and no storage; phpMyAdmin gets both from memory, for as long as it is open.
 */
(() => {
  const storage = () => {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => void kept.set(String(key), String(value)),
      removeItem: (key) => void kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (index) => [...kept.keys()][index] ?? null,
      get length() {
        return kept.size;
      },
    };
  };
  for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { value: storage() });
  Object.defineProperty(document, 'cookie', { get: () => '', set: () => undefined });
})();
