/** Reads what bundle.py wrote: text in the page, packed bytes, and typed arrays with their header. */

/**
 * Unpack text of an element of the page: base64 of gzip.
 * @param {string} text
 * @returns {Promise<ArrayBuffer>} the bytes; rejected where a byte of them was changed, since gzip keeps a checksum
 */
export async function unpacked(text) {
  const letters = atob(text.trim());
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).arrayBuffer();
}

/**
 * Take a bundle apart.
 * @param {ArrayBuffer} buffer
 * @returns {{header: Object, arrays: Object<string, Float64Array|Int32Array>}}
 */
export function opened(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, [kind, at, size]] of Object.entries(header.arrays)) {
    const where = 4 + length + at;
    arrays[name] = kind === "f" ? new Float64Array(buffer, where, size) : new Int32Array(buffer, where, size);
  }
  return { header, arrays };
}
