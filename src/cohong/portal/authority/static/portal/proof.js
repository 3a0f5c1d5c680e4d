// Check an inclusion proof in the reader's own browser, by RFC 9162 (2.1.3.2), with nothing but WebCrypto.
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (array) => Array.from(array, (one) => one.toString(16).padStart(2, "0")).join("");

async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

// Positions can be larger than 32 bits, so they are BigInts.
export async function leadsToRoot({ digest, position, size, path, root }) {
  let at = BigInt(position);
  let last = BigInt(size) - 1n;
  if (at > last) return false;
  let result = await sha256(Uint8Array.of(0), bytes(digest));
  for (const sibling of path) {
    if (last === 0n) return false;
    if (at & 1n || at === last) {
      result = await sha256(Uint8Array.of(1), bytes(sibling), result);
      while (!(at & 1n) && at) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      result = await sha256(Uint8Array.of(1), result, bytes(sibling));
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n && hex(result) === root;
}

async function check(shown) {
  const { digest, position, size, root, path } = shown.dataset;
  const text = document.querySelector("[data-canonical]");
  const own = text === null || hex(await sha256(new TextEncoder().encode(text.textContent))) === digest;
  const holds = own && (await leadsToRoot({ digest, position, size, root, path: path.split(" ").filter(Boolean) }));
  shown.textContent = holds ? (text ? shown.dataset.saysHolds : shown.dataset.saysPath) : shown.dataset.saysFails;
  shown.classList.add(holds ? "holds" : "fails");
  shown.dataset.result = holds ? "holds" : "fails";
  shown.hidden = false;
}

// Without a secure context there is no WebCrypto; then the server's own check stands alone.
if (globalThis.crypto?.subtle) {
  for (const shown of document.querySelectorAll("[data-proof]")) await check(shown);
}
