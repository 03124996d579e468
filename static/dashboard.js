// Sends the dashboard's forms without leaving the page and puts the answer in
// the place of the old part. App Bridge adds the session token to fetch; where
// it only offers the token, it is added here.
"use strict";

(() => {
  const main = () => document.getElementById("dashboard");

  async function headers() {
    const sent = { Accept: "text/html" };
    if (window.shopify && typeof window.shopify.idToken === "function") {
      sent.Authorization = "Bearer " + (await window.shopify.idToken());
    }
    return sent;
  }

  function swap(html) {
    const part = new DOMParser().parseFromString(html, "text/html").getElementById("dashboard");
    if (!part) throw new Error("unexpected answer");
    main().replaceWith(part);
    const told = part.querySelector("[data-told]");
    if (told) {
      told.focus({ preventScroll: true });
      told.scrollIntoView({ block: "center" });
    }
  }

  function fail(form, why) {
    let note = form.querySelector("[data-failed]");
    if (!note) {
      note = document.createElement("p");
      note.dataset.failed = "";
      note.className = "note note-critical";
      note.setAttribute("role", "alert");
      form.append(note);
    }
    note.textContent = why;
  }

  async function post(form, body) {
    return fetch(form.action, { method: "POST", headers: await headers(), body });
  }

  async function send(form, submitter) {
    const body = new URLSearchParams(new FormData(form, submitter));
    let answer = await post(form, body);
    if (answer.status === 401 && answer.headers.get("X-Shopify-Retry-Invalid-Session-Request")) answer = await post(form, body);
    const text = await answer.text();
    const page = (answer.headers.get("Content-Type") || "").startsWith("text/html");
    if (page && (answer.ok || answer.status === 422)) return swap(text);
    throw new Error(page ? "" : text);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-swap]")) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    send(form, event.submitter)
      .catch((problem) => fail(form, "That did not work. " + (problem.message || "Reload the page and try again.")))
      .finally(() => form.removeAttribute("aria-busy"));
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    field.focus();
    field.select();
    const done = () => {
      button.textContent = "Copied";
    };
    const byHand = () => {
      button.textContent = document.execCommand("copy") ? "Copied" : "Press Ctrl+C";
    };
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, byHand);
    else byHand();
  });
})();
