// Stand-in for Shopify's App Bridge: what an embedded app may lean on, and no more.
(() => {
  const waiting = new Map();
  let next = 0;
  const ask = (type, detail) => new Promise((resolve, reject) => {
    if (window.parent === window) { reject(new Error("not embedded in the Shopify admin")); return; }
    const id = ++next;
    waiting.set(id, resolve);
    window.parent.postMessage({ sandbox: type, id, ...detail }, "*");
    setTimeout(() => { if (waiting.delete(id)) reject(new Error("the admin did not answer")); }, 5000);
  });
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || !event.data || event.data.sandbox !== "answer") return;
    const resolve = waiting.get(event.data.id);
    waiting.delete(event.data.id);
    if (resolve) resolve(event.data.value);
  });

  const idToken = () => ask("id-token");
  const query = new URLSearchParams(location.search);
  window.shopify = {
    idToken,
    config: {
      apiKey: document.querySelector('meta[name="shopify-api-key"]')?.content,
      host: query.get("host"), shop: query.get("shop"), locale: query.get("locale") || "en",
    },
    toast: { show: (message, options) => { ask("toast", { message, error: Boolean(options?.isError) }).catch(() => {}); return String(next); }, hide: () => {} },
    loading: () => {},
    scopes: { query: async () => ({ granted: [], required: [], optional: [] }) },
    webVitals: { onReport: () => {} },
  };

  const realFetch = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin || request.headers.has("Authorization")) return realFetch(request);
    const send = async () => {
      const copy = request.clone();
      const headers = new Headers(copy.headers);
      headers.set("Authorization", "Bearer " + await idToken());
      headers.set("X-Requested-With", "XMLHttpRequest");
      return realFetch(new Request(copy, { headers }));
    };
    const answer = await send();
    if (answer.status !== 401 || !answer.headers.get("X-Shopify-Retry-Invalid-Session-Request")) return answer;
    return send();
  };

  // A bounce page carries only this script and the address to come back to.
  const reload = query.get("shopify-reload");
  if (reload) {
    const back = new URL(reload, location.origin);
    if (back.origin === location.origin) {
      idToken().then((token) => { back.searchParams.set("id_token", token); location.replace(back); });
    }
  }

  // Links that leave for the admin open in the whole window.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="shopify://admin/"]');
    if (!link) return;
    event.preventDefault();
    ask("navigate", { path: link.getAttribute("href").slice("shopify://admin".length) }).catch(() => {});
  });
})();
