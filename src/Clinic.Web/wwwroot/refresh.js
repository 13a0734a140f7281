// Puts what the server says now into the parts of a page that change, without loading the page again.

/** Asks for this page again and replaces the parts that differ; if there is no answer, they stay as they are. */
export async function refreshParts() {
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => undefined);
  if (!response?.ok) {
    return;
  }
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-part]')) {
    replace(part, fresh.getElementById(part.id));
  }
  for (const figure of document.querySelectorAll('figure.live')) {
    // The tables below a chart; whether they are open stays as it is.
    const [old, now] = [figure, fresh.getElementById(figure.id)].map(at => at?.querySelector('details'));
    if (old && now) {
      now.open = old.open;
      replace(old, now);
    }
  }
}

function replace(old, now) {
  if (now && old.innerHTML !== now.innerHTML && !old.contains(document.activeElement)) {
    old.replaceChildren(...now.childNodes);
  }
}
