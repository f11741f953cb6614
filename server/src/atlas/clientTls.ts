/** What TLS needs for a connection: authorities to trust, the client's own certificate. Reads files; no network. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as tls from 'node:tls';
import type { AtlasConnection, Secret } from '../protocol';
import { StoreError } from './store';

/**
 * A context for all TLS of a connection; undefined when it names no files and Node's defaults hold. Throws a StoreError that
 * names the file and the setting: 'passphrase' when the key does not open, else 'invalid'.
 */
export async function secureContext(
  { ca, cert, key }: AtlasConnection,
  secret: Secret | undefined,
): Promise<tls.SecureContext | undefined> {
  if (!ca && !cert && !key) return system().length > 0 ? tls.createSecureContext({ ca: trusted() }) : undefined;
  const authorities = ca ? [...trusted(), ...certificatesIn((await read(ca, 'ca')).toString('utf8'), ca)] : trusted();
  const options: tls.SecureContextOptions = { ca: authorities };
  if (secret?.passphrase) options.passphrase = secret.passphrase;
  if (cert && /\.(p12|pfx)$/i.test(cert)) {
    options.pfx = await read(cert, 'cert');
  } else if (cert) {
    options.cert = await read(cert, 'cert');
    options.key = key ? await read(key, 'key') : options.cert;
  } else if (key) {
    throw new StoreError(
      'invalid',
      'The connection names a key and no certificate.',
      'Name the certificate in `cert`.',
    );
  }
  try {
    return tls.createSecureContext(options);
  } catch (error) {
    const isLocked = options.key !== undefined && !opens(options.key as Buffer, options.passphrase);
    throw certificateProblem(error, key ?? cert ?? '', cert ?? '', {
      isLocked,
      hasPassphrase: Boolean(secret?.passphrase),
    });
  }
}

async function read(file: string, setting: string): Promise<Buffer> {
  const path = file.replace(/^~(?=[/\\])/, homedir());
  try {
    return await readFile(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : 'cannot be read';
    throw new StoreError('invalid', `The file ${file} ${reason}.`, `Mend \`${setting}\` of the connection.`);
  }
}

function certificatesIn(text: string, file: string): string[] {
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (found) return found;
  throw new StoreError(
    'invalid',
    `There is no certificate in ${file}.`,
    'Name a PEM file in `ca` of the connection: it begins with -----BEGIN CERTIFICATE-----.',
  );
}

/** Only newer versions of Node have it; it tells what Node trusts by default, and what the operating system does. */
const { getCACertificates } = tls as { getCACertificates?: (type: 'default' | 'system') => string[] };

function system(): string[] {
  return getCACertificates?.('system') ?? [];
}

/** What this machine trusts. A list of one's own replaces Node's, so Node's is part of it. */
function trusted(): string[] {
  return [...new Set([...(getCACertificates?.('default') ?? [...tls.rootCertificates, ...extra()]), ...system()])];
}

/** What the user lets Node trust beside its own list. */
function extra(): string[] {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  if (!file) return [];
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    // as Node does: what is not there is ignored
    return [];
  }
}

/** Whether a key is not protected, or its passphrase opens it. */
function opens(key: Buffer, passphrase: string | undefined): boolean {
  if (!/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(key.toString('latin1'))) return true;
  try {
    createPrivateKey(passphrase === undefined ? { key } : { key, passphrase });
    return true;
  } catch {
    return false;
  }
}

/**
 * What OpenSSL says of a locked key without its passphrase, or with a wrong one, is not always the same: sometimes it only
 * finds that nothing it can read came out. So the key is tried by itself.
 */
function certificateProblem(
  error: unknown,
  key: string,
  cert: string,
  { isLocked, hasPassphrase }: { isLocked: boolean; hasPassphrase: boolean },
): StoreError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const text = `${code} ${message}`;
  const isMismatch = /KEY_VALUES_MISMATCH|key values mismatch/i.test(text);
  if (
    (isLocked && !isMismatch) ||
    /PASSPHRASE|BAD_DECRYPT|bad decrypt|mac verify failure|interrupted or cancelled/i.test(text)
  ) {
    return new StoreError(
      'passphrase',
      hasPassphrase ? `The passphrase does not open ${key}.` : `${key} is protected by a passphrase.`,
      'Connect again and enter it, or set FLINK_SQL_ATLAS_PASSPHRASE.',
      text,
    );
  }
  if (isMismatch) {
    return new StoreError(
      'invalid',
      `The key in ${key} does not belong to the certificate in ${cert}.`,
      'Mend `key` or `cert` of the connection.',
      text,
    );
  }
  if (/UNSUPPORTED/i.test(text)) {
    return new StoreError(
      'invalid',
      `${cert} is protected in a way that is no longer supported.`,
      'Convert it: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW.',
      text,
    );
  }
  return new StoreError(
    'invalid',
    `The certificate in ${cert} or its key cannot be read.`,
    'They must be PEM files, or one PKCS#12 file that ends in .p12 or .pfx.',
    text,
  );
}
